import { hostname, tmpdir } from 'node:os'
import { compile } from '../decide/index.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Listener, Site } from '../model/index.js'
import { Applications } from './applications.js'
import type { Backends } from './backends.js'
import { systemClock } from './clock.js'
import { Counters } from './counters.js'
import { EchoBackends } from './echo-backends.js'
import { diskFiles } from './files.js'
import { folderFiles } from './folder-files.js'
import type { Service } from './http/service.js'
import type { Front } from './http/listener.js'
import type { Limits } from './limits.js'
import type { ServeOptions } from './options.js'
import { Pools } from './pools/index.js'
import { Processes } from './processes/index.js'

/** One reading of the configuration at work: what its requests are decided by, and whom they are sent to. */
export class Generation {
  private readonly service: Service
  private readonly backends: Backends
  private underWay = 0
  private idle: () => void = () => undefined
  private started: () => void = () => undefined
  private ended: Promise<void> | undefined

  constructor(
    readonly site: Site,
    readonly options: ServeOptions,
    limits: Limits
  ) {
    const ready = new Promise<void>((resolve) => (this.started = resolve))
    this.backends = backendsOf(site, options)
    this.service = serviceOf(site, this.backends, limits, ready, options)
  }

  /** Starts its programs, but for those that earlier ones run just so. Resolves to why it cannot. */
  async start(earlier: readonly Generation[]): Promise<readonly Diagnostic[]> {
    try {
      return await this.backends.start(earlier.map(({ backends }) => backends))
    } finally {
      this.started()
    }
  }

  /** How requests of a listener reach it. */
  front(listener: Listener): Front {
    return { service: this.service, listener, begin: () => this.begin() }
  }

  /** Lets it answer what is under way, then ends what it started and no later one has taken over. */
  async retire(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.idle = resolve))
    await this.end()
  }

  /** Ends what it started. */
  end(): Promise<void> {
    return (this.ended ??= this.endAll())
  }

  private async endAll(): Promise<void> {
    this.service.applications.close()
    await this.backends.stop()
  }

  private begin(): () => void {
    this.underWay += 1
    return () => {
      this.underWay -= 1
      if (this.underWay === 0) this.idle()
    }
  }
}

function backendsOf(site: Site, options: ServeOptions): Backends {
  if (options.backends === 'echo') return new EchoBackends(site)
  return new Processes(site, {
    log: options.log,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? process.env,
    directory: options.directory ?? process.cwd()
  })
}

function serviceOf(
  site: Site,
  backends: Backends,
  limits: Limits,
  ready: Promise<void>,
  options: ServeOptions
): Service {
  const clock = options.clock ?? systemClock
  const all = [...site.pools, ...(site.httpPools ?? [])]
  const pools = new Pools(all, {
    clock,
    random: options.random ?? Math.random,
    isRunning: (member) => backends.canAnswer(member)
  })
  const counters = new Counters(site.pools)
  const files = options.files ?? diskFiles
  return {
    site,
    router: compile(site),
    files,
    ...(options.folderFile && { folderFile: folderFiles(options.folderFile, files, options.log) }),
    pools,
    applications: new Applications({ pools, backends, counters, clock, log: options.log }),
    counters,
    limits,
    log: options.log,
    locate: options.locate ?? ((path) => path),
    temporary: options.temporary ?? tmpdir(),
    ready,
    date: options.date ?? Date.now,
    count: counter(),
    moment: momentOf(options)
  }
}

function counter(): () => number {
  let count = 0
  return () => (count += 1)
}

function momentOf({ date = Date.now, random = Math.random }: ServeOptions): Service['moment'] {
  const machine = { name: hostname().toLowerCase(), process: process.pid }
  const digits = (): string =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, '0')
  return ({ connection }) => ({
    id: Array.from({ length: 16 }, digits).join(''),
    began: date(),
    now: date,
    headLength: 0,
    connection,
    machine
  })
}
