import { tmpdir } from 'node:os'
import { compile } from '../decide/index.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Listener, Member, Site } from '../model/index.js'
import { Applications } from './applications.js'
import type { Dialing } from './applications.js'
import { systemClock } from './clock.js'
import { EchoBackends } from './echo-backends.js'
import { diskFiles } from './files.js'
import type { Service } from './http/handle.js'
import { openListener } from './http/listener.js'
import type { OpenListener } from './http/listener.js'
import { StartError } from './options.js'
import type { Running, ServeOptions } from './options.js'
import { Pools } from './pools/index.js'
import { checkPrograms, Processes } from './processes/index.js'

export { systemClock } from './clock.js'
export type { Clock } from './clock.js'
export { echoOnDescriptor, echoServer } from './echo.js'
export { diskFiles } from './files.js'
export type { Log, LogEntry } from './log.js'
export { StartError } from './options.js'
export type { Running, ServeOptions } from './options.js'

/** Serves a site until it is stopped. Rejects with a `StartError` whose diagnostics say why it cannot be. */
export async function serve(site: Site, options: ServeOptions): Promise<Running> {
  const backends =
    options.backends === 'echo' ? await echoInPlaceOfAll(site) : await ownProcesses(site, options)
  const clock = options.clock ?? systemClock
  const pools = new Pools(site.pools, {
    clock,
    random: options.random ?? Math.random,
    isRunning: backends.canAnswer
  })
  const applications = new Applications(pools, backends.dialing, clock, options.log)
  const service: Service = {
    site,
    router: compile(site),
    files: options.files ?? diskFiles,
    pools,
    applications,
    log: options.log,
    locate: options.locate ?? ((path) => path),
    temporary: options.temporary ?? tmpdir()
  }
  const opened = await openAll(service, site.listeners, options)
  const stop = async (): Promise<void> => {
    await Promise.all(opened.listeners.map((listener) => listener.stop()))
    applications.close()
    await backends.stop()
  }
  if (opened.refusals.length > 0) {
    await stop()
    throw new StartError(opened.refusals)
  }
  return {
    listeners: opened.listeners.map(({ id, address }) => ({ id, address })),
    stop: once(stop)
  }
}

/** What can be said about a start without making it. */
export function checkStart(site: Site, options: Pick<ServeOptions, 'directory'> = {}): readonly Diagnostic[] {
  return [...noListeners(site), ...checkPrograms(site, options.directory ?? process.cwd())]
}

interface Backends {
  readonly dialing: Dialing
  readonly canAnswer: (member: Member) => boolean
  stop(): Promise<void>
}

async function echoInPlaceOfAll(site: Site): Promise<Backends> {
  const echoes = new EchoBackends()
  await echoes.start(site)
  return { dialing: echoes, canAnswer: () => true, stop: () => echoes.stop() }
}

async function ownProcesses(site: Site, options: ServeOptions): Promise<Backends> {
  const processes = new Processes(site, {
    log: options.log,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? process.env,
    directory: options.directory ?? process.cwd()
  })
  const refusals = await processes.start()
  if (refusals.length > 0) {
    await processes.stop()
    throw new StartError(refusals)
  }
  return {
    dialing: processes,
    canAnswer: (member) => processes.canAnswer(member),
    stop: () => processes.stop()
  }
}

interface Opened {
  readonly listeners: readonly OpenListener[]
  readonly refusals: readonly Diagnostic[]
}

async function openAll(
  service: Service,
  listeners: readonly Listener[],
  options: ServeOptions
): Promise<Opened> {
  const open: OpenListener[] = []
  const refusals: Diagnostic[] = [...noListeners(service.site)]
  for (const listener of listeners) {
    const address = options.listenOn?.(listener) ?? listener.address
    const opened = await openListener(service, listener, address)
    if ('stop' in opened) open.push(opened)
    else refusals.push(opened)
  }
  return { listeners: open, refusals }
}

function noListeners(site: Site): readonly Diagnostic[] {
  if (site.listeners.length > 0) return []
  return [
    {
      code: 'serve/no-listener',
      severity: 'error',
      message: 'the configuration listens nowhere, so there is nothing to serve',
      hint: 'serve the main configuration file, the one that says which port to listen on'
    }
  ]
}

/** Stopping twice is stopping once. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
