import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../../grammars/lighttpd/index.js'
import type { Expression, Statement } from '../../../grammars/lighttpd/index.js'
import { reportDropped } from '../../../src/dialects/lighttpd/dropped.js'
import { Problems } from '../../../src/dialects/lighttpd/problems.js'
import type { Diagnostic, Fix } from '../../../src/diagnostics/index.js'

function found(text: string): readonly Diagnostic[] {
  const problems = new Problems()
  reportDropped(parse('f.conf', text), problems)
  return problems.list
}

function fixed(text: string, fixes: readonly Fix[]): string {
  const edits = fixes.flatMap((fix) => fix.edits).sort((a, b) => b.span.start - a.span.start)
  return edits.reduce(
    (all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end),
    text
  )
}

/** What the statements say, without where. */
function meaning(body: readonly Statement[]): unknown {
  return body.map((statement) => {
    if (statement.kind === 'assignment')
      return [statement.name.text, statement.operator, value(statement.value)]
    if (statement.kind === 'include') return [statement.how, value(statement.argument)]
    if (statement.kind === 'global') return ['global', meaning(statement.body)]
    return statement.branches.map(({ condition, body: inner }) => [
      condition && [condition.object.text, condition.operator, value(condition.value)],
      meaning(inner)
    ])
  })
}

function value({ terms }: Expression): unknown {
  return terms.map((term) => {
    if (term.kind !== 'list') return term.kind === 'integer' ? term.digits : term.text
    return term.elements.map((element) => [element.key && value(element.key), value(element.value)])
  })
}

interface Case {
  readonly name: string
  readonly text: string
  readonly code: string
  /** The piece of the text that is blamed. */
  readonly at: string
  readonly fixed: string
  readonly safety?: Fix['safety']
}

const cases: readonly Case[] = [
  {
    name: 'a comma between keys',
    text: 'a.b = ( "k" => "v" "k2" => "v2", "k3" => "v3" )\n',
    code: 'missing-comma',
    at: '"k2" => "v2"',
    fixed: 'a.b = ( "k" => "v", "k2" => "v2", "k3" => "v3" )\n'
  },
  {
    name: 'a comma at the end of a line, before a comment',
    text: 'a.b = ( "a" # first\n  "b" )\n',
    code: 'missing-comma',
    at: '"b"',
    fixed: 'a.b = ( "a", # first\n  "b" )\n'
  },
  {
    name: 'a comma, or a plus, between two values on one line',
    text: 'a.b = ( "a" "b", "c" )\n',
    code: 'missing-comma',
    at: '"b"',
    fixed: 'a.b = ( "a", "b", "c" )\n',
    safety: 'unsafe'
  },
  {
    name: 'a comma before a list, whose brackets are lost with it',
    text: 'a.b = ( "x" => ( "k" => "v" ) "y" => ( "k2" => "v2", "k3" => "v3" ) )\n',
    code: 'missing-comma',
    at: '"y" => ( "k2" => "v2"',
    fixed: 'a.b = ( "x" => ( "k" => "v" ), "y" => ( "k2" => "v2", "k3" => "v3" ) )\n'
  },
  {
    name: 'a list in brackets',
    text: 'a.b = [ "a", "b" ]\nc.d = 1\n',
    code: 'wrong-brackets',
    at: '[',
    fixed: 'a.b = ( "a", "b" )\nc.d = 1\n'
  },
  {
    name: 'a list in braces',
    text: 'a.b = {\n "a",\n "b" }\nc.d = 1\n',
    code: 'wrong-brackets',
    at: '{',
    fixed: 'a.b = (\n "a",\n "b" )\nc.d = 1\n'
  },
  {
    name: 'if',
    text: 'if $HTTP["host"] == "a" { x.y = "1"\n x.z = "2" }\n',
    code: 'no-such-word',
    at: 'if',
    fixed: '$HTTP["host"] == "a" { x.y = "1"\n x.z = "2" }\n'
  },
  {
    name: 'elseif behind a condition',
    text: '$HTTP["host"] == "a" { x.y = "1" }\nelseif $HTTP["host"] == "b" { x.y = "2" }\n',
    code: 'no-such-word',
    at: 'elseif',
    fixed: '$HTTP["host"] == "a" { x.y = "1" }\nelse $HTTP["host"] == "b" { x.y = "2" }\n'
  },
  {
    name: 'elif behind nothing',
    text: 'elif $HTTP["host"] == "b" { x.y = "2" }\n',
    code: 'no-such-word',
    at: 'elif',
    fixed: '$HTTP["host"] == "b" { x.y = "2" }\n',
    safety: 'unsafe'
  },
  {
    name: 'a statement between a condition and its else',
    text: '$HTTP["host"] == "a" { x.y = "1" }\nq.r = 2\nelse { x.z = "2" }\n',
    code: 'stray-else',
    at: 'else {',
    fixed: 'q.r = 2\n$HTTP["host"] == "a" { x.y = "1" } else { x.z = "2" }\n',
    safety: 'unsafe'
  },
  {
    name: 'an else in a block whose brace then closes the block',
    text: '$HTTP["url"] =^ "/" {\n$HTTP["host"] == "a" { x.y = "1" }\nq.r = 2\nelse { x.z = "2" }\n}\nv.w = 1\n',
    code: 'stray-else',
    at: 'else {',
    fixed:
      '$HTTP["url"] =^ "/" {\nq.r = 2\n$HTTP["host"] == "a" { x.y = "1" } else { x.z = "2" }\n}\nv.w = 1\n',
    safety: 'unsafe'
  },
  {
    name: 'an else behind nothing',
    text: 'else { x.z = "2" }\n',
    code: 'stray-else',
    at: 'else {',
    fixed: ' x.z = "2" \n',
    safety: 'unsafe'
  },
  {
    name: 'one brace too many',
    text: 'a.b = "x"\n}\nc.d = 1\n',
    code: 'dropped',
    at: '}',
    fixed: 'a.b = "x"\n\nc.d = 1\n'
  },
  {
    name: 'a comparison for an assignment',
    text: 'a.b == "v"\n',
    code: 'dropped',
    at: '=',
    fixed: 'a.b = "v"\n'
  },
  {
    name: 'a second value',
    text: 'a.b = "v" "w"\n',
    code: 'dropped',
    at: '"w"',
    fixed: 'a.b = "v" \n',
    safety: 'unsafe'
  },
  {
    name: 'a name without value',
    text: 'a.b c.d = "x"\n',
    code: 'dropped',
    at: 'c.d',
    fixed: 'a.b  = "x"\n',
    safety: 'unsafe'
  },
  {
    name: 'a value alone on a line',
    text: '"alone"\na.b = 1\n',
    code: 'dropped',
    at: '"alone"',
    fixed: '\na.b = 1\n',
    safety: 'unsafe'
  },
  {
    name: 'a value between a condition and its brace',
    text: '$HTTP["host"] == "a" "b" { x.y = "1" }\n',
    code: 'dropped',
    at: '"b"',
    fixed: '$HTTP["host"] == "a"  { x.y = "1" }\n',
    safety: 'unsafe'
  }
]

