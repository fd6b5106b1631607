import { spawnSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { convert, type Conversion } from '../../src/convert/index.js'
import { encodeBytes } from '../../src/diagnostics/index.js'
import {
  dialectNames,
  loadDialect,
  type DialectName,
  type OutputFile,
  type ReadResult
} from '../../src/dialects/index.js'

const corpus = process.env['FCGI_CONF_CORPUS'] ?? ''

interface Entry {
  readonly path: string
  readonly dialect: keyof typeof readers
  readonly is_main: boolean
  readonly real_server: string
  readonly real_server_with_stubs?: string
}

const readers = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  mod_fastcgi: 'apache',
  mod_fcgid: 'apache-fcgid',
  mod_proxy_fcgi: 'apache-proxy-fcgi'
} as const satisfies Record<string, DialectName>

const entries = JSON.parse(readFileSync(join(corpus, 'MANIFEST.json'), 'utf8')) as readonly Entry[]
const accepted = entries.filter(
  ({ is_main, real_server, real_server_with_stubs = '' }) =>
    is_main && (real_server.startsWith('ok') || real_server_with_stubs.startsWith('ok'))
)

const folder = mkdtempSync(join(tmpdir(), 'fcgi-conf-corpus-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function read({ path, dialect: written }: Entry): Promise<ReadResult> {
  const name = readers[written]
  const dialect = await loadDialect(name)
  return dialect.read(join(corpus, path), readIo({ cwd: corpus, env: {}, allowIncludeShell: false }), {
    name
  })
}

async function converted(entry: Entry, to: DialectName): Promise<Conversion> {
  const options = { from: readers[entry.dialect], to, fragment: false, keepGoing: true }
  return convert(await read(entry), options, [await loadDialect(to)])
}

/** The real servers' own checks of a configuration; mod_fastcgi is nowhere to be had. */
const checks: Readonly<Partial<Record<DialectName, (file: string) => readonly string[]>>> = {
  lighttpd: (file) => ['lighttpd', '-tt', '-f', file],
  nginx: (file) => [
    'nginx',
    '-t',
    '-p',
    folder,
    '-c',
    file,
    '-e',
    'stderr',
    '-g',
    `pid ${folder}/nginx.pid;`
  ],
  'apache-fcgid': (file) => ['apache2', '-t', '-d', folder, '-f', file],
  'apache-proxy-fcgi': (file) => ['apache2', '-t', '-d', folder, '-f', file]
}

/** What the machine that the configuration was written for has, and this one has not. */
const lacking =
  /No such file|does not exist|not found in upstream|could not (?:be )?resolve|cannot load certificate|Name or service not known|bad (?:user|group) name|getpwnam|unable to (?:open|access)|can't find|is not a directory|must be a directory/i

function said(to: DialectName, files: readonly OutputFile[]): string {
  const [main] = files
  const command = checks[to]
  if (main === undefined || command === undefined) return ''
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), encodeBytes(text))
  }
  const [program = '', ...args] = command(join(folder, main.path))
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  return status === 0 || lacking.test(stdout + stderr) ? '' : stdout + stderr
}

describe.each(dialectNames)('to %s', (to) => {
  test.each(accepted)('$path is converted whole, always to the same bytes', async (entry) => {
    const conversion = await converted(entry, to)
    const mistakes = conversion.diagnostics.filter(({ code }) => code.startsWith('internal/'))
    expect(mistakes.map(({ message }) => message)).toEqual([])
    const sum = Object.values(conversion.summary).reduce((all, count) => all + count, 0)
    expect(sum).toBe(conversion.ledger.length)
    expect(conversion.files.length).toBeGreaterThan(0)
    expect((await converted(entry, to)).files).toEqual(conversion.files)
  })

  if (checks[to] === undefined) return
  test.each(accepted)('the real server accepts what $path became', async (entry) => {
    expect(said(to, (await converted(entry, to)).files)).toBe('')
  })
})
