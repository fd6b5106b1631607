import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { readLighttpd } from '../../src/dialects/lighttpd/index.js'
import { lighttpdVocabulary } from '../../src/dialects/lighttpd/vocabulary.js'

const folder = mkdtempSync(join(tmpdir(), 'values-'))
const file = join(folder, 'lighttpd.conf')
const server = 'lighttpd'
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Values of every kind and at the ends of every range. */
const values = [
  ...['"abc"', '""', '"12"', '"12x"', '"enable"', '"no"', '"-1"', '"70000"', '"4294967296"'],
  ...['0', '1', '3', '70000', '4294967296'],
  ...[
    '( )',
    '( "a" )',
    '( 1 )',
    '( ( "a" ) )',
    '( "a" => "b" )',
    '( "a" => 1 )',
    '( "a" => ( "b" => "c" ) )'
  ],
  '( "/a" => (( "host" => "127.0.0.1" )) )'
]

/** What the real server makes of these depends on the machine: names, accounts, files, databases. */
const ofTheMachine = [
  'server.bind',
  'server.chroot',
  'server.username',
  'server.groupname',
  'fastcgi.server host',
  'vhostdb.backend'
]

const rows = [...lighttpdVocabulary].filter(
  ([name, { state }]) =>
    state.kind !== 'outside' &&
    /^[\w-]+\.[\w.-]+(?: [\w-]+)?$/.test(name) &&
    !ofTheMachine.includes(name) &&
    !['server.document-root', 'server.modules'].includes(name)
)

/** Options that say where the application is need no other beside them. */
const addresses = ['port', 'socket', 'bin-path']

function statement(name: string, value: string): string {
  const [, option] = /^fastcgi\.server ([\w-]+)$/.exec(name) ?? []
  if (option === undefined) return `${name} = ${value}`
  const beside = addresses.includes(option) ? '' : '"host" => "127.0.0.1", '
  return `fastcgi.server = ( ".php" => (( ${beside}"${option}" => ${value} )) )`
}

function real(): { readonly refused: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(server, ['-tt', '-f', file], {
    encoding: 'utf8',
    env: environment
  })
  return { refused: status !== 0, said: stdout + stderr }
}

function ours(): boolean {
  const io = readIo({ cwd: folder, env: environment, allowIncludeShell: false })
  return readLighttpd(file, io, { name: 'lighttpd' }).refused
}

test.each(rows)('%s takes and refuses the values that the server does', (name, { module }) => {
  const port = name === 'server.port' ? [] : ['server.port = 8099']
  const modules = module === undefined ? [] : [`server.modules = ( "${module}" )`]
  const wrong: string[] = []
  for (const value of values) {
    const lines = ['server.document-root = "/tmp"', ...port, ...modules, statement(name, value)]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const { refused, said } = real()
    // A module that is not installed here.
    if (said.includes('dlopen()')) return
    if (refused !== ours()) wrong.push(`${value}: the server ${refused ? 'refuses' : 'accepts'} it: ${said}`)
  }
  expect(wrong).toEqual([])
})

/** What conditions compare with: hosts, addresses, ports, expressions, each right and wrong. */
const compared = [
  ...[
    '',
    'a',
    'a.example',
    'A.Example.',
    'a:80',
    'a:',
    'a:0x50',
    'a:b',
    'a:70000',
    ':80',
    ':80$',
    '^:80',
    'a b'
  ],
  ...[
    '1.2.3.4',
    '1.2.3',
    '0x7f000001',
    '1.2.3.4:80',
    '1.2.3.400',
    '10.0.0.0/8',
    '10.0.0.0/33',
    '/a',
    '10.0.0.0/x'
  ],
  ...[
    '[::1]',
    '[::1]:80',
    '[::1]:',
    '[::1]x',
    '[::1',
    '[]',
    '[]:80',
    '::1',
    '::1/64',
    '[::1]/64',
    '[fe80::1%lo]',
    '[g::]'
  ],
  ...['^a$', '^a', 'a$', '(', '[a', 'a{2', '\\\\.php$', '(?<n>a)', 'a**']
]

test.each([
  '$HTTP["host"]',
  '$HTTP["remoteip"]',
  '$HTTP["url"]',
  '$HTTP["querystring"]',
  '$HTTP["scheme"]',
  '$HTTP["useragent"]',
  '$REQUEST_HEADER["X-A"]'
])('%s compares with what the server compares it with', (subject) => {
  const wrong: string[] = []
  for (const operator of ['==', '!=', '=~', '!~', '=^', '=$']) {
    for (const value of compared) {
      const question = `${subject} ${operator} "${value}"`
      writeFileSync(file, `server.document-root = "/tmp"\n${question} { server.tag = "x" }\n`)
      const { refused, said } = real()
      if (refused !== ours())
        wrong.push(`${question}: the server ${refused ? 'refuses' : 'accepts'} it: ${said}`)
    }
  }
  expect(wrong).toEqual([])
})
