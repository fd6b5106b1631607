import { dirname, resolve } from 'node:path'
import { unreachable } from '../../diagnostics/index.js'
import type { Member, ProcessPlan } from '../../model/index.js'
import { addressText } from '../address.js'
import type { Lease } from '../backends.js'
import type { Clock } from '../clock.js'
import type { Log } from '../log.js'
import { startSupervisor } from './channel.js'
import type { Supervisor } from './channel.js'
import { environmentOf } from './environment.js'
import { Measured } from './measured.js'
import { Scored, type Hands } from './scored.js'
import { absolute, removeSocket } from './listen.js'
import type { Listening } from './listen.js'
import { adaptation, addressesOf, isUp, leastLoaded, openSlots, startable } from './slots.js'
import type { Slot } from './slots.js'
import { afterEnd, delayBeforeStart, isBackedOff, newborn } from './restart.js'
import type { Report } from './supervisor.js'
import { groupId, userId } from './users.js'

export interface ProgramOptions {
  readonly log: Log
  readonly clock: Clock
  /** The server's own environment and directory. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly directory: string
  /** Processes of all programs that have a manager. */
  readonly managed?: () => number
}

/** Milliseconds between the signal and SIGKILL. */
const grace = 3000
const second = 1000
/** Milliseconds the news of a start or an end may take. */
const lateness = 4

/** The processes of one member of a pool. */
export class Program {
  private readonly plan: ProcessPlan
  private readonly file: string
  private slots: readonly Slot[] = []
  private supervisor: Supervisor | undefined
  private history = newborn
  private stopping = false
  private isWatched: boolean
  private failure: string | undefined
  private readonly waiters: (() => void)[] = []
  private readonly scored: Scored | undefined
  /** Measures its load, where that decides how many processes there are. */
  readonly measured: Measured | undefined

  constructor(
    readonly member: Member,
    plan: ProcessPlan,
    private readonly options: ProgramOptions
  ) {
    this.plan = plan
    this.isWatched = plan.watchedAtStart !== undefined && plan.when === 'at-start'
    this.file = resolve(options.directory, plan.command[0] ?? '')
    const { manager } = plan
    if (manager?.kind === 'scored') this.scored = new Scored(manager, this.hands)
    if (manager?.kind === 'measured') {
      const { startDelay } = plan.restart
      const { delay: restartDelay } = plan.restart
      this.measured = new Measured(manager, { ...this.hands, file: this.file, startDelay, restartDelay })
    }
  }

  /** Processes that are there, also those that are about to end. */
  get count(): number {
    return this.slots.filter(({ phase }) => !['none', 'waiting', 'foreign'].includes(phase.at)).length
  }

  get isManaged(): boolean {
    return this.plan.manager !== undefined
  }

  private get hands(): Hands {
    return {
      slots: () => this.slots,
      maximum: this.plan.maximum,
      all: this.options.managed ?? (() => this.count),
      now: () => this.options.clock.now(),
      later: (milliseconds, then) => this.later(milliseconds, then),
      start: async (slot) => {
        this.run(slot)
        await this.settled()
      },
      kill: (slot, signal = this.plan.killSignal) =>
        this.supervisor?.order({ order: 'kill', slot: slot.number, signal })
    }
  }

  /** Whether both want one of the same sockets. */
  overlaps(other: Program): boolean {
    return this.sockets.some((socket) => other.sockets.includes(socket))
  }

  /** Whether both are started in the same way. */
  isLike(other: Program): boolean {
    return this.wayOfStart === other.wayOfStart
  }

  private get sockets(): readonly string[] {
    const { member, plan, options } = this
    return addressesOf(plan, absolute(member.address, options.directory)).map(addressText)
  }

  private get wayOfStart(): string {
    const { member, plan, options } = this
    // Where it is written does not matter.
    const bare = (key: string, value: unknown): unknown => (key === 'origin' ? undefined : value)
    return JSON.stringify([absolute(member.address, options.directory), plan, this.file], bare)
  }

  /** Opens the sockets and starts what is to run from the beginning. Resolves to why it cannot, if so. */
  async start(): Promise<string | undefined> {
    const made: Listening[] = []
    const refusal = await this.open(made)
    if (refusal !== undefined || made.length === 0) return refusal
    this.supervisor = startSupervisor(made, {
      report: this.onReport,
      line: (text) => this.log('warning', text),
      lost: (why) => this.onLost(why)
    })
    if (this.plan.minimum < this.slots.length && this.plan.sockets === 'own' && !this.scored) this.tick()
    if (this.plan.when === 'on-demand') return undefined
    this.runFirst()
    await this.settled()
    await this.watch()
    return this.failure
  }

