import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { echoServer } from '../../src/runtime/echo.js'
import { freePort } from '../ports.js'
import type { Setup } from './cases.js'

/** Where a case takes place: its document tree, its ports, and the applications that are running already. */
export interface Place {
  readonly root: string
  readonly ports: readonly [number, number]
  readonly main: string
  /** The environment the servers are started in. */
  readonly environment: Readonly<Record<string, string>>
  /** Puts real values where a text has placeholders. */
  fill(text: string): string
  /** Puts the placeholders back. */
  unfill(text: string): string
  close(): Promise<void>
}

export async function makePlace(given: Setup, echoProgram: string): Promise<Place> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'observed-')))
  const ports: readonly [number, number] = [await freePort(), await freePort()]
  const servers: Server[] = []
  const values = new Map<string, string>([
    ['ROOT', root],
    ['PORT', String(ports[0])],
    ['PORT2', String(ports[1])],
    ['USER', userInfo().username],
    ['ECHO', echoProgram]
  ])
  mkdirSync(join(root, 'run'))
  mkdirSync(join(root, 'www'))
  for (const [name, kind] of given.backends) {
    const server = echoServer({ name })
    servers.push(server)
    if (kind === 'unix') {
      const path = join(root, 'run', `${name}.sock`)
      await listening(server, { path })
      values.set(`UNIX:${name}`, path)
    } else {
      await listening(server, { host: '127.0.0.1', port: 0 })
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? String(address.port) : ''
      values.set(`TCPHOST:${name}`, '127.0.0.1')
      values.set(`TCPPORT:${name}`, port)
    }
  }
  const fill = (text: string): string =>
    text.replace(/@([A-Z0-9]+(?::[\w.-]+)?)@/g, (whole, key: string) => values.get(key) ?? whole)
  const back = [...values].filter(([key]) => key !== 'USER').sort(([, a], [, b]) => b.length - a.length)
  const unfill = (text: string): string =>
    back.reduce((rest, [key, value]) => {
      const whole = /^\d+$/.test(value) ? new RegExp(`(?<!\\d)${value}(?!\\d)`, 'g') : value
      return rest.replaceAll(whole, `@${key}@`)
    }, text)
  for (const [path, text] of given.files) writeText(join(root, path), fill(text), 0o755)
  const main = join(root, 'conf', mainNames[given.server])
  // httpd looks for further files below ServerRoot, the others beside the main file.
  const beside = mainNames[given.server] === 'httpd.conf' ? root : join(root, 'conf')
  for (const [path, text] of given.configs) writeText(join(beside, path), fill(text), 0o644)
  writeText(main, fill(framed(given)), 0o644)
  return {
    root,
    ports,
    main,
    environment: {
      HOME: root,
      LANG: 'C',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    },
    fill,
    unfill,
    async close() {
      await Promise.all(servers.map(closed))
      rmSync(root, { recursive: true, force: true })
    }
  }
}

const mainNames = {
  lighttpd: 'lighttpd.conf',
  nginx: 'nginx.conf',
  mod_fastcgi: 'httpd.conf',
  mod_fcgid: 'httpd.conf',
  mod_proxy_fcgi: 'httpd.conf'
} as const

/** The Apache cases were recorded behind this frame. */
function framed(given: Setup): string {
  switch (given.server) {
    case 'lighttpd':
    case 'nginx':
      return given.config
    case 'mod_fastcgi':
      return apacheFrame(['fastcgi'], given.config) + ownFolder(given.config) + given.config
    case 'mod_fcgid':
      return apacheFrame(['fcgid']) + given.config
    case 'mod_proxy_fcgi':
      return (
        apacheFrame([
          'proxy',
          'proxy_fcgi',
          'proxy_balancer',
          'lbmethod_byrequests',
          'slotmem_shm',
          'authnz_fcgi'
        ]) + given.config
      )
  }
}

/** The module's own folder for sockets is one of the system; cases that name none get one of their own. */
function ownFolder(config: string): string {
  return /FastCgiIpcDir|FastCgiWrapper/i.test(config) ? '' : 'FastCgiIpcDir @ROOT@/run/fastcgi\n'
}

/** httpd does not serve as root, not even where it cannot become somebody else. */
const webUser = userInfo().uid === 0 ? 'www-data' : userInfo().username

/** Beside what Debian's httpd has built in. */
const commonModules = [
  'mpm_event',
  'authn_file',
  'authn_core',
  'authz_host',
  'authz_user',
  'authz_core',
  'auth_basic',
  'access_compat',
  'reqtimeout',
  'filter',
  'mime',
  'env',
  'headers',
  'setenvif',
  'dir',
  'alias',
  'rewrite',
  'actions',
  'negotiation',
  'autoindex',
  'macro'
] as const

/** What a case loads itself was not loaded by the frame. */
function apacheFrame(modules: readonly string[], config = ''): string {
  const loaded = [...commonModules, ...modules].filter(
    (name) => !config.includes(`LoadModule ${name}_module`)
  )
  const loads = loaded.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  return [
    'ServerRoot @ROOT@',
    'ServerName localhost',
    'Listen 127.0.0.1:@PORT@',
    `User ${webUser}`,
    `Group ${webUser}`,
    ...loads,
    '<Directory />',
    '    AllowOverride None',
    '    Require all granted',
    '</Directory>',
    ''
  ].join('\n')
}

function writeText(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

function listening(
  server: Server,
  where: { readonly path: string } | { readonly host: string; readonly port: number }
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      resolve()
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
