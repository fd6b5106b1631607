import type { Span } from '../../../diagnostics/index.js'
import {
  always,
  type Address,
  type Binding,
  type Condition,
  type Match,
  type Pool,
  type Target,
  type Test
} from '../../../model/index.js'
import { balancerPool, type BalancerLine } from './balancers.js'
import type { Surroundings } from './params.js'
import { leastLength } from './captures.js'
import { askedBeginning, askedPath, gluedBindings, passBindings, type Passing } from './passed.js'
import { escapeRegex, regex, test } from './patterns.js'
import type { Pass, Server } from './place.js'
import {
  defaultPort,
  escapedPath,
  handledPath,
  handlerBindings,
  otherSchemes,
  parseBackend,
  passedTargets,
  proxyHandler,
  runtimeDirectory,
  workerPool,
  workersOf,
  type Backend,
  type Proxying,
  type TypedCondition,
  type Way,
  type Worker,
  type WorkerSettings
} from './proxy.js'
import type { Reader } from './reader.js'

type Parameters = ReadonlyMap<string, string>

/** A worker, or why requests for it cannot be answered. */
type Found = Worker | { readonly unread: Target }

/** mod_proxy's workers as one server knows them: those of the main server, then its own. */
export class ProxyServer {
  readonly pools: Pool[] = []
  private readonly servers: readonly Server[]
  private readonly workers: Worker[] = []
  private readonly unread = new Map<string, Target>()
  private readonly proxying: Proxying
  private readonly timeout: number
  private readonly passed: ReadonlyMap<Pass, Found>

  constructor(server: Server, reader: Reader, around: Surroundings) {
    const { main } = reader
    this.servers = server === main ? [main] : [main, server]
    // ProxyPass lines are inherited in any case (mod_proxy: `merge_proxy_config`).
    const inherits = { ...main.inherits, ...server.inherits }
    const defining = inherits.passes === false && inherits.balancers === false ? [server] : this.servers
    this.timeout = server.proxyTimeout ?? main.proxyTimeout ?? server.timeout ?? main.timeout ?? 60
    this.proxying = {
      types: backendTypes(this.servers, reader),
      around,
      pathInfoVariable: reader.setsPathInfoVariable
    }
    // Workers come into being in the order of the text, whatever order they are asked in.
    for (const { backend, parameters, span, sets } of defining.flatMap((one) => one.workers))
      this.worker(backend, parameters, span, { sets })
    const balancers = joinedBalancers(defining.flatMap((one) => one.balancers))
    for (const balancer of balancers.values()) this.balancer(balancer)
    const passes = this.servers.flatMap((one) => [...one.passes, ...one.sectionPasses])
    this.passed = new Map(
      passes.flatMap((pass) =>
        isBackend(pass.backend)
          ? [
              [
                pass,
                this.worker(pass.backend, pass.parameters, pass.span, {
                  byPattern: pass.match.kind === 'regex'
                })
              ] as const
            ]
          : []
      )
    )
  }

  /** ProxyPass before any file is looked at: of sections the last that fits, then lines in order, the main server's first. */
  passBindings(): readonly Binding[] {
    const inSections = this.servers.flatMap((one) => one.sectionPasses)
    const lines = this.servers.flatMap((one) => one.passes)
    return [...inSections.reverse(), ...lines].flatMap((pass) => this.bindingsOf(pass))
  }

  /** Every `proxy:` handler that some line of the server, or of the main one, gives, once. */
  handlerBindings(reader: Reader): readonly Binding[] {
    if (!reader.modules.provides('mod_proxy_fcgi')) return []
    const found = new Map(reader.labelsOf(this.servers).map((used) => [used.label, used]))
    return [...found.values()].flatMap(({ label, span }): readonly Binding[] => {
      const url = proxyHandler(label)
      if (url === undefined) return []
      const unread = {
        match: { kind: 'label', value: label },
        when: always,
        at: ['content'],
        origin: span
      } as const
      const backend = parseBackend(url, runtimeDirectory)
      if (backend === undefined) {
        // What it would answer is not known here; the file's source must not be sent in its place.
        const what = `the handler \`${label}\``
        return otherSchemes.test(label) ? [{ ...unread, target: { kind: 'unsupported', what } }] : []
      }
      const worker = this.worker(backend, undefined, span)
      if ('unread' in worker) return [{ ...unread, target: worker.unread }]
      const whole = { of: 'text', template: handledPath(backend) } as const
      const ways = this.ways(backend, worker, (path, byPattern) =>
        test(whole, byPattern ? patternTest(path) : { kind: 'prefix', value: path, segments: false })
      )
      return handlerBindings(label, backend, ways, this.proxying, span)
    })
  }

