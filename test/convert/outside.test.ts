import { expect, test } from 'vitest'
import { outsideComments } from '../../src/convert/outside.js'
import type { DirectiveRecord } from '../../src/model/index.js'

const text = 'a on;\n  b { x;\n      y;\n  }\nc 1;\n'

function record(name: string, written: string, more: Partial<DirectiveRecord> = {}): DirectiveRecord {
  const start = text.indexOf(written)
  return {
    name,
    span: { file: 'main.conf', start, end: start + written.length },
    comments: [],
    state: { kind: 'outside', topic: 'logging' },
    ...more
  }
}

const textOf = (file: string): string | undefined => (file === 'main.conf' ? text : undefined)
const whole = record('b', 'b { x;\n      y;\n  }')

test('what is not about FastCGI becomes one block of comments, each directive once', () => {
  const records = [record('c', 'c 1;'), whole, record('x', 'x;'), record('a', 'a on;'), record('a', 'a on;')]
  expect(outsideComments(records, textOf)).toBe(
    '# Not about FastCGI, and not translated:\n#\n# a on;\n# b { x;\n#     y;\n# }\n# c 1;\n'
  )
})

test('an option is shown with the directive that it stands in', () => {
  expect(outsideComments([record('a', 'a on;', { within: 'fastcgi.server' })], textOf)).toContain(
    '# in fastcgi.server:\n# a on;\n'
  )
})

test('several files have their names above what stands in them', () => {
  const other = record('a', 'a on;', { span: { file: 'other.conf', start: 0, end: 5 } })
  expect(outsideComments([other, whole], () => text)).toMatch(
    /# other\.conf:\n# a on;\n# main\.conf:\n# b \{/
  )
})

test.each([
  ['everything is read', [record('a', 'a on;', { state: { kind: 'read' } })]],
  ['the text is not known', [record('a', 'a on;', { span: { file: 'gone.conf', start: 0, end: 1 } })]]
])('there is no block where %s', (_, records) => {
  expect(outsideComments(records, textOf)).toBe('')
})
