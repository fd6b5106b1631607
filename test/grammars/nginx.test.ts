import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, type Directive } from '../../grammars/nginx/index.js'
import { maximumDepth, maximumLength, print } from '../../grammars/tree.js'
import { lineStarts, positionAt } from '../../src/diagnostics/index.js'

type Shape = string | readonly [string, readonly Shape[]]

/** A directive as its words, and its inside. */
function shape(directive: Directive): Shape {
  const words = [directive.name, ...directive.args].map(({ value }) => value).join('|')
  return directive.body.kind === 'block' ? [words, directive.body.statements.map(shape)] : words
}

function shapes(text: string): readonly Shape[] {
  return parse('a.conf', text).body.map(shape)
}

function problems(text: string): readonly string[] {
  const tree = parse('a.conf', text)
  const starts = lineStarts(text)
  return tree.diagnostics.map(({ code, span }) => `${positionAt(starts, span?.start ?? 0).line} ${code}`)
}

describe('words', () => {
  test.each([
    ['a space, tab or line end ends a word', 'a b\tc\r\nd;', ['a|b|c|d']],
    ['a closing brace inside a word is an ordinary character', 'a b}c;', ['a|b}c']],
    ['a number sign begins a comment only at the start of a word', 'a b#c # d\n;', ['a|b#c']],
    ['a quote counts only at the start of a word', 'a b"c d\'e;', ['a|b"c|d\'e']],
    ['a quoted word holds terminators and line ends', 'a "b;{}#\n c";', ['a|b;{}#\n c']],
    ['a quoted word may be followed by a closing parenthesis', 'if ($a = "b") { }', [['if|($a|=|b|)', []]]],
    ['a quoted word may be followed by a brace', 'location "/a"{ }', [['location|/a', []]]],
    ['known escapes give their character', String.raw`a \"b\\c\td\'e;`, ['a|"b\\c\td\'e']],
    ['other backslashes stay', String.raw`a \.php \q\x41\$;`, [String.raw`a|\.php|\q\x41\$`]],
    [
      'an escaped terminator ends nothing and keeps its backslash',
      String.raw`a b\ c d\;e f\{g\};`,
      [String.raw`a|b\ c|d\;e|f\{g\}`]
    ],
    ['a brace behind a dollar sign belongs to the word', 'a ${b}c;', ['a|${b}c']],
    [
      'a regular expression swallows the brace behind its dollar sign',
      'location ~ \\.php${ a; }',
      ['location|~|\\.php${|a']
    ],
    ['a brace behind a variable begins the block', 'map $a{ b c; }', [['map|$a', ['b|c']]]],
    [
      'a bare brace in a regular expression begins the block',
      'location ~ a{2} { b; }',
      [['location|~|a', [['2}', ['b']]]]]
    ],
    [
      'a whole configuration may stand on one line',
      'events{}http{server{listen 80;}}',
      [
        ['events', []],
        ['http', [['server', ['listen|80']]]]
      ]
    ],
    ['a byte order mark belongs to the first word', '\ufeffa b;', ['\ufeffa|b']]
  ] as const)('%s', (_name, text, expected) => {
    expect(shapes(text)).toEqual(expected)
  })
})

describe('Lua blocks', () => {
  test.each([
    ['braces', '{ a = {b = {}}; c() }'],
    ['braces in strings', `{ a = "}" .. '}' .. "\\"}" }`],
    ['braces in comments', '{ -- }\n --[[ } ]] --[==[ }\n]] ]==] a() }'],
    ['braces in long strings', '{ a = [[}]] .. [=[ ]] } ]=] }'],
    ['an index that is no long bracket', '{ a[b[1]] = c[=] }']
  ])('%s do not end a Lua block', (_name, code) => {
    const text = `set_by_lua_block $x ${code}\nb;`
    const tree = parse('a.conf', text)
    const [first, second] = tree.body
    expect(tree.diagnostics).toEqual([])
    expect(first?.body.kind).toBe('code')
    expect(first?.body.kind === 'code' && text.slice(first.body.start, first.body.end)).toBe(code)
    expect(second?.name.value).toBe('b')
  })
})