  /** Whom a URL that a rule made is handed to. */
  targets(
    url: string,
    span: Span,
    of: 'url' | 'file'
  ): readonly { readonly when: Condition; readonly target: Target }[] {
    const backend = parseBackend(url, runtimeDirectory)
    if (backend === undefined) return [{ when: always, target: unsupported(url) }]
    const worker = this.worker(backend, undefined, span, { byPath: true })
    if ('unread' in worker) return [{ when: always, target: worker.unread }]
    // What the rule made is the whole URL; its path is told as it would stand in one.
    const path = {
      kind: 'part',
      of: [{ kind: 'capture', group: 1, from: 'rule' }],
      matching: { source: '^(?:unix:[^|]*\\|)?[a-z]+:(?://[^/]*)?(/.*)$', ignoreCase: true }
    } as const
    return passedTargets(escapedPath([path]), { ...backend, path: '' }, worker, this.proxying, of)
  }

  private bindingsOf(pass: Pass): readonly Binding[] {
    const { match, condition, backend, span, raw } = pass
    const shared = { match, when: condition, at: ['url'], origin: span } as const
    if (backend === undefined) return [{ ...shared, target: { kind: 'none' } }]
    if (!isBackend(backend)) return [{ ...shared, target: unsupported(backend.unread) }]
    const worker = this.passed.get(pass)
    if (worker === undefined) return []
    const glued = gluedBindings(pass, backend)
    if ('unread' in worker) return [...glued, { ...shared, target: worker.unread }]
    const bindings = (asItCame: boolean): readonly Binding[] => {
      const passing = { match, condition, raw: asItCame, span }
      return passBindings(passing, backend, this.passedWays(passing, backend, worker), this.proxying)
    }
    return [...glued, ...(raw ? [...bindings(true), ...bindings(false)] : bindings(false))]
  }

  /**
   * Whose a URL is that is passed on: of the workers that are defined for its host, the one with the longest URL that it begins
   * with; for one that is nobody's a connection is made to its host (`ap_proxy_get_worker`, `ap_proxy_pre_request`).
   */
  private passedWays(passing: Passing, backend: Backend, usual: Worker): readonly Way[] {
    if (usual.balancer !== undefined) return [{ worker: usual, when: always }]
    const whole = { of: 'text', template: askedPath(passing, backend) } as const
    const beginning = askedBeginning(passing, backend)
    const ways: Way[] = []
    for (const { worker, path } of workersOf(this.workers, backend.origin)) {
      const isPattern = worker.byPattern === true && /\$\d/.test(path)
      const isAlways = isPattern ? isFilled(passing.match, path, backend.path) : beginning.startsWith(path)
      if (isAlways) return [...ways, { worker, when: always }]
      if (isPattern) ways.push({ worker, when: test(whole, patternTest(path)) })
      else if (path.startsWith(beginning))
        ways.push({ worker, when: test(whole, { kind: 'prefix', value: path, segments: false }) })
    }
    return [...ways, { worker: this.generic(backend, passing.span), when: always }]
  }

  /** The connection that is made where a URL is nobody's: whatever socket was named, to its host and port. */
  private generic({ origin }: Backend, span: Span): Worker {
    const [, host = '', port = String(defaultPort)] = /^fcgi:\/\/(.*?)(?::(\d+))?$/.exec(origin) ?? []
    const at = { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port: Number(port) } as const
    const id = addressText(at)
    if (!this.pools.some((pool) => pool.id === id))
      this.pools.push(workerPool(id, at, this.settings(undefined), span, false))
    return { url: origin, poolId: id, named: false }
  }

  /** A URL that goes on behind a backend's path may be that of another worker. `fits`: when it is. */
  private ways(
    backend: Backend,
    usual: Worker,
    fits: (path: string, byPattern: boolean) => Condition
  ): readonly Way[] {
    const others = workersOf(this.workers, backend.origin).filter(
      ({ worker, path }) =>
        worker !== usual &&
        (worker.byPattern === true || (path.length > backend.path.length && path.startsWith(backend.path)))
    )
    return [
      ...others.map(({ worker, path }) => ({ worker, when: fits(path, worker.byPattern === true) })),
      { worker: usual, when: always }
    ]
  }

