import type { Span } from '../../../diagnostics/index.js'
import type {
  Address,
  Binding,
  Condition,
  FastcgiTarget,
  Pool,
  Script,
  Template,
  TemplatePart
} from '../../../model/index.js'
import { always, literal, variable } from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { proxyParams, type Surroundings } from './params.js'
import { pathInfoScripts } from './path-info.js'

/** What stands behind `proxy:` or in a ProxyPass: where the application listens, and the URL it is asked with. */
export type Backend =
  | {
      readonly kind: 'application'
      readonly address: Address
      /** `fcgi://localhost:9000`: in small letters, without the port that is meant anyway. */
      readonly origin: string
      /** The same as it is written, but for its letters. */
      readonly written: string
      /** Behind host and port; empty or with its first slash. */
      readonly path: string
    }
  /** Several of them under one name. */
  | { readonly kind: 'balancer'; readonly origin: string; readonly path: string }

/** Where httpd keeps files made at run time, for sockets with relative names. */
export const runtimeDirectory = '/var/run/apache2'

/** mod_proxy_fcgi's port where the URL has none. */
export const defaultPort = 8000

/** `unix:/run/app.sock|fcgi://localhost/srv`, `fcgi://127.0.0.1:9000`, `balancer://name`; undefined for other schemes and forms. */
export function parseBackend(text: string, runtimeDirectory: string): Backend | undefined {
  const balancer = /^balancer:\/\/([^/]+)(\/.*)?$/i.exec(text)
  if (balancer !== null) {
    const [, name = '', path = ''] = balancer
    return { kind: 'balancer', origin: `balancer://${name.toLowerCase()}`, path }
  }
  const match = /^(?:unix:([^|]*)\|)?fcgi:\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/i.exec(text)
  if (match === null) return undefined
  const [, socket, host = '', port, path = ''] = match
  const named = host === '' ? 'localhost' : host.toLowerCase()
  const isUsual = port === undefined || Number(port) === defaultPort
  const origin = `fcgi://${named}${isUsual ? '' : `:${port}`}`
  const written = `fcgi://${named}${port === undefined ? '' : `:${port}`}`
  if (socket === undefined) {
    const bare = host.replace(/^\[|\]$/g, '')
    return {
      kind: 'application',
      address: { kind: 'tcp', host: bare, port: port === undefined ? defaultPort : Number(port) },
      origin,
      written,
      path
    }
  }
  const absolutePath = socket.startsWith('/') ? socket : `${runtimeDirectory}/${socket}`
  return { kind: 'application', address: { kind: 'unix', path: absolutePath }, origin, written, path }
}

/** The URL in a handler's name (`proxy:` in any case); undefined for handlers of other modules. */
export function proxyHandler(label: string): string | undefined {
  return /^proxy:/i.test(label) ? label.slice('proxy:'.length) : undefined
}

/** Schemes of mod_proxy that take the request away from the file; any other name is no handler at all. */
export const otherSchemes = /^proxy:(?:unix:[^|]*\|)?(?:https?|h2c?|ajp|uwsgi|scgi|wss?|ftp|fdpass):\/\//i

/** One backend of mod_proxy with its parameters. Workers are known by their URL, not by the socket. */
export interface Worker {
  readonly url: string
  readonly poolId: string
  readonly named: boolean
  /** It is that of a ProxyPassMatch: `$1` to `$9` in its URL stand for any text, and the URL asked for must fit as a whole. */
  readonly byPattern?: true
  /** Its name, where it stands for several: the member that is chosen says its own URL. */
  readonly balancer?: Pool
}

/** Workers that the configuration defines for a host and port, the longest URL first, with the path of each (`ap_proxy_get_worker`). */
export function workersOf(
  workers: readonly Worker[],
  origin: string
): readonly { readonly worker: Worker; readonly path: string }[] {
  return workers
    .filter((worker) => worker.named && /^(?:\/|$)/.test(afterPrefix(worker.url, origin) ?? '-'))
    .map((worker) => ({ worker, path: worker.url.slice(origin.length) }))
    .sort((left, right) => right.path.length - left.path.length)
}

function afterPrefix(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}

/** A worker with the requests that come to it. */
export interface Way {
  readonly worker: Worker
  readonly when: Condition
}

export interface WorkerSettings {
  readonly connectTimeout: number
  readonly timeout: number
  readonly retry: number
  readonly reuse: boolean
  readonly max: number
}

export function connectionOf({ connectTimeout, timeout, reuse }: WorkerSettings): Pool['connection'] {
  return {
    connectTimeout,
    sendTimeout: timeout,
    readTimeout: timeout,
    keep: reuse,
    idle: reuse ? 1 : 0
  }
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
    connection: connectionOf(settings),
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false }
  }
}

/** Whether SCRIPT_FILENAME loses `proxy:fcgi://host:port`. */
export type BackendType = 'FPM' | 'GENERIC'

