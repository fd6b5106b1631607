import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../grammars/lighttpd/index.js'
import type { Element, Expression, LighttpdTree, Statement } from '../../grammars/lighttpd/index.js'
import { maximumDepth, maximumLength, print } from '../../grammars/tree.js'
import { lineStarts, positionAt } from '../../src/diagnostics/index.js'

/** The tree in a few words, to be compared with what the server prints for the same text (`lighttpd -p`). */
function outline(tree: LighttpdTree): string {
  return tree.body.map(statement).join(' ; ')

  function statement(node: Statement): string {
    switch (node.kind) {
      case 'assignment':
        return `${node.name.text} ${node.operator} ${expression(node.value)}`
      case 'include':
        return `${node.how === 'file' ? 'include' : 'include_shell'} ${expression(node.argument)}`
      case 'global':
        return `global { ${node.body.map(statement).join(' ; ')} }`
      case 'conditions':
        return node.branches
          .map(({ condition, body }) => {
            const head =
              condition === undefined
                ? 'else'
                : `${condition.object.text}[${expression(condition.field)}] ${condition.operator} ${expression(condition.value)}`
            return `${head} { ${body.map(statement).join(' ; ')} }`
          })
          .join(' else ')
          .replaceAll('else else', 'else')
    }
  }

  function expression({ terms }: Expression): string {
    return terms
      .map((term) => {
        switch (term.kind) {
          case 'string':
            return JSON.stringify(term.text)
          case 'integer':
            return term.digits
          case 'name':
            return term.text
          case 'list':
            return `(${term.elements.map(element).join(', ')})`
        }
      })
      .join(' + ')
  }

  function element({ key, value }: Element): string {
    return key === undefined ? expression(value) : `${expression(key)} => ${expression(value)}`
  }
}

const codes = (tree: LighttpdTree): readonly string[] => {
  const starts = lineStarts(tree.text)
  return tree.diagnostics.map(({ code, span }) => `${positionAt(starts, span?.start ?? 0).line} ${code}`)
}

describe('what the server accepts is read as the server reads it', () => {
  test.each([
    ['an empty file', '', ''],
    [
      'names, texts and numbers',
      'server.port = 80\nserver.tag = "x"\n',
      'server.port = 80 ; server.tag = "x"'
    ],
    ['two statements on one line', 'a.b = 1 c.d := 2\n', 'a.b = 1 ; c.d := 2'],
    ['a value on the line after the operator', 'a.b =\n  1\n', 'a.b = 1'],
    ['a comment inside a list', 'a.b = ( "x", # one\n "y" )\n', 'a.b = ("x", "y")'],
    ['a text over several lines', 'a.b = "x\ny"\n', 'a.b = "x\\ny"'],
    ['the one escape', 'a.b = "q\\"\\\\.\\n"\n', 'a.b = "q\\"\\\\\\\\.\\\\n"'],
    ['leading, doubled and trailing commas', 'a.b = ( , "x",, "y", )\n', 'a.b = ("x", "y")'],
    ['keys, and both kinds of elements mixed', 'a.b = ( "k" => 1, "v" )\n', 'a.b = ("k" => 1, "v")'],
    ['sums', 'a.b += x + "y" + ( 1 )\n', 'a.b += x + "y" + (1)'],
    ['a comma outside parentheses', 'a.b = "x",\nc.d = 1\n', 'a.b = "x" ; c.d = 1'],
    ['a number glued to a name', 'a.b = 0x10\nc.d = 1\n', 'a.b = 0 ; x10 = 1'],
    ['a condition', '$HTTP["host"] == "a" { a.b = 1 }\n', 'HTTP["host"] == "a" { a.b = 1 }'],
    ['a brace on the next line', '$HTTP["url"] =^ "/x"\n{\na.b = 1\n}\n', 'HTTP["url"] =^ "/x" { a.b = 1 }'],
    [
      'an else behind comments and empty lines',
      '$HTTP["host"] == "a" { a.b = 1 }\n\n# why\n\nelse $HTTP["url"] =~ "b" { } else { c.d = 2 }\n',
      'HTTP["host"] == "a" { a.b = 1 } else HTTP["url"] =~ "b" {  } else { c.d = 2 }'
    ],
    [
      'blocks in blocks',
      '$HTTP["a"] != "b" { $HTTP["c"] =$ "d" { } }\n',
      'HTTP["a"] != "b" { HTTP["c"] =$ "d" {  } }'
    ],
    [
      'global and includes',
      'global { include "x" + y\n }\ninclude_shell "ls"\n',
      'global { include "x" + y } ; include_shell "ls"'
    ],
    ['lines that end in CR', 'a.b = 1\rc.d = 2\r', 'a.b = 1 ; c.d = 2'],
    ['no-break spaces between words', 'a.b\u00a0= 1\n', 'a.b = 1'],
    ['what follows a NUL is not read', 'a.b = 1\n\0c.d = 2\n', 'a.b = 1']
  ])('%s', (_name, text, expected) => {
    const tree = parse('a.conf', text)
    expect(codes(tree)).toEqual([])
    expect(outline(tree)).toBe(expected)
  })
})

