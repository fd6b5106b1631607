import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, splitWords, type Statement } from '../../../grammars/apache/index.js'
import { print } from '../../../grammars/tree.js'

const pieces = [
  'Listen 80',
  'SetEnv A "b c"',
  '<Directory /srv>',
  '</Directory>',
  '<IfModule mod_x.c>',
  '</IfModule>',
  '<',
  '</',
  '>',
  '#',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\\',
  '\\\n',
  '\\\r\n',
  '"',
  "'",
  '${X}',
  '\ufeff',
  '\udc80',
  '\0',
  'é'
]
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 40 })
  .map((parts) => parts.join(''))

function everyStatement(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((one) => (one.kind === 'section' ? [one, ...everyStatement(one.body)] : [one]))
}

test('the tokens of any text cover it, in order', () => {
  fc.assert(
    fc.property(text, (input) => {
      const tree = parse('a.conf', input)
      let at = 0
      for (const token of tree.tokens) {
        expect(token.start).toBe(at)
        expect(token.end).toBeGreaterThan(at)
        at = token.end
      }
      expect(at).toBe(input.length)
      expect(print(tree)).toBe(input)
    }),
    { numRuns: 3000 }
  )
})

test('every place of a tree lies inside its text, names before arguments', () => {
  fc.assert(
    fc.property(text, (input) => {
      const tree = parse('a.conf', input)
      for (const { start, end, nameNode, arguments: rest } of everyStatement(tree.body)) {
        expect([start, nameNode.start, nameNode.end, rest.start, rest.end, end, input.length]).toEqual(
          [start, nameNode.start, nameNode.end, rest.start, rest.end, end, input.length].sort((a, b) => a - b)
        )
      }
    }),
    { numRuns: 300 }
  )
})

test('words stand one behind the other and hold what is no blank', () => {
  fc.assert(
    fc.property(text, (input) => {
      let rest = input
      for (const { start, end } of [...splitWords(input)].reverse())
        rest = rest.slice(0, start) + rest.slice(end)
      expect(rest).toMatch(/^[ \t\n\v\f\r]*$/)
    }),
    { numRuns: 300 }
  )
})