/** A backend type with the requests it holds for, the last one that fits first. */
export interface TypedCondition {
  readonly type: BackendType
  readonly when: Condition
  /** Of a `<Proxy>`: what URLs begin with that requests are passed on to. */
  readonly passedTo?: string
}

/** What all requests of one server to workers have in common. */
export interface Proxying {
  readonly types: readonly TypedCondition[]
  readonly around: Surroundings
  /** Some line sets the variable that says where the path info begins. */
  readonly pathInfoVariable: boolean
}

/** A path as it stands in the URL that is passed on (mod_proxy: `ap_proxy_canonenc_ex`). */
export function escapedPath(to: Template): Template {
  return [{ kind: 'apply', function: 'escape-passed-path', to }]
}

/** What the filename begins with ahead of the path: `proxy:` and the worker's URL, or nothing. */
function start(type: BackendType, backend: Backend, worker: Worker): Template {
  if (worker.balancer === undefined) return literal(type === 'GENERIC' ? '' : `proxy:${backend.origin}`)
  const url: TemplatePart = {
    kind: 'part',
    of: variable('member.label'),
    matching: {
      source: type === 'GENERIC' ? '^[^/]*(?:unix:[^|]*\\|)?[a-z]+://[^/]*(/.*)$' : '([a-z]+://.*)$',
      ignoreCase: true
    }
  }
  return type === 'GENERIC' ? [url] : [...literal('proxy:'), url]
}

/** The path that a handler's URL ends in: that of the file, as it is. */
export function handledPath({ path }: Backend): Template {
  return [...literal(path), ...variable('filename')]
}

/** A name is passed on as it is: what cannot stand in a URL is refused, and what PHP-FPM would take for a query. */
type Checks = NonNullable<FastcgiTarget['checks']>
const anyNames: Checks = [{ must: 'have-no-controls', status: 403 }]
const namesForFpm: Checks = [...anyNames, { must: 'have-no-question-mark', status: 403 }]

function behind(prefix: Template): Pick<Script, 'filenamePrefix'> {
  return prefix.length > 0 ? { filenamePrefix: prefix } : {}
}

/** `SetHandler "proxy:…"`: the file is mapped as any other, then handed over. */
export function handlerBindings(
  label: string,
  backend: Backend,
  ways: readonly Way[],
  proxying: Proxying,
  origin: Span
): readonly Binding[] {
  const { types, around, pathInfoVariable } = proxying
  const path = handledPath(backend)
  const scripts = pathInfoVariable
    ? pathInfoScripts(path, fileScript)
    : [{ when: always, script: fileScript }]
  const ofFiles = types.filter(({ passedTo }) => passedTo === undefined)
  return ways.flatMap(({ worker, when: way }) =>
    ofFiles.flatMap(({ type, when }) => {
      const before = start(type, backend, worker)
      return scripts.map(({ when: asked, script }): Binding => ({
        match: { kind: 'label', value: label },
        when: [way, when, asked].reduce(both),
        at: ['content'],
        origin,
        target: {
          ...target(worker, around, {
            ...script,
            ...(script === fileScript
              ? behind([...before, ...literal(backend.path)])
              : { root: { kind: 'whole', template: [...before, ...path] } })
          }),
          checks: type === 'GENERIC' ? anyNames : namesForFpm
        }
      }))
    })
  )
}

function target(worker: Worker, around: Surroundings, script: Script): FastcgiTarget {
  return {
    kind: 'fastcgi',
    role: 'responder',
    pool: { kind: 'pool', id: worker.poolId },
    script,
    mustExist: false,
    ownErrors: true,
    params: proxyParams(around, worker.named, worker.balancer)
  }
}

/** A path an application is asked for, as it stands in the URL; and the targets of requests for it, the first that fits. */
export function passedTargets(
  path: Template,
  backend: Backend,
  worker: Worker,
  { types, around, pathInfoVariable }: Proxying,
  of: 'url' | 'file' = 'url'
): readonly { readonly when: Condition; readonly target: FastcgiTarget }[] {
  // Once the request is mapped to a file, what follows that stays the path info.
  const usual: Script = of === 'url' ? { ...fileScript, split: { kind: 'whole' } } : fileScript
  const scripts = pathInfoVariable ? pathInfoScripts(path, usual) : [{ when: always, script: usual }]
  const fitting = types.flatMap(({ type, when, passedTo }) =>
    passedTo === undefined
      ? [{ type, when }]
      : `${backend.origin}${backend.path}`.startsWith(passedTo)
        ? [{ type, when: always }]
        : []
  )
  return fitting.flatMap(({ type, when }) =>
    scripts.map(({ when: asked, script }) => ({
      when: both(when, asked),
      target: {
        ...target(worker, around, {
          ...script,
          root: { kind: 'whole', template: [...start(type, backend, worker), ...path] }
        }),
        ...(of === 'url' && { passedTo: [...literal(backend.origin), ...path] })
      }
    }))
  )
}

export function both(one: Condition, other: Condition): Condition {
  if (one.kind === 'always') return other
  return other.kind === 'always' ? one : { kind: 'all', of: [one, other] }
}