  private async open(made: Listening[]): Promise<string | undefined> {
    try {
      this.slots = await openSlots(this.plan, absolute(this.member.address, this.options.directory), made, {
        now: this.options.clock.now(),
        foreign: (name) =>
          this.log('info', `somebody listens on \`${name}\` already: nothing is started there`)
      })
    } catch (error) {
      for (const { address, release } of made) {
        release()
        if (address.kind === 'unix') removeSocket(address.path)
      }
      return `cannot listen for \`${this.file}\`: ${error instanceof Error ? error.message : String(error)}`
    }
    return undefined
  }

  private runFirst(): void {
    const { startDelay } = this.plan.restart
    this.slots.slice(0, this.plan.minimum).forEach((slot, index) => {
      if (index === 0 || startDelay === 0) this.run(slot)
      else this.later(index * startDelay * second, () => this.run(slot))
    })
  }

  /** Whether a request sent now could be answered. */
  get canAnswer(): boolean {
    if (this.stopping) return false
    if (this.slots.some(isUp)) return true
    // Requests wait for a process.
    if (this.scored) return this.supervisor !== undefined
    // A shared socket is held open by the supervisor: requests wait in it for the next process.
    if (this.plan.sockets === 'shared') return this.failure === undefined
    return this.mayStart !== undefined
  }

  /** A process for one request: the newest one unless another has less to do. */
  async lease(): Promise<Lease | 'ended' | undefined> {
    if (this.scored) return this.supervisor === undefined ? undefined : this.scored.lease()
    this.measured?.renew()
    if (!this.slots.some(isUp) && this.mayStart) {
      this.run(this.mayStart)
      await this.settled()
    }
    const slot = this.leastLoaded()
    if (slot === undefined) return undefined
    slot.load += 1
    const asked = this.measured?.asked()
    return {
      address: slot.address,
      process: slot.number,
      load: slot.load,
      ...(slot.phase.at === 'running' && { pid: slot.phase.pid }),
      ...(asked && { answered: asked.answered }),
      done: () => {
        slot.load -= 1
        slot.idleSince = this.options.clock.now()
        asked?.done()
      }
    }
  }

  /** Ends all of its processes and removes their sockets. */
  async stop(): Promise<void> {
    this.stopping = true
    await this.supervisor?.stop(this.plan.killSignal, grace)
    for (const { address, phase } of this.slots) {
      if (phase.at !== 'foreign' && address.kind === 'unix') removeSocket(address.path)
    }
  }

