import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Span } from '../../src/diagnostics/index.js'
import { literal, variable } from '../../src/model/index.js'
import type {
  Address,
  Binding,
  FastcgiTarget,
  Member,
  Params,
  Pool,
  ProcessPlan,
  ResponseRules,
  Sendfile,
  Site
} from '../../src/model/index.js'
import { serve } from '../../src/runtime/index.js'
import type { LogEntry, ServeOptions } from '../../src/runtime/index.js'
import { site as leastSite } from '../sites.js'

export const origin: Span = { file: 'a.conf', start: 0, end: 1 }

/** A fresh directory with these files in it, gone when the test is over. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'fcgi-conf-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode: 0o755 })
  }
  return root
}

export const responseRules: ResponseRules = {
  hide: [],
  location: 'redirect',
  statuses: { malformed: 502, closed: 500, timeout: 504, unreachable: 503 },
  invalidStatus: 'malformed',
  repeated: 'apart',
  ranges: false
}

export const plan: ProcessPlan = {
  command: [],
  minimum: 1,
  maximum: 1,
  sockets: 'own',
  when: 'at-start',
  inherit: { kind: 'names', names: ['PATH'] },
  environment: [],
  directory: 'of-program',
  priority: 0,
  killSignal: 15,
  backlog: 128,
  restart: { delay: 1, startDelay: 0, minimumLife: 0, failuresBeforeBackOff: 0, backOffDelay: 0 },
  adaptive: { maxLoad: 0, idleTimeout: 0 },
  socketMode: 0o700
}

export function member(address: Address, rest: Partial<Member> = {}): Member {
  return {
    address,
    weight: 1,
    maxConnections: 0,
    backup: false,
    down: false,
    failure: { kind: 'never' },
    origin,
    ...rest
  }
}

export function pool(members: readonly Member[], rest: Partial<Pool> = {}): Pool {
  return {
    id: 'app',
    members,
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    connection: { connectTimeout: 5, sendTimeout: 5, readTimeout: 5, keep: false, idle: 0 },
    retry: { on: ['connect'], tries: 0, within: 0, nonIdempotent: false },
    origin,
    ...rest
  }
}

const params: Params = {
  entries: [
    { kind: 'param', name: 'QUERY_STRING', value: variable('query'), omit: 'never' },
    { kind: 'param', name: 'REQUEST_METHOD', value: variable('request.method'), omit: 'never' },
    { kind: 'param', name: 'SCRIPT_NAME', value: variable('script.name'), omit: 'never' },
    { kind: 'param', name: 'SCRIPT_FILENAME', value: variable('script.filename'), omit: 'never' },
    { kind: 'param', name: 'REDIRECT_STATUS', value: literal('200'), omit: 'never' },
    { kind: 'param', name: 'CONTENT_LENGTH', value: variable('request.body-length'), omit: 'never' },
    {
      kind: 'headers',
      rules: {
        drop: [],
        rename: [{ header: 'content-type', param: 'CONTENT_TYPE' }],
        repeated: 'joined',
        cookieJoin: '; ',
        oddNames: 'underscore',
        dropEmpty: false,
        overriddenByParams: false
      }
    },
    { kind: 'environment' }
  ]
}

export interface SiteParts {
  readonly root?: string
  readonly pools: readonly Pool[]
  /** Pool asked before `.php` and `/app` are. */
  readonly authorizer?: string
  readonly response?: Partial<ResponseRules>
  readonly sendfile?: Sendfile
  readonly buffered?: boolean
}

