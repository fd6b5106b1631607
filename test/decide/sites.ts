import type { Span } from '../../src/diagnostics/index.js'
import type {
  Binding,
  FastcgiTarget,
  Params,
  Pool,
  RequestRules,
  Scope,
  Script,
  Setting,
  SettingKey,
  SettingValues,
  Site,
  Step,
  TargetRules
} from '../../src/model/index.js'
import { literal, variable } from '../../src/model/index.js'
import type { FileView, Request, Surroundings } from '../../src/decide/index.js'

/** Sites made by hand, for what decisions do whatever the language. */
export const here: Span = { file: 'test.conf', start: 0, end: 1 }

export const nginxTarget: TargetRules = {
  mergeSlashes: true,
  encodedSlash: 'decoded',
  fragment: 'cut',
  control: 'nul-refused',
  invalidUtf8: 'kept',
  aboveRoot: 'refused',
  normalised: false,
  absoluteForm: 'overrides-host',
  refusedStatus: 400
}

export const lighttpdTarget: TargetRules = {
  mergeSlashes: true,
  encodedSlash: 'decoded',
  fragment: 'cut',
  control: 'refused',
  invalidUtf8: 'refused',
  aboveRoot: 'clamped',
  normalised: true,
  absoluteForm: 'must-equal-host',
  refusedStatus: 400
}

export const requestRules: RequestRules = {
  target: nginxTarget,
  host: { normalised: false, strict: false, missing: 'refused-since-1.1' },
  methods: { known: 'any-upper-case', otherwise: 400, refused: [] },
  oddHeaderNames: 'dropped',
  underscoresInHeaders: 'dropped',
  body: { buffered: true, chunked: 'accepted', withGet: 'accepted', withoutLength: 'empty' },
  maxRedirects: 10
}

export function setting<K extends SettingKey>(
  key: K,
  value: SettingValues[K],
  reach: 'inherited' | 'own' = 'inherited'
): { readonly key: K; readonly value: SettingValues[K]; readonly reach: 'inherited' | 'own' } {
  return { key, value, reach }
}

export function scope(given: Partial<Scope> & { readonly settings?: readonly Setting[] }): Scope {
  return {
    name: 'scope',
    when: { kind: 'always' },
    choose: { kind: 'all' },
    settings: [],
    children: [],
    rank: 0,
    ...given
  }
}

export function pool(id: string): Pool {
  return {
    id,
    members: [
      {
        address: { kind: 'unix', path: `/run/${id}` },
        weight: 1,
        maxConnections: 0,
        backup: false,
        down: false,
        failure: { kind: 'never' },
        origin: here
      }
    ],
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    connection: { connectTimeout: 0, sendTimeout: 0, readTimeout: 0, keep: false, idle: 0 },
    retry: { on: [], tries: 0, within: 0, nonIdempotent: false },
    origin: here
  }
}

export const wholeScript: Script = {
  split: { kind: 'whole' },
  root: { kind: 'document-root' },
  keepPathInfo: false,
  documentRootFollows: false
}

export function toPool(id: string, given: Partial<FastcgiTarget> = {}): FastcgiTarget {
  return {
    kind: 'fastcgi',
    role: 'responder',
    pool: { kind: 'pool', id },
    script: wholeScript,
    mustExist: false,
    ...given
  }
}

export function binding(given: Partial<Binding> & Pick<Binding, 'target'>): Binding {
  return { match: { kind: 'any' }, when: { kind: 'always' }, at: ['content'], origin: here, ...given }
}

export const params: Params = {
  entries: [
    { kind: 'param', name: 'SCRIPT_NAME', value: variable('script.name'), omit: 'never' },
    { kind: 'param', name: 'PATH_INFO', value: variable('script.path-info'), omit: 'absent' },
    { kind: 'param', name: 'SCRIPT_FILENAME', value: variable('script.filename'), omit: 'never' },
    { kind: 'param', name: 'DOCUMENT_ROOT', value: variable('document-root'), omit: 'never' },
    { kind: 'param', name: 'QUERY_STRING', value: variable('query'), omit: 'never' }
  ]
}

export function site(given: {
  readonly root: Scope
  readonly pipeline: readonly Step[]
  readonly pools?: readonly Pool[]
  readonly request?: Partial<RequestRules>
}): Site {
  return {
    schema: 1,
    sources: [],
    listeners: [{ id: 'l', address: { kind: 'tcp', host: '127.0.0.1', port: 80 }, tls: false }],
    request: { ...requestRules, ...given.request },
    pipeline: given.pipeline,
    root: given.root,
    pools: given.pools ?? [],
    directives: []
  }
}

export function root(path: string): Setting {
  return setting('root', { kind: 'root', path: literal(path) })
}

export function request(target: string, given: Partial<Request> = {}): Request {
  return {
    listener: 'l',
    method: 'GET',
    target,
    protocol: 'HTTP/1.1',
    headers: [['Host', 'localhost']],
    body: { kind: 'none' },
    remote: { address: '127.0.0.1', port: 1234 },
    local: { address: '127.0.0.1', port: 80 },
    tls: false,
    ...given
  }
}

/** A tree of files by their paths; what ends in a slash is a directory, and so is all above a file. */
export function surroundings(paths: readonly string[]): Surroundings {
  const files = new Set(paths.filter((path) => !path.endsWith('/')))
  const directories = new Set(['/'])
  for (const path of paths) {
    const parts = path.split('/').slice(1, -1)
    for (let depth = 1; depth <= parts.length; depth++) directories.add(`/${parts.slice(0, depth).join('/')}`)
  }
  const view: FileView = {
    kind(path) {
      const bare = path.length > 1 ? path.replace(/\/+$/, '') : path
      if (directories.has(bare)) return 'directory'
      return files.has(path) ? 'file' : 'missing'
    },
    isExecutable: (path) => files.has(path),
    isLink: () => false,
    size: (path) => (files.has(path) ? 1 : undefined),
    realPath: (path) => path,
    readText: () => undefined
  }
  return { files: view, pick: (asked) => asked.members[0] }
}