test.each([
  'listen 80 default_server;',
  'add_header X "a; b" always;',
  "return 200 'it\\'s';",
  'location ~ "\\.php$" { }',
  'set $a ${b}c;',
  'location ~ \\.php${ a; }',
  'content_by_lua_block { a = {} }'
])('a comment before the terminator changes nothing else: %s', (text) => {
  const terminator = /\s*(?:;|(?<!\$)\{)(?=[^"]*$)/
  expect(shapes(text.replace(terminator, ' # a\n$&'))).toEqual(shapes(text))
})

describe('comments', () => {
  test('stay with the directive before which, behind which, or in which they stand', () => {
    const tree = parse(
      'a.conf',
      '# one\n\n# two\na b; # three\nc # four\n d;\ne { # five\n f; # six\n # seven\n} # eight\n# nine'
    )
    const texts = tree.body.map(({ comments }) => [
      comments.before.map(({ text }) => text),
      comments.behind?.text
    ])
    expect(texts).toEqual([
      [['# one', '# two'], '# three'],
      [['# four'], undefined],
      [[], '# eight']
    ])
    const block = tree.body[2]?.body
    expect(block?.kind === 'block' && block.dangling.map(({ text }) => text)).toEqual(['# seven'])
    expect(block?.kind === 'block' && block.statements[0]?.comments).toMatchObject({
      before: [{ text: '# five' }],
      behind: { text: '# six' }
    })
    expect(tree.dangling.map(({ text }) => text)).toEqual(['# nine'])
  })
})

describe('syntax errors', () => {
  test.each([
    [
      'a missing semicolon before a brace',
      'a {\n b c\n}\nd;',
      ['2 syntax/missing-semicolon'],
      [['a', ['b|c']], 'd']
    ],
    ['a missing semicolon at the end', 'a;\nb c', ['2 syntax/missing-semicolon'], ['a', 'b|c']],
    ['a brace too many', 'a { b; }\n}\nc;', ['2 syntax/unexpected-brace'], [['a', ['b']], 'c']],
    ['a brace without a name', 'a {\n {\n b; }\n}\nc;', ['2 syntax/unexpected-brace'], [['a', ['b']], 'c']],
    [
      'a brace in a word list',
      'map a b {\n c { d; }\n}',
      ['2 syntax/unexpected-brace'],
      [['map|a|b', [['c', ['d']]]]]
    ],
    ['a block never closed', 'a {\n b {\n c; }\n', ['1 syntax/unclosed-block'], [['a', [['b', ['c']]]]]],
    [
      'a Lua block never closed',
      'a;\ninit_by_lua_block { "\n',
      ['2 syntax/unclosed-block'],
      ['a', 'init_by_lua_block']
    ],
    ['a quote never closed', 'a;\nb "c;\nd;', ['2 syntax/unclosed-quote'], ['a', 'b|c;\nd;']],
    ['text behind a quote', 'a "b"c;\nd;', ['1 syntax/text-after-quote'], ['a|b|c', 'd']],
    ['a comment behind a quote', 'a "b"#c\n;\nd;', ['1 syntax/text-after-quote'], ['a|b', 'd']],
    [
      'a stray semicolon',
      'a { b; };\nc;;;\nd;',
      ['1 syntax/unexpected-semicolon', '2 syntax/unexpected-semicolon'],
      [['a', ['b']], 'c', 'd']
    ],
    ['a word of 4096 bytes', `a;\nb ${'x'.repeat(4096)};`, ['2 syntax/too-long'], undefined],
    [
      'a word of 4096 bytes, not characters',
      `a;\nb ${'\u00e9'.repeat(2048)};`,
      ['2 syntax/too-long'],
      undefined
    ],
    ['a comment of 4096 bytes', `a;\n#${'x'.repeat(4095)}\nb;`, ['2 syntax/too-long'], ['a', 'b']]
  ] as const)('%s is reported where it is, and the rest is read', (_name, text, expected, read) => {
    expect(problems(text)).toEqual(expected)
    if (read !== undefined) expect(shapes(text)).toEqual(read)
  })

  test.each([
    ['a word of 4095 bytes', `a ${'x'.repeat(4095)};`],
    ['a directive longer than that', `a${' word'.repeat(2000)};`],
    ['an empty file', ''],
    ['a file of comments', '# a\n#b']
  ])('%s is none', (_name, text) => {
    expect(problems(text)).toEqual([])
  })

  test('names the block whose closing brace stands too far left as the likely cause', () => {
    const tree = parse('a.conf', 'http {\n    server {\n        location / {\n            a;\n    }\n}\n')
    expect(tree.diagnostics[0]?.related?.[1]?.span).toMatchObject({ start: 28, end: 38 })
  })

  test('are counted only so far', () => {
    expect(parse('a.conf', '; '.repeat(5000)).diagnostics.at(-1)?.code).toBe('syntax/too-many-errors')
  })
})

describe('hostile input', () => {
  const count = 60_000
  test.each([
    'a',
    '{',
    '}',
    ';',
    '"',
    '#',
    '$',
    '\\',
    '\n',
    ' ',
    'a{',
    'a;',
    '} ',
    '; ',
    '"" ',
    '${',
    'x_by_lua_block{'
  ])('a long run of %j prints back', (piece) => {
    const text = piece.repeat(count / piece.length)
    expect(print(parse('a.conf', text)) === text).toBe(true)
  })

  test('blocks deeper than the limit are reported once and not read further', () => {
    const text = `${'a { '.repeat(100_000)}b;${'}'.repeat(100_000)} c;`
    const tree = parse('a.conf', text)
    expect(print(tree) === text).toBe(true)
    expect(tree.diagnostics.map(({ code }) => code)).toEqual(['syntax/too-deep'])
    expect(tree.body.map(({ name }) => name.value)).toEqual(['a', 'c'])
    let depth = 0
    for (let at: Directive | undefined = tree.body[0]; at !== undefined; depth++) {
      at = at.body.kind === 'block' ? at.body.statements[0] : undefined
    }
    expect(depth).toBe(maximumDepth + 1)
  })

  test.each([
    ['a file over the limit', ' '.repeat(maximumLength + 1)],
    ['a file of millions of words', 'a '.repeat(4_000_001)]
  ])('%s is not read', (_name, text) => {
    const tree = parse('a.conf', text)
    expect(tree.diagnostics.map(({ code }) => code)).toEqual(['syntax/too-large'])
    expect(tree.tokens).toHaveLength(1)
  })
})

describe('laws', () => {
  const pieces = fc.constantFrom(
    ' ',
    '\n',
    '\r\n',
    '\t',
    ';',
    '{',
    '}',
    '#',
    '"',
    "'",
    '\\',
    '$',
    '${',
    'a',
    'location',
    '~',
    '= /x',
    '\\.php$',
    '# c\n',
    'set_by_lua_block $a {',
    '--[[',
    ']]',
    '\ufeff',
    '\udc80',
    '\u00e9',
    'map $a $b {',
    'include x;',
    'server {',
    '}\n',
    ') '
  )
  const word = fc.oneof(
    fc.constantFrom(
      'root',
      '/srv',
      '$document_root$fastcgi_script_name',
      '"a b"',
      "'x;{}'",
      '~',
      '\\.php$',
      '${a}',
      'a\\ b'
    ),
    fc.stringMatching(/^[a-z_/.$]{1,8}$/)
  )
  const { block } = fc.letrec<{ block: string }>((tie) => ({
    block: fc
      .array(
        fc.oneof(
          { maxDepth: 4 },
          fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `${words.join(' ')};\n`),
          fc.constant('# note\n'),
          fc
            .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), tie('block'))
            .map(([words, inside]) => `${words.join(' ')} {\n${inside}}\n`)
        ),
        { maxLength: 5 }
      )
      .map((parts) => parts.join(''))
  }))
  const mutated = fc.tuple(block, fc.nat(), fc.nat({ max: 4 }), pieces).map(([text, where, removed, put]) => {
    const at = text.length === 0 ? 0 : where % text.length
    return text.slice(0, at) + put + text.slice(at + removed)
  })

  function inside(directives: readonly Directive[], start: number, end: number): boolean {
    let last = start
    return directives.every((directive) => {
      const fits = directive.start >= last && directive.end <= end && directive.headEnd <= directive.end
      last = directive.end
      return (
        fits &&
        (directive.body.kind !== 'block' ||
          inside(directive.body.statements, directive.body.start, directive.body.end))
      )
    })
  }

  function holds(text: string): void {
    const tree = parse('a.conf', text)
    expect(print(tree)).toBe(text)
    let at = 0
    for (const token of tree.tokens) {
      expect(token.start).toBe(at)
      expect(token.end).toBeGreaterThan(token.start)
      at = token.end
    }
    expect(at).toBe(text.length)
    expect(inside(tree.body, 0, text.length)).toBe(true)
    for (const { span } of tree.diagnostics) expect(span !== undefined && span.end <= text.length).toBe(true)
  }

  test('any pieces in any order print back', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
        holds
      ),
      { numRuns: 1300, seed: 1 }
    )
  })

  test('well-formed text has no syntax error and prints back', () => {
    fc.assert(
      fc.property(block, (text) => {
        holds(text)
        expect(parse('a.conf', text).diagnostics).toEqual([])
      }),
      { numRuns: 700, seed: 2 }
    )
  })

  test('mutated text prints back', () => {
    fc.assert(fc.property(mutated, holds), { numRuns: 1300, seed: 3 })
  })
})
