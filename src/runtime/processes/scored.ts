import type { ScoredManager } from '../../model/index.js'
import type { Lease } from '../backends.js'
import { isOver, isStuck, mayStart, noScore, scoreWith } from './score.js'
import { isRunning, type Slot } from './slots.js'

/** What the manager of one program may do with its processes. */
export interface Hands {
  readonly slots: () => readonly Slot[]
  /** Most processes of the program. */
  readonly maximum: number
  /** Processes of all programs. */
  readonly all: () => number
  readonly now: () => number
  readonly later: (milliseconds: number, then: () => void) => void
  /** Starts one and resolves once that is done. */
  readonly start: (slot: Slot) => Promise<void>
  readonly kill: (slot: Slot, signal?: number) => void
}

const second = 1000
const sigkill = 9
/** Milliseconds within which what an ended process wrote is here. */
const lateness = 100

/** Processes that have one request at a time. */
export class Scored {
  private score = noScore
  private lastScan: { idle: number; busy: number }
  private readonly stuck = new Set<Slot>()

  constructor(
    private readonly rule: ScoredManager,
    private readonly hands: Hands
  ) {
    this.lastScan = { idle: hands.now(), busy: hands.now() }
    this.tick()
  }

  /** An idle process, the one used last; where all are busy, one more is asked for until one is free. */
  async lease(): Promise<Lease | 'ended' | undefined> {
    for (let tries = 0; tries < this.rule.tries; tries++) {
      const first = this.idle()
      if (first !== undefined) return this.take(first)
      if (tries > 0 || this.running().some(({ load }) => load > 0)) {
        await new Promise<void>((done) => this.hands.later(second, done))
        const free = this.idle()
        if (free !== undefined) return this.take(free)
      }
      if ((await this.ask()) === 'ended') return 'ended'
    }
    return undefined
  }

  /** It ended, whoever wanted that. */
  ended(slot: Slot): void {
    this.stuck.delete(slot)
    this.count(this.rule.score.end)
    const tell = slot.onDied
    slot.onDied = undefined
    // What it wrote before may still be on its way.
    if (tell !== undefined) this.hands.later(lateness, tell)
  }

  private async ask(): Promise<'ended' | undefined> {
    const slots = this.hands.slots()
    const slot = slots.find(({ phase }) => phase.at === 'none')
    const own = slots.filter(({ phase }) => phase.at !== 'none').length
    this.count(0)
    const counts = { own, all: this.hands.all() }
    if (slot === undefined || !mayStart(this.score, counts, this.hands.maximum, this.rule)) return undefined
    this.count(this.rule.score.start)
    await this.hands.start(slot)
    if (isRunning(slot)) return undefined
    // What cannot be run was a process all the same, and its request is lost with it.
    this.count(this.rule.score.end)
    return 'ended'
  }

  private count(points: number): void {
    this.score = scoreWith(this.score, points, this.hands.now(), this.rule.score)
  }

  private running(): readonly Slot[] {
    return this.hands.slots().filter(isRunning)
  }

  private idle(): Slot | undefined {
    const free = this.running().filter(({ load }) => load === 0)
    return free.reduce<Slot | undefined>(
      (best, slot) => (best === undefined || slot.idleSince >= best.idleSince ? slot : best),
      undefined
    )
  }

  private take(slot: Slot): Lease {
    slot.load = 1
    slot.busySince = this.hands.now()
    return {
      address: slot.address,
      process: slot.number,
      onDied: (then) => {
        slot.onDied = then
      },
      done: (failed = false) => {
        slot.load = 0
        slot.onDied = undefined
        slot.idleSince = this.hands.now()
        slot.handled += 1
        const isSpent = this.rule.requests > 0 && slot.handled >= this.rule.requests
        if ((failed || isSpent) && isRunning(slot)) this.end(slot)
      }
    }
  }

  /** It gets no more requests, is told to end at the next look, and made to end at the one behind it. */
  private end(slot: Slot): void {
    slot.phase = { at: 'ending' }
    const interval = this.rule.scans.error * second
    this.hands.later(interval, () => {
      if (slot.phase.at !== 'ending') return
      this.hands.kill(slot)
      this.hands.later(interval, () => {
        if (slot.phase.at === 'ending') this.hands.kill(slot, sigkill)
      })
    })
  }

  private tick(): void {
    this.hands.later(second, () => {
      this.scan()
      this.tick()
    })
  }

  private scan(): void {
    const { scans, keep } = this.rule
    const now = this.hands.now()
    const isDue = (last: number, interval: number): boolean => now - last > interval * second
    if (isDue(this.lastScan.idle, scans.idle)) {
      this.lastScan = { ...this.lastScan, idle: now }
      let left = this.running().length
      for (const slot of this.running()) {
        if (left <= keep || !isOver(this.served(slot), now, this.rule)) continue
        left -= 1
        this.end(slot)
      }
    }
    if (!isDue(this.lastScan.busy, scans.busy)) return
    this.lastScan = { ...this.lastScan, busy: now }
    for (const slot of this.running()) {
      if (!isStuck(this.served(slot), now, this.rule)) continue
      this.hands.kill(slot, this.stuck.has(slot) ? sigkill : undefined)
      this.stuck.add(slot)
    }
  }

  private served(slot: Slot): Parameters<typeof isOver>[0] {
    const startedAt = slot.phase.at === 'running' ? slot.phase.since : this.hands.now()
    return { startedAt, activeAt: slot.load > 0 ? slot.busySince : slot.idleSince, busy: slot.load > 0 }
  }
}
