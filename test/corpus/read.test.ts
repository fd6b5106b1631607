import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { loadDialect, type DialectName, type ReadResult } from '../../src/dialects/index.js'
import type { DirectiveRecord } from '../../src/model/index.js'

const corpus = process.env['FCGI_CONF_CORPUS'] ?? ''

interface Entry {
  readonly path: string
  readonly dialect: keyof typeof readers
  readonly is_main: boolean
  /** What the server's own check said: `ok`, `semantic error: …`, `syntax error: …`. */
  readonly real_server: string
  /** The same with the files, hosts and users there that it asks for. */
  readonly real_server_with_stubs?: string
  /** What was put there for that: `environment NAME` is a variable with a folder's path. */
  readonly stubs?: readonly string[]
}

const readers = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  mod_fastcgi: 'apache',
  mod_fcgid: 'apache-fcgid',
  mod_proxy_fcgi: 'apache-proxy-fcgi'
} as const satisfies Record<string, DialectName>

/** Dialects whose readers must understand every directive that bears on FastCGI or routing. */
const complete: readonly Entry['dialect'][] = [
  'lighttpd',
  'nginx',
  'mod_fastcgi',
  'mod_fcgid',
  'mod_proxy_fcgi'
]

const entries = JSON.parse(readFileSync(join(corpus, 'MANIFEST.json'), 'utf8')) as readonly Entry[]
const mains = entries.filter((entry) => entry.is_main && complete.includes(entry.dialect))
const accepted = mains.filter((entry) => isOk(entry.real_server) || isOk(entry.real_server_with_stubs))

function isOk(verdict: string | undefined): boolean {
  return verdict?.startsWith('ok') === true
}

const read = new Map<string, ReadResult>()

async function readMain({ path, dialect: written, stubs = [] }: Entry): Promise<ReadResult> {
  const known = read.get(path)
  if (known) return known
  const name = readers[written]
  const dialect = await loadDialect(name)
  const variables = stubs.flatMap((stub) => /^environment (\w+)$/.exec(stub)?.[1] ?? [])
  const env = Object.fromEntries(variables.map((name) => [name, `/var/www/${name.toLowerCase()}`]))
  const io = readIo({ cwd: corpus, env, allowIncludeShell: false })
  const result = dialect.read(join(corpus, path), io, { name })
  read.set(path, result)
  return result
}

describe('what the real server accepts', () => {
  test('is there for each dialect that is complete', () => {
    for (const dialect of complete) {
      expect(accepted.filter((entry) => entry.dialect === dialect).length, dialect).toBeGreaterThan(10)
    }
  })

  test.each(accepted)('$path is read whole', async (entry) => {
    const { site } = await readMain(entry)
    expect(site.directives.filter(isMissing).map(({ name }) => name)).toEqual([])
    expect(site.directives.length).toBeGreaterThan(0)
  })

  test.each(accepted.filter(({ real_server: verdict }) => isOk(verdict)))(
    '$path is not refused',
    async (entry) => {
      const { refused, diagnostics } = await readMain(entry)
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(refused ? errors.map(({ message }) => message) : []).toEqual([])
    }
  )
})

function isMissing({ state }: DirectiveRecord): boolean {
  return state.kind === 'not-read-yet'
}

/** Commands of other people are not run. */
const kinds = ['read', 'structure', 'outside', 'ignored', 'unknown', 'not-run', 'not-read-yet'] as const

afterAll(() => {
  const rows = [...read].map(([path, { site }]) => {
    const count = (kind: (typeof kinds)[number]): number =>
      site.directives.filter(({ state }) => state.kind === kind).length
    const counts = kinds.map(count)
    const all = site.directives.length
    const unread = counts.slice(kinds.indexOf('not-run')).reduce((sum, each) => sum + each, 0)
    const share = all === 0 ? '-' : `${String(Math.round(((all - unread) / all) * 100))}%`
    return [path, share, ...counts.map(String)]
  })
  process.stdout.write(table([['file', 'understood', ...kinds], ...rows]))
})

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length))
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
      )
      .join('  ')
      .trimEnd()
  )
  return `\n${lines.join('\n')}\n`
}
