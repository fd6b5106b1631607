import type { Diagnostic } from '../diagnostics/index.js'
import type { Site } from '../model/index.js'
import { systemClock } from './clock.js'
import { Generation } from './generation.js'
import { Listeners } from './http/listeners.js'
import { Limits } from './limits.js'
import { StartError } from './options.js'
import type { Running, ServeOptions } from './options.js'
import { checkStart } from './start-check.js'

/** Milliseconds that answers under way may take when nothing else is said. */
const usualGrace = 5000

/** A site being served, whichever reading of its configuration is in force. */
export class Server implements Running {
  private readonly open = new Listeners()
  private limits: Limits | undefined
  private current: Generation | undefined
  /** Earlier generations that still answer, or end their programs. */
  private readonly retiring = new Map<Generation, Promise<void>>()
  private changing: Promise<void> = Promise.resolve()
  private stopped: Promise<void> | undefined

  get listeners(): Running['listeners'] {
    return this.open.places
  }

  /** One after the other, however fast they are asked for. */
  reload(site: Site, options: ServeOptions): Promise<void> {
    const done = this.changing.then(() => this.change(site, options))
    // Whoever asked for it is told of its failure; the next change only waits for its end.
    this.changing = done.catch(() => undefined)
    return done
  }

  stop(grace = usualGrace): Promise<void> {
    const closed = this.open.stop(grace)
    return (this.stopped ??= this.end(closed))
  }

  private async change(site: Site, options: ServeOptions): Promise<void> {
    if (this.stopped) return
    requireStart(site, options)
    const before = this.current
    const next = new Generation(site, options, (this.limits ??= new Limits(options.clock ?? systemClock)))
    try {
      // Listening comes first: a second start of the same site ends here, before it takes the first one's sockets away.
      refuseFor(await this.open.prepare(next))
      refuseFor(await next.start([...(before ? [before] : []), ...this.retiring.keys()]))
    } catch (error) {
      await this.open.withdraw()
      await next.end()
      throw error
    }
    this.open.commit()
    this.current = next
    if (before) this.retire(before)
  }

  private retire(before: Generation): void {
    this.retiring.set(
      before,
      before.retire().finally(() => this.retiring.delete(before))
    )
  }

  private async end(closed: Promise<void>): Promise<void> {
    await this.changing
    await closed
    await this.current?.end()
    await Promise.all(this.retiring.values())
  }
}

function refuseFor(failures: readonly Diagnostic[]): void {
  if (failures.length > 0) throw new StartError(failures)
}

/** Warnings are logged, errors thrown. */
function requireStart(site: Site, options: ServeOptions): void {
  const found = checkStart(site, options)
  refuseFor(found.filter(({ severity }) => severity === 'error'))
  for (const { message, span } of found)
    options.log({ level: 'warning', message, ...(span && { origin: span }) })
}
