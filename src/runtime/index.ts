import { tmpdir } from 'node:os'
import { compile } from '../decide/index.js'
import type { Router } from '../decide/types.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Member, Site } from '../model/index.js'
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
import { Processes } from './processes/index.js'
import { findings } from './start-check.js'

export { systemClock } from './clock.js'
export type { Clock } from './clock.js'
export { echoOnDescriptor, echoServer } from './echo.js'
export { diskFiles } from './files.js'
export type { Log, LogEntry } from './log.js'
export { StartError } from './options.js'
export type { Running, ServeOptions } from './options.js'

/** Serves a site until it is stopped. Rejects with a `StartError` whose diagnostics say why it cannot be. */
export async function serve(site: Site, options: ServeOptions): Promise<Running> {
  const found = checkStart(site, options)
  const errors = found.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new StartError(errors)
  for (const { message, span } of found)
    options.log({ level: 'warning', message, ...(span && { origin: span }) })
  const router = compile(site)
  const backends =
    options.backends === 'echo' ? await echoInPlaceOfAll(site) : await ownProcesses(site, options)
  try {
    return await listenFor(site, router, backends, options)
  } catch (error) {
    await backends.stop()
    throw error
  }
}

/** What can be said about a start without making it: errors are why there is none, warnings are logged. */
export function checkStart(
  site: Site,
  { files = diskFiles, directory = process.cwd(), backends = 'real' }: Partial<ServeOptions> = {}
): readonly Diagnostic[] {
  return findings(site, { files, directory, backends })
}

async function listenFor(
  site: Site,
  router: Router,
  backends: Backends,
  options: ServeOptions
): Promise<Running> {
  const clock = options.clock ?? systemClock
  const pools = new Pools(site.pools, {
    clock,
    random: options.random ?? Math.random,
    isRunning: backends.canAnswer
  })
  const applications = new Applications(pools, backends.dialing, clock, options.log)
  const service: Service = {
    site,
    router,
    files: options.files ?? diskFiles,
    pools,
    applications,
    log: options.log,
    locate: options.locate ?? ((path) => path),
    temporary: options.temporary ?? tmpdir()
  }
  const opened = await openAll(service, options)
  const stopListening = async (): Promise<void> => {
    await Promise.all(opened.listeners.map((listener) => listener.stop()))
    applications.close()
  }
  if (opened.refusals.length > 0) {
    await stopListening()
    throw new StartError(opened.refusals)
  }
  return {
    listeners: opened.listeners.map(({ id, address }) => ({ id, address })),
    stop: once(async () => {
      await stopListening()
      await backends.stop()
    })
  }
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

async function openAll(service: Service, options: ServeOptions): Promise<Opened> {
  const listeners: OpenListener[] = []
  const refusals: Diagnostic[] = []
  for (const listener of service.site.listeners) {
    const address = options.listenOn?.(listener) ?? listener.address
    const opened = await openListener(service, listener, address)
    if ('stop' in opened) listeners.push(opened)
    else refusals.push(opened)
  }
  return { listeners, refusals }
}

/** Stopping twice is stopping once. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