  // ── life ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private run(slot: Slot): void {
    if (this.stopping || this.supervisor === undefined || isUp(slot) || slot.phase.at === 'starting') return
    const { plan, options } = this
    const uid = this.ownedBy(plan.user, userId)
    const gid = this.ownedBy(plan.group, groupId)
    slot.phase = { at: 'starting' }
    this.history = { ...this.history, lastStart: options.clock.now() }
    this.supervisor.order({
      order: 'start',
      slot: slot.number,
      socket: slot.socket,
      program: this.file,
      args: plan.command.slice(1),
      environment: environmentOf(plan, options.environment),
      directory: plan.directory === 'of-program' ? dirname(this.file) : options.directory,
      priority: plan.priority,
      alone: plan.sockets === 'own',
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid })
    })
  }

  /** Only root can become somebody else. */
  private ownedBy(name: string | undefined, find: (name: string) => number | undefined): number | undefined {
    return name !== undefined && process.getuid?.() === 0 ? find(name) : undefined
  }

  private readonly onReport = (report: Report): void => {
    switch (report.report) {
      case 'ready':
        return
      case 'started': {
        this.onStarted(report.slot, report.pid)
        return
      }
      case 'not-started': {
        this.onNotStarted(report.slot, report.why)
        return
      }
      case 'ended': {
        this.onEnded(report)
        return
      }
      default:
        return unreachable(report)
    }
  }

  private onStarted(number: number, pid: number): void {
    const slot = this.slots[number]
    if (slot === undefined) return
    const since = this.options.clock.now()
    slot.phase = { at: 'running', pid, since }
    slot.idleSince = since
    slot.handled = 0
    slot.hasRun = true
    this.failure = undefined
    this.log('info', `started as process ${pid}, listening on \`${addressText(slot.address)}\``)
    this.wake()
  }

  private onNotStarted(number: number, why: string): void {
    const slot = this.slots[number]
    if (slot === undefined) return
    slot.phase = { at: 'none' }
    this.failure = `cannot start \`${this.file}\`: ${why}`
    if (this.scored) {
      this.log('error', `cannot be started: ${why}`)
      this.wake()
      return
    }
    this.again(slot, this.options.clock.now(), `cannot be started: ${why}`)
    this.wake()
  }

  private onEnded(report: Extract<Report, { report: 'ended' }>): void {
    const slot = this.slots[report.slot]
    if (slot === undefined || slot.phase.at === 'none') return
    const wasEnding = slot.phase.at === 'ending'
    const startedAt = slot.phase.at === 'running' ? slot.phase.since : this.options.clock.now()
    slot.phase = { at: 'none' }
    this.scored?.ended(slot)
    if (this.stopping) return
    if (wasEnding) {
      this.log('info', 'a process that had nothing to do ended')
      return
    }
    if (this.scored) {
      this.log('warning', 'a process ended by itself')
      return
    }
    const how = report.signal === null ? `with status ${report.code ?? 0}` : `by ${report.signal}`
    if (this.isWatched && report.lived <= (this.plan.watchedAtStart ?? 0) + lateness) {
      this.failure = `\`${this.file}\` ended ${how} as soon as it was started`
      this.wake()
      return
    }
    const lived = ((this.options.clock.now() - startedAt) / second).toFixed(1)
    this.again(slot, startedAt, `a process ended ${how} after ${lived} s`, report.code === 0)
  }

  /** Starts it again when the rules allow; on demand that is when a request wants it, but not sooner. */
  private again(slot: Slot, startedAt: number, what: string, clean = false): void {
    const { clock } = this.options
    const rule = this.plan.restart
    const others = this.slots.flatMap(({ phase }) => (phase.at === 'running' ? [phase.since] : []))
    this.history = afterEnd(this.history, { startedAt, endedAt: clock.now(), clean, others }, rule)
    const delay = delayBeforeStart(this.history, clock.now(), rule)
    const pause = isBackedOff(this.history, rule)
      ? `; after ${this.history.failures} failures it is left alone`
      : ''
    const when = delay > 0 ? `not before ${Math.ceil(delay / second)} s from now` : 'from now on'
    this.log('error', `${what}; it may be started again ${when}${pause}`)
    slot.phase = { at: 'waiting' }
    this.later(delay, () => {
      // Whoever counts processes may have decided against it meanwhile.
      if (slot.phase.at !== 'waiting') return
      slot.phase = { at: 'none' }
      const isWanted =
        this.plan.when === 'at-start' ? slot.number < this.plan.minimum : this.measured?.restarts
      if (isWanted === true) this.run(slot)
    })
  }

  private onLost(why: string): void {
    this.failure = `the process that supervises \`${this.file}\` ended: ${why}`
    for (const slot of this.slots) if (slot.phase.at !== 'foreign') slot.phase = { at: 'none' }
    this.supervisor = undefined
    this.log('error', this.failure)
    this.wake()
  }

  // ── load ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private leastLoaded(): Slot | undefined {
    if (this.plan.sockets === 'own') return leastLoaded(this.slots)
    return this.canAnswer ? (this.slots.find(isUp) ?? this.slots[0]) : undefined
  }

  /** A process that may be started because a request wants one; never one that just failed. */
  private get mayStart(): Slot | undefined {
    return this.supervisor === undefined ? undefined : startable(this.slots)
  }

  /** Once a second: one more where all are busy, one less where one was idle for long. */
  private tick(): void {
    this.later(second, () => {
      this.adapt()
      this.tick()
    })
  }

  private adapt(): void {
    const change = adaptation(this.slots, this.plan, this.options.clock.now())
    if (change === undefined) return
    if (change.kind === 'start') {
      this.run(change.slot)
      return
    }
    change.slot.phase = { at: 'ending' }
    this.supervisor?.order({ order: 'kill', slot: change.slot.number, signal: this.plan.killSignal })
  }

  // ── waiting ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when no start is under way. */
  private async settled(): Promise<void> {
    while (this.slots.some(({ phase }) => phase.at === 'starting') && this.supervisor) {
      await new Promise<void>((done) => this.waiters.push(done))
    }
  }

  /** Waits for programs that end at once. */
  private async watch(): Promise<void> {
    if (this.plan.watchedAtStart === undefined) return
    const milliseconds = this.plan.watchedAtStart + lateness
    const until = this.options.clock.now() + milliseconds
    while (this.failure === undefined && this.options.clock.now() < until && this.supervisor) {
      await new Promise<void>((done) => {
        this.waiters.push(done)
        this.options.clock.after(milliseconds, done)
      })
    }
    this.isWatched = false
  }

  private wake(): void {
    for (const done of this.waiters.splice(0)) done()
  }

  private later(milliseconds: number, then: () => void): void {
    this.options.clock.after(milliseconds, () => {
      if (!this.stopping) then()
    })
  }

  private log(level: 'info' | 'warning' | 'error', message: string): void {
    this.options.log({ level, message: `\`${this.file}\`: ${message}`, origin: this.member.origin })
  }
}