describe('what does not fit is dropped as the server drops it, and kept as a node', () => {
  test.each([
    ['a missing comma', 'a.b = ( "a" "b", "c" )\n', 'a.b = ("a", "c")', ['list "b"']],
    [
      'a missing comma before a pair',
      'a.b = ( "k" => "v" "k2" => "v2", "k3" => "v3" )\n',
      'a.b = ("k" => "v", "k3" => "v3")',
      ['list "k2" => "v2"']
    ],
    [
      'a missing comma before a list: its end closes the outer one',
      'a.b = ( "x" => (1) "y" => ( "k2" => "v2" ), "z" => "1" )\n',
      'a.b = ("x" => (1))',
      ['list "y" => ( "k2" => "v2"', 'statements , "z" => "1" )']
    ],
    ['a doubled operator', 'a.b == 1\n', 'a.b = 1', ['value =']],
    ['a second value', 'a.b = 1 "w"\n', 'a.b = 1', ['statements "w"']],
    ['a text alone', '"x"\na.b = 1\n', 'a.b = 1', ['statements "x"']],
    ['a brace too many', 'a.b = 1\n}\nc.d = 2\n', 'a.b = 1 ; c.d = 2', ['statements }']],
    ['brackets as a list', 'a.b = [ "a", "b" ]\n', 'a.b = "a"', ['value [', 'statements "b" ]']],
    [
      'elseif is a name',
      '$HTTP["a"] == "b" { }\nelseif $HTTP["c"] == "d" { a.b = 1\nc.d = 2 }\n',
      'HTTP["a"] == "b" {  } ; elseif = 1 ; c.d = 2',
      ['operator $HTTP["c"] == "d" { a.b', 'statements }']
    ],
    [
      'an else behind a statement',
      '$HTTP["a"] == "b" { }\na.b = 1\nelse { c.d = 2 }\n',
      'HTTP["a"] == "b" {  } ; a.b = 1 ; c.d = 2',
      ['statements else {', 'statements }']
    ]
  ])('%s', (_name, text, expected, dropped) => {
    const tree = parse('a.conf', text)
    expect(codes(tree)).toEqual([])
    expect(outline(tree)).toBe(expected)
    expect(tree.dropped.map(({ place, start, end }) => `${place} ${text.slice(start, end)}`)).toEqual(dropped)
  })
})

describe('what the server refuses is told where it stands, and the rest is read', () => {
  test.each([
    ['single quotes', "a.b = 'x'\nc.d = 1\n", ['1 syntax/unexpected-character']],
    ['a semicolon', 'a.b = "x";\nc.d = 1\n', ['1 syntax/unexpected-character']],
    ['a byte order mark', '\ufeffa.b = 1\nc.d = 1\n', ['1 syntax/unexpected-character']],
    ['a lone colon', 'a.b : 1\nc.d = 1\n', ['1 syntax/unexpected-character']],
    ['= in a list', 'a.b = ( "k" = "v" )\nc.d = 1\n', ['1 syntax/equals-in-list']],
    ['a list that is not closed', 'a.b = ( "k" => "v"\nc.d = 1\n', ['2 syntax/unclosed-list']],
    ['a parenthesis too many', 'a.b = ( "x" ))\nc.d = 1\n', ['1 syntax/unexpected-closing']],
    ['= in a condition', '$HTTP["host"] = "a" { }\nc.d = 1\n', ['1 syntax/condition']],
    ['a name as field', '$HTTP[host.x] == "a" { }\nc.d = 1\n', ['1 syntax/condition']],
    ['an exclamation mark', 'a.b = !x\nc.d = 1\n', ['1 syntax/unexpected-character']]
  ])('%s', (_name, text, expected) => {
    const tree = parse('a.conf', text)
    expect(codes(tree)).toEqual(expected)
    expect(outline(tree)).toContain('c.d = 1')
  })

  test.each([
    ['a text that is not closed', 'a.b = 1\nc.d = "x\n', ['2 syntax/unclosed-string']],
    ['a backslash before the closing quote', 'a.b = "C:\\"\n', ['1 syntax/unclosed-string']],
    ['a block that is not closed', '$HTTP["a"] == "b" {\nc.d = 1\n', ['1 syntax/unclosed-block']],
    ['a list at the end that is not closed', 'a.b = (\n"x"\n', ['1 syntax/unclosed-list']],
    ['a name as the very last thing', 'a.b = x', ['1 syntax/unexpected-end']],
    ['an assignment without a value', 'a.b =\n', ['1 syntax/unexpected-end']],
    ['a condition without a block', '$HTTP["a"] == "b"\n', ['1 syntax/unexpected-end']]
  ])('%s', (_name, text, expected) => {
    expect(codes(parse('a.conf', text))).toEqual(expected)
  })
})

