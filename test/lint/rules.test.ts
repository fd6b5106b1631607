import { describe, expect, test } from 'vitest'
import { dialectLoaders, variantOf } from '../../src/dialects/index.js'
import type { ReadIo } from '../../src/dialects/index.js'
import { lint, rules } from '../../src/lint/index.js'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { codeOf, examplesOf, pages } from './pages.js'
import type { Example } from './pages.js'

async function findingsOf({ language, rule, text }: Example): Promise<readonly Diagnostic[]> {
  const dialect = await dialectLoaders[language]()
  const name = variantOf(dialect, text)
  const read = dialect.read('example.conf', onlyFile(text), { name })
  const { vocabulary } = dialect
  const stated = /^\s*# server version: (\S+)$/m.exec(text)?.[1]
  const version = stated === undefined ? {} : { serverVersion: stated }
  // What is optional is on where its page is about it.
  const shown = rules.find(({ code, optional }) => code === rule && optional === true)
  const settings = new Map(shown === undefined ? [] : [[shown.code, { severity: shown.severity }]])
  return lint({ ...read, name, vocabulary, settings, ...version }, rules)
}

function onlyFile(text: string): ReadIo {
  return {
    readFile: (path) =>
      path.endsWith('example.conf')
        ? { kind: 'text', text }
        : { kind: 'failed', why: 'missing', message: 'there is no such file' },
    glob: () => [],
    filesBelow: () => undefined,
    kind: (path) => (/\.(conf|fcgi)$/.test(path) ? 'file' : 'missing'),
    environment: () => undefined
  }
}

test('every rule has a page, and every page a rule', () => {
  expect(pages.map(codeOf).sort()).toEqual(rules.map(({ code }) => code).sort())
})

describe.each(pages)('the page $name', (page) => {
  const examples = examplesOf(page)

  test('shows what is wrong and what is right', () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(['bad', 'good']))
  })

  test.each(examples.filter(({ kind }) => kind === 'bad'))('finds what $name shows', async (example) => {
    const found = (await findingsOf(example)).filter(({ code }) => code === example.rule)
    expect(found.map(({ span }) => example.text.slice(span?.start, span?.end))).toHaveLength(1)
    const start = found[0]?.span?.start ?? -1
    expect(unquoted(example.text.slice(start)).slice(0, place(example).length)).toBe(place(example))
  })

  test.each(examples.filter(({ kind }) => kind === 'good'))('is silent on $name', async (example) => {
    const found = await findingsOf(example)
    expect(found.filter(({ code, severity }) => code === example.rule || severity !== 'info')).toEqual([])
  })
})

function place({ at = '' }: Example): string {
  return unquoted(at)
}

/** Whether a finding begins at a quotation mark or behind it is the reader's business. */
function unquoted(text: string): string {
  return text.replace(/^"/, '')
}
