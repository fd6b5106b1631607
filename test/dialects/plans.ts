import type {
  Binding,
  FastcgiTarget,
  InForce,
  Ledger,
  Listener,
  Member,
  Note,
  ParamEntry,
  Plan,
  PlannedHost,
  Pool,
  ProcessPlan,
  Script,
  SettingKey,
  SettingOf,
  SettingValues,
  Site,
  Template,
  VariableName,
  Verdict
} from '../../src/model/index.js'
import { always, literal, variable } from '../../src/model/index.js'
import type { Span } from '../../src/diagnostics/index.js'

/** A place in a source that does not exist; each number is a directive of its own. */
export function at(number: number): Span {
  return { file: 'source.conf', start: number * 10, end: number * 10 + 5 }
}

export interface Marked {
  readonly at: number
  readonly verdict: Verdict
  readonly note: Note | undefined
}

/** A ledger that remembers what it is told, with comments for some directives. */
export function recordingLedger(comments: ReadonlyMap<number, readonly string[]> = new Map()): Ledger & {
  readonly marks: Marked[]
  readonly told: { readonly verdict: Verdict; readonly note: Note }[]
} {
  const marks: Marked[] = []
  const told: { readonly verdict: Verdict; readonly note: Note }[] = []
  const taken = new Set<number>()
  return {
    marks,
    told,
    mark(origin, verdict, note) {
      if (origin !== undefined) marks.push({ at: origin.start / 10, verdict, note })
    },
    markPart() {
      return undefined
    },
    unasked(verdict, note) {
      told.push({ verdict, note })
    },
    takeComments(origin) {
      if (origin === undefined || taken.has(origin.start)) return []
      taken.add(origin.start)
      return comments.get(origin.start / 10) ?? []
    }
  }
}

export const http: Listener = {
  id: 'http',
  address: { kind: 'tcp', host: '', port: 8080 },
  tls: false,
  origin: at(1)
}

export function setting<K extends SettingKey>(
  key: K,
  value: SettingValues[K],
  origin?: number
): SettingOf<K> {
  return { key, value, reach: 'inherited', ...(origin === undefined ? {} : { origin: at(origin) }) }
}

export const processPlan: ProcessPlan = {
  command: ['/usr/bin/php-cgi'],
  minimum: 1,
  maximum: 2,
  sockets: 'own',
  when: 'at-start',
  inherit: { kind: 'all' },
  environment: [{ name: 'PHP_FCGI_CHILDREN', value: '4', origin: at(90) }],
  directory: 'of-program',
  priority: 0,
  killSignal: 15,
  backlog: 1024,
  restart: { delay: 1, startDelay: 0, minimumLife: 0, failuresBeforeBackOff: 0, backOffDelay: 0 },
  adaptive: { maxLoad: 1, idleTimeout: 60 },
  socketMode: 0o700
}

export function member(path: string, more: Partial<Member> = {}): Member {
  return {
    address: { kind: 'unix', path },
    weight: 1,
    maxConnections: 0,
    backup: false,
    down: false,
    failure: { kind: 'disable', seconds: 1 },
    origin: at(20),
    ...more
  }
}

export function pool(id: string, members: readonly Member[], more: Partial<Pool> = {}): Pool {
  return {
    id,
    members,
    balance: { kind: 'least-connections', ties: 'first' },
    connection: { connectTimeout: 8, sendTimeout: 0, readTimeout: 0, keep: false, idle: 0 },
    retry: { on: ['connect'], tries: 6, within: 0, nonIdempotent: true },
    origin: at(21),
    ...more
  }
}

export const atFile: Script = {
  split: { kind: 'file' },
  root: { kind: 'filename' },
  keepPathInfo: false,
  documentRootFollows: false
}

export const afterPrefix: Script = {
  ...atFile,
  split: { kind: 'after-prefix' },
  root: { kind: 'document-root' }
}

export function target(id: string, more: Partial<FastcgiTarget> = {}): FastcgiTarget {
  return {
    kind: 'fastcgi',
    role: 'responder',
    pool: { kind: 'pool', id },
    script: atFile,
    mustExist: true,
    ...more
  }
}

export function binding(
  match: Binding['match'],
  to: Binding['target'],
  more: Partial<Binding> = {}
): Binding {
  return { match, when: always, target: to, at: ['url', 'file'], origin: at(30), ...more }
}

export function param(
  name: string,
  value: Template | VariableName,
  more: Partial<Extract<ParamEntry, { kind: 'param' }>> = {}
): ParamEntry {
  const template = typeof value === 'string' ? variable(value) : value
  return { kind: 'param', name, value: template, omit: 'never', ...more }
}

/** What an application is told by a server that passes logins on. */
export const usualParams: readonly ParamEntry[] = [
  param('CONTENT_LENGTH', 'request.body-length'),
  param('QUERY_STRING', 'query'),
  param('REQUEST_URI', 'request.uri'),
  param('REDIRECT_STATUS', literal('200')),
  param('SCRIPT_NAME', 'script.name'),
  param('PATH_INFO', 'script.path-info', { omit: 'empty' }),
  param('SCRIPT_FILENAME', 'script.filename'),
  param('DOCUMENT_ROOT', 'document-root'),
  param('REQUEST_METHOD', 'request.method'),
  param('SERVER_PROTOCOL', 'request.protocol'),
  param('SERVER_PORT', 'server.port'),
  param('SERVER_NAME', 'server.name'),
  param('REMOTE_ADDR', 'remote.address'),
  {
    kind: 'headers',
    rules: {
      drop: ['proxy'],
      rename: [{ header: 'content-type', param: 'CONTENT_TYPE' }],
      repeated: 'joined',
      cookieJoin: '; ',
      oddNames: 'underscore',
      dropEmpty: true,
      overriddenByParams: false
    }
  },
  { kind: 'environment' }
]

export function host(settings: InForce, more: Partial<PlannedHost> = {}): PlannedHost {
  return { listeners: [http], names: [], isDefault: true, settings, rules: [], ...more }
}

export function site(pools: readonly Pool[], listeners: readonly Listener[] = [http]): Site {
  return {
    schema: 1,
    sources: [],
    listeners,
    request: {
      target: {
        mergeSlashes: true,
        encodedSlash: 'decoded',
        fragment: 'cut',
        control: 'refused',
        invalidUtf8: 'refused',
        aboveRoot: 'clamped',
        normalised: true,
        absoluteForm: 'must-equal-host',
        refusedStatus: 400
      },
      host: { normalised: true, strict: true, missing: 'refused-since-1.1' },
      methods: { known: 'any-upper-case', otherwise: 501, refused: [] },
      oddHeaderNames: 'kept',
      underscoresInHeaders: 'kept',
      body: { buffered: true, chunked: 'accepted', withGet: 'refused', withoutLength: 'length-required' },
      maxRedirects: 10
    },
    pipeline: [],
    root: { name: 'site', when: always, choose: { kind: 'all' }, settings: [], children: [], rank: 0 },
    pools,
    directives: []
  }
}

export function plan(pools: readonly Pool[], hosts: readonly PlannedHost[]): Plan {
  return { site: site(pools), hosts, notes: [] }
}