/** A site with static files under its root, and the first pool behind `/app` and everything that ends in `.php`. */
export function siteOf({
  root = '/nowhere',
  pools,
  authorizer,
  response,
  sendfile,
  buffered = true
}: SiteParts): Site {
  const target = (role: FastcgiTarget['role'], id: string): FastcgiTarget => ({
    kind: 'fastcgi',
    role,
    pool: { kind: 'pool', id },
    script: {
      split: { kind: 'whole' },
      root: { kind: 'document-root' },
      keepPathInfo: false,
      documentRootFollows: false
    },
    mustExist: false
  })
  const to = (match: Binding['match'], role: FastcgiTarget['role'], id: string): Binding => ({
    match,
    when: { kind: 'always' },
    target: target(role, id),
    at: ['url'],
    origin: { ...origin, start: role === 'responder' ? 0 : 2, end: 3 }
  })
  const [first] = pools
  const ask = authorizer === undefined ? [] : [to({ kind: 'any' }, 'authorizer', authorizer)]
  const answer: readonly Binding[] = first
    ? [
        to({ kind: 'prefix', value: '/app', segments: true }, 'responder', first.id),
        to({ kind: 'suffix', value: '.php' }, 'responder', first.id)
      ]
    : []
  return {
    ...leastSite,
    listeners: [{ id: 'main', address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, tls: false }],
    request: { ...leastSite.request, body: { ...leastSite.request.body, buffered } },
    pipeline: [
      { step: 'scopes', by: 'url' },
      { step: 'body-limit' },
      { step: 'bind', at: 'url' },
      { step: 'map' },
      { step: 'static', methods: ['GET', 'HEAD'], otherwise: 405, pathInfo: 'not-found' },
      { step: 'answer', status: 404, directory: 403 }
    ],
    root: {
      ...leastSite.root,
      settings: [
        { key: 'root', value: { kind: 'root', path: literal(root) }, reach: 'inherited' },
        { key: 'params', value: params, reach: 'inherited' },
        { key: 'bindings', value: [...ask, ...answer], reach: 'inherited' },
        { key: 'defaultMediaType', value: 'text/plain', reach: 'inherited' },
        { key: 'response', value: { ...responseRules, ...response }, reach: 'inherited' },
        ...(sendfile ? [{ key: 'sendfile' as const, value: sendfile, reach: 'inherited' as const }] : [])
      ]
    },
    pools
  }
}

export interface Served {
  readonly port: number
  readonly log: readonly LogEntry[]
  readonly stop: () => Promise<void>
}

/** Serves a site for one test. */
export async function served(site: Site, options: Partial<ServeOptions> = {}): Promise<Served> {
  const log: LogEntry[] = []
  const running = await serve(site, { log: (entry) => log.push(entry), ...options })
  onTestFinished(() => running.stop())
  const address = running.listeners[0]?.address
  return { port: address?.kind === 'tcp' ? address.port : 0, log, stop: () => running.stop() }
}

export interface Reply {
  readonly status: number
  readonly statusLine: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  /** Everything that came, as sent. */
  readonly raw: string
}

/** Sends bytes as they are and reads until the server closes. */
export function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let raw = ''
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => (raw += piece))
    socket.on('close', () => resolve(raw))
    socket.on('error', reject)
    socket.write(text, 'latin1')
  })
}

/** One request on a connection of its own. */
export async function request(
  port: number,
  target: string,
  {
    method = 'GET',
    headers = {},
    body
  }: { method?: string; headers?: Record<string, string>; body?: string } = {}
): Promise<Reply> {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body, 'latin1')) }
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...length, ...headers })
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)].join(
    '\r\n'
  )
  return readReply(await exchange(port, `${head}\r\n\r\n${body ?? ''}`))
}

export function readReply(raw: string): Reply {
  const end = raw.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = raw.slice(0, end).split('\r\n')
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const rest = raw.slice(end + 4)
  const isChunked = headers.some(([name]) => name === 'transfer-encoding')
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    headers,
    body: isChunked ? unchunk(rest) : rest,
    raw
  }
}

function unchunk(text: string): string {
  let body = ''
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    const size = parseInt(text.slice(at, end), 16)
    if (!(size > 0)) return body
    body += text.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
  }
}

export function header(reply: Reply, name: string): string | undefined {
  return reply.headers.find(([found]) => found === name)?.[1]
}
