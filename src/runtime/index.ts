import { tmpdir } from 'node:os'
import { compile } from '../decide/index.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Site } from '../model/index.js'
import { Applications } from './applications.js'
import type { Backends } from './backends.js'
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
import type { ProgramOptions } from './processes/program.js'
import { findings } from './start-check.js'

export type { Clock } from './clock.js'
export { echoServer } from './echo.js'
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
  const backends =
    options.backends === 'echo' ? new EchoBackends(site) : new Processes(site, programOptions(options))
  let started: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (started = resolve))
  const service = serviceOf(site, backends, ready, options)
  // Listening comes first: a second start of the same site ends here, before it takes the first one's sockets away.
  const { listeners, refusals } = await openAll(service, options)
  const stop = once(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()))
    service.applications.close()
    await backends.stop()
  })
  try {
    const failures = refusals.length > 0 ? refusals : await backends.start()
    if (failures.length > 0) throw new StartError(failures)
  } catch (error) {
    started()
    await stop()
    throw error
  }
  started()
  return { listeners: listeners.map(({ id, address }) => ({ id, address })), stop }
}

/** What can be said about a start without making it: errors are why there is none, warnings are logged. */
export function checkStart(
  site: Site,
  { files = diskFiles, directory = process.cwd(), backends = 'real' }: Partial<ServeOptions> = {}
): readonly Diagnostic[] {
  return findings(site, { files, directory, backends })
}

function serviceOf(site: Site, backends: Backends, ready: Promise<void>, options: ServeOptions): Service {
  const clock = options.clock ?? systemClock
  const pools = new Pools(site.pools, {
    clock,
    random: options.random ?? Math.random,
    isRunning: (member) => backends.canAnswer(member)
  })
  return {
    site,
    router: compile(site),
    files: options.files ?? diskFiles,
    pools,
    applications: new Applications(pools, backends, clock, options.log),
    log: options.log,
    locate: options.locate ?? ((path) => path),
    temporary: options.temporary ?? tmpdir(),
    ready
  }
}

function programOptions(options: ServeOptions): ProgramOptions {
  return {
    log: options.log,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? process.env,
    directory: options.directory ?? process.cwd()
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
