import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { readApache } from '../../src/dialects/apache/index.js'
import { apacheVocabulary } from '../../src/dialects/apache/vocabulary/index.js'

const folder = mkdtempSync(join(tmpdir(), 'values-'))
mkdirSync(join(folder, 'logs'))
const file = join(folder, 'httpd.conf')
const server = 'apache2'
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Arguments of every number, and words that some directive takes; all of them take minutes, so that they are tried where asked for. */
const values = ['', 'abc', 'a b']
if (process.env['FCGI_CONF_VALUES'] === 'all')
  values.push('a b c', 'On', '1', '0', '"a b"', '+ExecCGI', 'None')

/** The places that sections make, with what stands around a directive there. */
const places: readonly (readonly [where: string, before: string, behind: string])[] = [
  ['main', '', ''],
  ['vhost', '<VirtualHost *:8099>\n', '</VirtualHost>\n'],
  ['directory', '<Directory /tmp>\n', '</Directory>\n'],
  ['location', '<Location /a>\n', '</Location>\n']
]

const modules = [
  ...['mpm_event', 'authn_file', 'authn_core', 'authz_host', 'authz_user', 'authz_groupfile', 'authz_core'],
  ...[
    'auth_basic',
    'access_compat',
    'mime',
    'env',
    'headers',
    'setenvif',
    'dir',
    'alias',
    'rewrite',
    'actions'
  ],
  ...['negotiation', 'proxy', 'proxy_fcgi', 'proxy_balancer', 'lbmethod_byrequests', 'slotmem_shm', 'fcgid'],
  ...['macro', 'authnz_fcgi', 'vhost_alias']
]
const head = [
  `ServerRoot ${folder}`,
  'ServerName localhost',
  ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
  'TypesConfig /dev/null',
  ''
].join('\n')

/** What the real server makes of these depends on the machine, or on other lines: folders, addresses, names, programs. */
const ofTheMachine = [
  ...['DocumentRoot', 'DefaultRuntimeDir', 'Listen', 'TypesConfig', 'User', 'Group', 'SuexecUserGroup'],
  ...[
    'AuthBasicProvider',
    'FcgidIPCDir',
    'SocketPath',
    'FcgidProcessTableFile',
    'SharememPath',
    'BalancerMember'
  ]
]

const rows = [...apacheVocabulary].filter(
  ([name, { state, shape, module }]) =>
    state.kind !== 'outside' &&
    state.kind !== 'structure' &&
    shape.kind !== 'block' &&
    /^[A-Z]\w*$/i.test(name) &&
    !['mod_fastcgi', 'mod_xsendfile', 'mod_remoteip', 'mod_userdir'].includes(module ?? '') &&
    !ofTheMachine.includes(name)
)

function isRefused(text: string): boolean {
  writeFileSync(file, text)
  const { status, error } = spawnSync(server, ['-t', '-f', file], { env: environment })
  if (error !== undefined) throw error
  return status !== 0
}

test.each(rows.map(([name, { where }]) => ({ name, where })))(
  '$name is taken and refused as by httpd',
  ({ name, where }) => {
    const found = places.find(([place]) => where.includes(place)) ?? places[0]
    const differences = values.flatMap((value) => {
      const [place = '', before = '', behind = ''] = found ?? []
      const text = `${head}${before}${name} ${value}\n${behind}`
      const refused = isRefused(text)
      const { refused: ours, diagnostics } = readApache(
        file,
        readIo({ cwd: folder, env: environment, allowIncludeShell: false }),
        { name: 'apache' }
      )
      const said = diagnostics.map(({ message }) => message).join('; ')
      return ours === refused
        ? []
        : [`in ${place}: ${name} ${value}: httpd ${refused ? 'refuses it' : `takes it (${said})`}`]
    })
    expect(differences).toEqual([])
  }
)