describe('what the server throws away in silence is an error, told once, with a fix', () => {
  test.each(cases)('$name', ({ text, code, at, fixed: wanted, safety = 'safe' }) => {
    const [first, ...others] = found(text)
    expect(others).toEqual([])
    expect(first).toMatchObject({ code: `lighttpd/${code}`, severity: 'error', fix: { safety } })
    expect(text.slice(first?.span?.start, first?.span?.end)).toBe(at)
    const result = fixed(text, first?.fix === undefined ? [] : [first.fix])
    expect(result).toBe(wanted)
    expect(parse('f.conf', result).dropped).toEqual([])
    expect(found(result)).toEqual([])
  })
})

test('a comma too many loses nothing and is a warning', () => {
  const [first, ...others] = found('a.b = ( , "a", "b", )\n')
  expect(others).toEqual([])
  expect(first).toMatchObject({ code: 'lighttpd/dropped', severity: 'warning' })
})

test('a file of another kind gets no more than fifty of them', () => {
  expect(found('"a"\nb.c = 1\n'.repeat(1000))).toHaveLength(50)
})

test('taking away what has no effect changes nothing', () => {
  const pieces = [
    '"s"',
    '7',
    'a.b',
    '=',
    '==',
    '+=',
    '+',
    ',',
    '}',
    '{',
    '\n',
    ' ',
    'x.y = "1"\n',
    '$HTTP["host"] == "a" { c.d = 1 }\n'
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
      const text = `${parts.join(' ')}\n`
      const tree = parse('f.conf', text)
      fc.pre(tree.diagnostics.length === 0)
      for (const { fix } of found(text)) {
        if (fix?.title !== 'remove what has no effect') continue
        const after = parse('f.conf', fixed(text, [fix]))
        expect(meaning(after.body)).toEqual(meaning(tree.body))
      }
    }),
    { numRuns: 500 }
  )
})