describe('comments belong to the statement or element that they stand before or behind', () => {
  const tree = parse(
    'a.conf',
    '# first\n# second\na.b = ( # open\n  "x", # behind x\n  # before y\n  "y" # behind y\n  # last\n) # behind\n$HTTP["a"] == "b" {\n  c.d = 1\n  # dangling\n}\n# end\n'
  )
  const assignment = tree.body[0]

  test('of a statement', () => {
    expect(assignment?.kind === 'assignment' && assignment.comments).toMatchObject({
      before: [{ text: '# first' }, { text: '# second' }],
      behind: { text: '# behind' }
    })
  })

  test('of the elements of a list', () => {
    const list = assignment?.kind === 'assignment' ? assignment.value.terms[0] : undefined
    expect(list?.kind === 'list' && list.elements.map(({ comments }) => comments)).toMatchObject([
      { before: [{ text: '# open' }], behind: { text: '# behind x' } },
      { before: [{ text: '# before y' }], behind: { text: '# behind y' } }
    ])
    expect(list?.kind === 'list' && list.dangling).toMatchObject([{ text: '# last' }])
  })

  test('those before nothing stay with the block or the file', () => {
    const conditions = tree.body[1]
    expect(conditions?.kind === 'conditions' && conditions.branches[0]?.dangling).toMatchObject([
      { text: '# dangling' }
    ])
    expect(tree.dangling).toMatchObject([{ text: '# end' }])
  })
})

/** Pieces of the language, well and badly put together. */
const piece = fc.constantFrom(
  ...[
    'server.port',
    'fastcgi.server',
    'x',
    'else',
    'global',
    'include ',
    'include_shell ',
    '$HTTP',
    '$SERVER'
  ],
  ...[
    '["host"]',
    '["socket"]',
    '=',
    '==',
    '=~',
    '!~',
    '=^',
    '=$',
    '!=',
    '+=',
    ':=',
    '=>',
    '+',
    ',',
    '(',
    ')',
    '((',
    '))'
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"a"',
    '".php"',
    '"a\\"b"',
    '"',
    '\\',
    '80',
    '# c',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    '\u00a0'
  ],
  ...["'", ';', '!', ':', '/', 'é', '\udc80', '\ud83d\ude00', '\0', '$', '\ufeff', '-', '.']
)

const valid = [
  'server.document-root = "/var/www"\nserver.port = 80\n',
  'fastcgi.server += ( ".php" => ((\n  "socket" => "/run/php.sock", # one\n  "check-local" => "disable"\n)) )\n',
  '$HTTP["host"] =~ "^a\\." {\n  server.name = x + "b"\n} else {\n  include "c.conf"\n}\n'
]

const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(200), fc.nat(4), piece), { maxLength: 5 }))
  .map(([text, edits]) =>
    edits.reduce((now, [at, remove, insert]) => now.slice(0, at) + insert + now.slice(at + remove), text)
  )

test('printing the tree gives the text back, whatever it is', () => {
  const generated = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.oneof(generated, mutated, fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
      const tree = parse('a.conf', text)
      expect(print(tree)).toBe(text)
      for (const { span } of tree.diagnostics) expect(span?.end).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 3400 }
  )
})

describe('hostile files come to an end', () => {
  const megabyte = 1 << 20
  test.each(['(', '{', '"', '$', '#', '\n', 'a', '=', '!', '\\"', '( ', '{ ', 'a=(', '$HTTP["a"]=="b"{'])(
    'a megabyte of %j',
    (unit) => {
      const text = unit.repeat(Math.ceil(megabyte / unit.length / 4))
      expect(print(parse('a.conf', text))).toBe(text)
    }
  )

  test('nesting beyond the limit is told once, and the rest is kept as text', () => {
    const text = `a.b = ${'('.repeat(100_000)}\n`
    const tree = parse('a.conf', text)
    expect(codes(tree)).toEqual(['1 syntax/too-deep'])
    expect(print(tree)).toBe(text)
  })

  test('nesting within the limit is read', () => {
    const depth = maximumDepth - 1
    expect(codes(parse('a.conf', `a.b = ${'('.repeat(depth)}${')'.repeat(depth)}\n`))).toEqual([])
  })

  test('a file larger than the server reads is refused as a whole', () => {
    const text = 'a'.repeat(maximumLength + 1)
    expect(codes(parse('a.conf', text))).toEqual(['1 syntax/too-large'])
  })
})