  private worker(
    backend: Backend,
    parameters: Parameters | undefined,
    span: Span,
    {
      byPath = false,
      byPattern = false,
      sets = []
    }: { readonly byPath?: boolean; readonly byPattern?: boolean; readonly sets?: readonly Span[] } = {}
  ): Found {
    const named = parameters !== undefined
    if (backend.kind === 'balancer') return this.ofBalancer(backend, named || byPath)
    const url = `${backend.origin}${backend.path}`
    // A handler's URL goes on with the file's path.
    const asked = named || byPath ? backend.path : `${backend.path}/`
    const shared = workersOf(this.workers, named ? backend.written : backend.origin).find(
      ({ worker, path }) => (worker.byPattern === true) === byPattern && asked.startsWith(path)
    )
    if (shared !== undefined) return shared.worker
    const id = `${addressText(backend.address)}${named ? `|${url}` : ''}`
    if (!this.pools.some((pool) => pool.id === id))
      this.pools.push({
        ...workerPool(id, backend.address, this.settings(parameters), span, named),
        ...(sets.length > 0 && { also: sets })
      })
    const made: Worker = { url, poolId: id, named, ...(byPattern && { byPattern }) }
    this.workers.push(made)
    return made
  }

  /** One that nobody defines: 500 for a handler, 503 for a URL that is passed on. */
  private ofBalancer({ origin }: Backend, passed: boolean): Found {
    const unread = this.unread.get(origin)
    if (unread !== undefined) return { unread }
    const pool = this.pools.find(({ id }) => id === origin)
    if (pool === undefined) return { unread: { kind: 'status', status: passed ? 503 : 500 } }
    return { url: origin, poolId: origin, named: true, balancer: pool }
  }

  private balancer(line: BalancerLine): void {
    const pool = balancerPool(line, (parameters) => this.settings(parameters))
    if ('unread' in pool) this.unread.set(line.origin, { kind: 'unsupported', what: pool.unread })
    else this.pools.push(pool)
  }

  private settings(parameters: Parameters | undefined): WorkerSettings {
    const parameter = (name: string): string | undefined => parameters?.get(name)
    const number = (name: string, otherwise: number): number => {
      const value = Number.parseInt(parameter(name) ?? '', 10)
      return Number.isNaN(value) ? otherwise : value
    }
    const isOn = (name: string): boolean => parameter(name)?.toLowerCase() === 'on'
    const timeout = number('timeout', this.timeout)
    return {
      timeout,
      connectTimeout: number('connectiontimeout', timeout),
      retry: number('retry', 60),
      reuse: isOn('enablereuse') || parameter('disablereuse')?.toLowerCase() === 'off',
      max: number('max', 0)
    }
  }
}

/** Fits what begins so and is as long as the URL is written at least (mod_proxy: `ap_proxy_strcmp_ematch`). */
function patternTest(path: string): Test {
  const source = path.split(/\$\d/).map(escapeRegex).join('.*')
  return { kind: 'regex', regex: regex(`^(?=.{${path.length}})${source}`) }
}

/** Whether what a pattern's own groups make of a URL always is as long as it is written (`patternTest`). */
function isFilled(match: Match, path: string, own: string): boolean {
  if (path !== own || match.kind !== 'regex') return false
  const groups = [...path.matchAll(/\$(\d)/g)].map(([, group]) => Number(group))
  return groups.every((group) => group > 0 && leastLength(match.regex.source, group) >= '$1'.length)
}

function unsupported(url: string): Target {
  return { kind: 'unsupported', what: `\`${url}\`, which is no FastCGI application` }
}

function isBackend(backend: Pass['backend']): backend is Backend {
  return backend !== undefined && !('unread' in backend)
}

function addressText(at: Address): string {
  return at.kind === 'unix' ? `unix:${at.path}` : `${at.host}:${at.port}`
}

/** All that is said of a balancer, wherever it is said. */
function joinedBalancers(lines: readonly BalancerLine[]): ReadonlyMap<string, BalancerLine> {
  const found = new Map<string, BalancerLine>()
  for (const line of lines) {
    const known = found.get(line.origin)
    found.set(
      line.origin,
      known === undefined
        ? line
        : {
            ...known,
            parameters: new Map([...known.parameters, ...line.parameters]),
            members: [...known.members, ...line.members],
            sets: [...known.sets, line.span, ...line.sets]
          }
    )
  }
  return found
}

function backendTypes(servers: readonly Server[], reader: Reader): readonly TypedCondition[] {
  const said = reader.backendTypes.filter(({ place }) => servers.includes(place.server))
  const whole = said.findLast(({ place }) => servers.some((server) => server === place))
  const inSections = said.filter(({ place }) => !servers.some((server) => server === place))
  return [
    ...inSections.reverse().map(({ type, place }) => ({
      type,
      when: place.condition,
      ...(place.context === 'proxy' && { passedTo: place.path ?? '' })
    })),
    { type: whole?.type ?? 'FPM', when: always }
  ]
}
