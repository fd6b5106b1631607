import type { Span } from '../../../diagnostics/index.js'
import type { Address, Binding, Condition, Match, Pool, Script, Template } from '../../../model/index.js'
import { literal } from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { proxyParams, type Surroundings } from './params.js'
import { substitution } from './patterns.js'

/** What stands behind `proxy:` or in a ProxyPass: where the application listens, and the URL it is asked with. */
export interface Backend {
  readonly address: Address
  /** `fcgi://localhost:9000`, as written but for the scheme's case. */
  readonly origin: string
  /** Behind host and port; empty or with its first slash. */
  readonly path: string
}

/** Where httpd keeps files made at run time, for sockets with relative names. */
export const runtimeDirectory = '/var/run/apache2'

/** mod_proxy_fcgi's port where the URL has none. */
const defaultPort = 8000

/** `unix:/run/app.sock|fcgi://localhost/srv` or `fcgi://127.0.0.1:9000`; undefined for other schemes and forms. */
export function parseBackend(text: string, runtimeDirectory: string): Backend | undefined {
  const match = /^(?:unix:([^|]*)\|)?fcgi:\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/i.exec(text)
  if (match === null) return undefined
  const [, socket, host = '', port, path = ''] = match
  const origin = `fcgi://${host}${port === undefined ? '' : `:${port}`}`
  if (socket === undefined) {
    const bare = host.replace(/^\[|\]$/g, '')
    return {
      address: { kind: 'tcp', host: bare, port: port === undefined ? defaultPort : Number(port) },
      origin,
      path
    }
  }
  const absolutePath = socket.startsWith('/') ? socket : `${runtimeDirectory}/${socket}`
  return { address: { kind: 'unix', path: absolutePath }, origin, path }
}

/** The URL in a handler's name (`proxy:` in any case); undefined for handlers of other modules. */
export function proxyHandler(label: string): string | undefined {
  return /^proxy:/i.test(label) ? label.slice('proxy:'.length) : undefined
}

/** Schemes of mod_proxy that take the request away from the file; any other name is no handler at all. */
export const otherSchemes =
  /^proxy:(?:unix:[^|]*\|)?(?:balancer|https?|h2c?|ajp|uwsgi|scgi|wss?|ftp|fdpass):\/\//i

/** One backend of mod_proxy with its parameters. Workers are known by their URL, not by the socket. */
export interface Worker {
  readonly url: string
  readonly poolId: string
  readonly named: boolean
}

/** ProxyPass's worker that an URL falls to: the longest URL that it begins with. */
export function sharedWorker(workers: readonly Worker[], url: string): Worker | undefined {
  return workers
    .filter((worker) => worker.named && url.startsWith(worker.url))
    .reduce<Worker | undefined>(
      (longest, worker) =>
        longest === undefined || worker.url.length > longest.url.length ? worker : longest,
      undefined
    )
}

export interface WorkerSettings {
  readonly connectTimeout: number
  readonly timeout: number
  readonly retry: number
  readonly reuse: boolean
  readonly max: number
}

export function workerPool(
  id: string,
  address: Address,
  settings: WorkerSettings,
  span: Span,
  named: boolean
): Pool {
  return {
    id,
    name: id,
    origin: span,
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    members: [
      {
        address,
        weight: 1,
        maxConnections: settings.max,
        backup: false,
        down: false,
        // After a failed connection a named worker is left alone for a while.
        failure:
          named && settings.retry > 0 ? { kind: 'disable', seconds: settings.retry } : { kind: 'never' },
        origin: span
      }
    ],
    connection: {
      connectTimeout: settings.connectTimeout,
      sendTimeout: settings.timeout,
      readTimeout: settings.timeout,
      keep: settings.reuse,
      idle: settings.reuse ? 1 : 0
    },
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false }
  }
}

/** Whether SCRIPT_FILENAME loses `proxy:fcgi://host:port`. */
export type BackendType = 'FPM' | 'GENERIC'

/** `SetHandler "proxy:…"`: the file is mapped as any other, then handed over. */
export function handlerBinding(
  label: string,
  backend: Backend,
  worker: Worker,
  type: BackendType,
  when: Condition,
  around: Surroundings,
  origin: Span
): Binding {
  const prefix = type === 'GENERIC' ? backend.path : `proxy:${backend.origin}${backend.path}`
  const script: Script = prefix === '' ? fileScript : { ...fileScript, filenamePrefix: prefix }
  return {
    match: { kind: 'label', value: label },
    when,
    at: ['content'],
    origin,
    target: {
      kind: 'fastcgi',
      role: 'responder',
      pool: { kind: 'pool', id: worker.poolId },
      script,
      mustExist: false,
      params: proxyParams(around, worker.named)
    }
  }
}

/** `ProxyPass /app/ fcgi://h:9000/srv/`: before any file is looked at; the URL behind the prefix is appended, escaped. */
export function passBinding(
  match: Match,
  backend: Backend,
  worker: Worker,
  type: BackendType,
  when: Condition,
  around: Surroundings,
  origin: Span
): Binding {
  const start = type === 'GENERIC' ? '' : `proxy:${backend.origin}`
  const whole: Template = [...literal(start), ...passedPath(match, backend.path)]
  return {
    match,
    when,
    at: ['url'],
    origin,
    target: {
      kind: 'fastcgi',
      role: 'responder',
      pool: { kind: 'pool', id: worker.poolId },
      script: { ...fileScript, split: { kind: 'whole' }, root: { kind: 'whole', template: whole } },
      mustExist: false,
      params: proxyParams(around, true)
    }
  }
}

function passedPath(match: Match, path: string): Template {
  if (match.kind === 'regex') {
    const filled = substitution(path)
    if (filled.some(({ kind }) => kind === 'capture')) return filled
    // Without groups the whole path is appended.
    return [...literal(path), { kind: 'variable', name: 'path' }]
  }
  const rest: Template = [
    { kind: 'apply', function: 'escape-path', to: [{ kind: 'capture', group: 1, from: 'rule' }] }
  ]
  if (path !== '') return [...literal(path), ...rest]
  return [{ kind: 'first-of', of: [rest, literal('/')] }]
}
