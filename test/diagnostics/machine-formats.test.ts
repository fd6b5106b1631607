import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { formatCheckstyle } from '../../src/diagnostics/formats/checkstyle.js'
import { formatGithub } from '../../src/diagnostics/formats/github.js'
import { formatGitlab } from '../../src/diagnostics/formats/gitlab.js'
import { formatJsonLines } from '../../src/diagnostics/formats/json.js'
import { formatJunit } from '../../src/diagnostics/formats/junit.js'
import { formatMarkdown } from '../../src/diagnostics/formats/markdown.js'
import { formatRdjson } from '../../src/diagnostics/formats/rdjson.js'
import { formatSarif } from '../../src/diagnostics/formats/sarif.js'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { report } from '../../src/diagnostics/report.js'
import type { Report } from '../../src/diagnostics/report.js'

const tool = { name: 'fcgi-conf', version: '1.2.3' }
const text = 'first line\nsecond lime\nthird [line]\n'
const typo: Diagnostic = {
  code: 'test/typo',
  severity: 'error',
  message: 'unknown word `lime` <&"\u0001 100%: a,b',
  span: { file: 'dir/a b.conf', start: 18, end: 22 },
  hint: 'did you mean | `line`?\nreally',
  fix: {
    title: 'write `line`',
    safety: 'unsafe',
    edits: [{ span: { file: 'dir/a b.conf', start: 18, end: 22 }, text: 'line' }]
  }
}
const wide: Diagnostic = {
  code: 'test/wide',
  severity: 'warning',
  message: 'too [wide]',
  span: { file: 'dir/a b.conf', start: 6, end: 17 },
  related: [{ span: { file: 'main.conf', start: 0, end: 7 }, message: 'see here' }]
}
const placeless: Diagnostic = { code: 'input/missing', severity: 'error', message: 'cannot read' }

function reportOf(diagnostics: readonly Diagnostic[]): Report {
  return report({
    diagnostics,
    texts: new Map([
      ['dir/a b.conf', text],
      ['main.conf', 'include "dir/a b.conf"\n']
    ]),
    asked: [{ path: 'main.conf', dialect: 'nginx' }]
  })
}

const found = reportOf([typo, wide, placeless])
const sarifOf = (given: Report, fits = (_: string): boolean => true): unknown =>
  JSON.parse(
    formatSarif(given, {
      fits,
      tool,
      root: 'file:///srv/repo/',
      describe: () => ({ page: '# `a`\n\nWhat it is.\n' })
    })
  )

test.each([
  ['github', formatGithub],
  ['jsonl', formatJsonLines],
  ['gitlab', formatGitlab],
  ['checkstyle', formatCheckstyle],
  ['junit', formatJunit],
  ['rdjson', (given: Report) => formatRdjson(given, tool)],
  ['markdown', formatMarkdown]
])('%s tells every finding with its place', (_name, format) => {
  expect(format(found)).toMatchSnapshot()
  expect(format(reportOf([]))).toMatchSnapshot()
})

describe('sarif', () => {
  const path = createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json')
  const schema = JSON.parse(readFileSync(path, 'utf8')) as object
  // The schema has a pattern that is none with the flag `u`.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  const check = (document: unknown): unknown => (validate(document) ? [] : validate.errors)

  test.each([
    ['findings', found],
    ['none', reportOf([])],
    ['only trouble', reportOf([placeless])]
  ])('is valid with %s', (_name, given) => {
    expect(check(sarifOf(given))).toEqual([])
  })

  test('has the places, links, fingerprints and fixes of the findings', () => {
    expect(sarifOf(found)).toMatchSnapshot()
  })

  test.each([
    ['/srv/repo/a b.conf', { uri: 'a%20b.conf', uriBaseId: 'SRCROOT' }],
    ['./a.conf', { uri: 'a.conf', uriBaseId: 'SRCROOT' }],
    ['/etc/a.conf', { uri: 'file:///etc/a.conf' }]
  ])('names %s as it stands in the repository', (file, artifactLocation) => {
    const given = { ...typo, span: { file, start: 0, end: 1 } }
    const document = sarifOf(report({ diagnostics: [given], texts: new Map([[file, text]]), asked: [] }))
    expect(document).toMatchObject({
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation } }] }] }]
    })
  })

  test('tells what could not be read among the notifications, with its place', () => {
    const given = reportOf([{ ...wide, code: 'syntax/unclosed-block', severity: 'error' }])
    const document = sarifOf(given)
    expect(check(document)).toEqual([])
    const physicalLocation = { region: { startLine: 1, startColumn: 7 } }
    expect(document).toMatchObject({
      runs: [
        {
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [{ locations: [{ physicalLocation }] }]
            }
          ]
        }
      ]
    })
  })

  test('leaves out what has no name, and says so', () => {
    const span = { file: '<stdin>', start: 0, end: 1 }
    const document = sarifOf(report({ diagnostics: [{ ...typo, span }], texts: new Map(), asked: [] }))
    expect(document).toMatchObject({
      runs: [{ results: [], invocations: [{ toolExecutionNotifications: [{ level: 'warning' }] }] }]
    })
  })

  test('leaves out the least serious where the file would be too large, and says how many', () => {
    const document = sarifOf(
      reportOf([wide, typo, { ...wide, message: 'again' }]),
      (text) => !text.includes('again')
    )
    expect(check(document)).toEqual([])
    expect(document).toMatchObject({ runs: [{ results: [{ ruleId: 'test/typo' }] }] })
    expect(JSON.stringify(document)).toContain('2 findings more')
  })

  test('has no more results than GitHub takes, and says how many are missing', () => {
    const many = Array.from({ length: 25_003 }, (_, at): Diagnostic => ({ ...typo, message: `m${at}` }))
    const document = sarifOf(reportOf(many)) as { runs: { results: unknown[]; invocations: unknown }[] }
    expect(document.runs[0]?.results).toHaveLength(25_000)
    expect(JSON.stringify(document.runs[0]?.invocations)).toContain('3 findings more')
  })
})

test('GitHub is shown the worst, and how many are left', () => {
  const many = Array.from({ length: 25 }, (_, at): Diagnostic => ({ ...typo, message: `m${at}` }))
  const lines = formatGithub(reportOf([...many, wide]))
    .trimEnd()
    .split('\n')
  expect(lines).toHaveLength(12)
  expect(lines.at(-1)).toBe('::notice title=fcgi-conf::15 more findings are not shown here')
})
