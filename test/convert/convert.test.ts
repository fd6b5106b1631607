import { describe, expect, test } from 'vitest'
import { convert, reportOf } from '../../src/convert/index.js'
import { apache } from '../../src/dialects/apache/index.js'
import type { Dialect, ReadResult } from '../../src/dialects/dialect.js'
import { at, listener, record, root, scope, site } from './sites.js'

/** A language that writes the names of the hosts it is given, and accounts for nothing. */
const names: Dialect = {
  language: 'nginx',
  follows: '0',
  spawning: [],
  contexts: [],
  names: ['nginx'],
  vocabulary: new Map(),
  detect: () => ({ score: 0, because: [] }),
  read: () => read(),
  including: () => ({ indent: 0, line: (path) => `include ${path}` }),
  write: (plan) => [
    { path: 'out.conf', text: plan.hosts.map(({ isDefault }) => String(isDefault)).join('\n') }
  ]
}

function read(more: Partial<ReadResult> = {}): ReadResult {
  const tree = scope('all', { settings: [root('/www')] })
  return {
    site: {
      ...site(tree, [listener('main', 80)]),
      directives: [
        record('port', 1, { kind: 'read', as: 'listeners' }),
        record('root', 2, { kind: 'read', as: 'root' })
      ]
    },
    diagnostics: [],
    texts: new Map(),
    refused: false,
    ...more
  }
}

const options = { from: 'lighttpd', to: 'nginx', fragment: false } as const

test('files, ledger and summary are given together', () => {
  const conversion = convert(read(), options, [names])
  expect(conversion.files).toEqual([{ path: 'out.conf', text: 'true' }])
  expect(conversion.ledger.map(({ directive, verdict }) => [directive, verdict])).toEqual([
    ['port', 'exact'],
    ['root', 'lost']
  ])
  const places = { shown: (file: string) => file, place: () => ({ line: 1, column: 1 }) }
  expect(reportOf(conversion, options, { name: 'fcgi-conf', version: '0' }, places)).toMatchObject({
    from: 'lighttpd',
    to: 'nginx',
    files: ['out.conf'],
    summary: { exact: 1, lost: 1 }
  })
})

test('mod_fastcgi is said to be no longer packaged, with the two others named', () => {
  const { unasked } = convert(read(), { ...options, to: 'apache' }, [apache])
  expect(unasked.map(({ message, advice }) => `${message} ${advice ?? ''}`).join()).toMatch(
    /no longer package.*apache-fcgid.*apache-proxy-fcgi/
  )
})

test('what was understood of a source with errors is converted where that is asked for', () => {
  const error = { code: 'x/y', severity: 'error', message: 'wrong', span: at(1) } as const
  const source = read({ diagnostics: [error], refused: true })
  const conversion = convert(source, { ...options, keepGoing: true }, [names])
  expect(conversion.files).toHaveLength(1)
  expect(conversion.diagnostics).toEqual([error])
})

test('what a writer says nothing about may change anything, and the ledger says so', () => {
  const [, line] = convert(read(), options, [names]).ledger
  expect(line).toMatchObject({ verdict: 'lost', affects: ['routing', 'status', 'body'] })
})

describe('nothing is written', () => {
  test('where the source has errors', () => {
    const error = { code: 'x/y', severity: 'error', message: 'wrong', span: at(1) } as const
    const conversion = convert(read({ diagnostics: [error] }), options, [names])
    expect(conversion).toMatchObject({ files: [], ledger: [], diagnostics: [error] })
  })

  test('where the server would not start', () => {
    const { files, diagnostics } = convert(read({ refused: true }), options, [names])
    expect(files).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toEqual(['convert/refused'])
  })

  test('where no language of the name is known', () => {
    const { files, diagnostics } = convert(read(), { ...options, to: 'lighttpd' }, [names])
    expect(files).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toEqual(['convert/no-writer'])
  })
})
