import { expect, test } from 'vitest'
import { formatCompact } from '../../src/diagnostics/formats/compact.js'
import { formatJson } from '../../src/diagnostics/formats/json.js'
import { coloured, plain } from '../../src/diagnostics/formats/style.js'
import { formatText } from '../../src/diagnostics/formats/text.js'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { report } from '../../src/diagnostics/report.js'
import type { Report } from '../../src/diagnostics/report.js'

const text = 'first line\nsecond lime\n'
const typo: Diagnostic = {
  code: 'test/typo',
  severity: 'error',
  message: 'unknown word `lime`',
  span: { file: 'dir/a.conf', start: 18, end: 22 },
  hint: 'did you mean `line`?',
  fix: {
    title: 'write `line`',
    safety: 'unsafe',
    edits: [{ span: { file: 'dir/a.conf', start: 18, end: 22 }, text: 'line' }]
  }
}
const first: Diagnostic = {
  code: 'test/first',
  severity: 'warning',
  message: 'too early',
  span: { file: 'dir/a.conf', start: 0, end: 5 },
  related: [{ span: { file: 'dir/a.conf', start: 11, end: 17 }, message: 'see here' }]
}

function reportOf(diagnostics: readonly Diagnostic[]): Report {
  return report({
    diagnostics,
    texts: new Map([
      ['dir/a.conf', text],
      ['main.conf', 'include "dir/a.conf"\n']
    ]),
    asked: [{ path: 'main.conf', dialect: 'nginx' }],
    includedFrom: new Map([['dir/a.conf', { file: 'main.conf', start: 0, end: 7 }]])
  })
}

test('text has a header a file, code frames, related places, the way it was included, help, and a sum', () => {
  expect(formatText(reportOf([typo, first]), plain)).toMatchSnapshot()
})

test('text without findings says so', () => {
  expect(formatText(reportOf([]), plain)).toBe('No findings in 1 file.\n')
})

test('colours change nothing but colours', () => {
  const found = reportOf([typo, first])
  expect(formatText(found, coloured).replace(/\u001b\[\d+m/g, '')).toBe(formatText(found, plain))
})

test('compact has one line a finding, in the order of the file', () => {
  expect(formatCompact(reportOf([typo, first]))).toBe(
    'dir/a.conf:1:1: warning: too early [test/first]\n' +
      'dir/a.conf:2:8: error: unknown word `lime` [test/typo]\n'
  )
})

test('json describes every finding with its range, and lists files without any', () => {
  const found: unknown = JSON.parse(formatJson(reportOf([typo, first]), { name: 'fcgi-conf', version: '0' }))
  expect(found).toMatchSnapshot()
})

test('json parses when there is nothing to say, and when there is only trouble', () => {
  const trouble: Diagnostic = { code: 'input/missing', severity: 'error', message: 'cannot read' }
  for (const diagnostics of [[], [trouble]]) {
    const found: unknown = JSON.parse(formatJson(reportOf(diagnostics), { name: 'fcgi-conf', version: '0' }))
    expect(found).toMatchObject({ version: 1, summary: { error: diagnostics.length } })
  }
})

test('a fingerprint stays when lines are added above, and differs between equal findings on equal lines', () => {
  const at = (source: string): readonly string[] => {
    const spans = [...source.matchAll(/bad/g)].map(({ index }) => ({
      file: 'a',
      start: index,
      end: index + 3
    }))
    const found = report({
      diagnostics: spans.map((span) => ({ code: 'test/bad', severity: 'error', message: 'bad', span })),
      texts: new Map([['a', source]]),
      asked: []
    })
    return [...formatJson(found, { name: 'fcgi-conf', version: '0' }).matchAll(/"fingerprint": "(.*)"/g)].map(
      ([, print = '']) => print
    )
  }
  const before = at('bad\nbad\n')
  expect(new Set(before).size).toBe(2)
  expect(at('more\nmore\nbad\nbad\n')).toEqual(before)
})
