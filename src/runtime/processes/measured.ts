import { statSync } from 'node:fs'
import type { MeasuredManager } from '../../model/index.js'
import type { Clock } from '../clock.js'
import { hasTooMany, loadOf, smoothed, unmeasured } from './load.js'
import type { Hands } from './scored.js'
import { isRunning, type Slot } from './slots.js'

const second = 1000

/** The load of one program's processes, which share a socket, and how many of them it takes. */
export class Measured {
  private measured = unmeasured
  private lastStart = -Infinity
  /** When the program's file was changed last, as far as it is known. */
  private changed: number | undefined

  constructor(
    readonly rule: MeasuredManager,
    private readonly hands: Hands & {
      readonly file: string
      /** Seconds between starts: the first of a process, and further ones. */
      readonly startDelay: number
      readonly restartDelay: number
    }
  ) {
    this.update()
  }

  /** A request goes to the program; the result is told when its answer begins and when it is over. */
  asked(): { readonly answered: () => void; readonly done: () => void } {
    const from = this.hands.now()
    let waits = true
    const wait = (): void => {
      this.hands.later(this.rule.startDelay * second, () => {
        if (!waits) return
        void this.one()
        wait()
      })
    }
    wait()
    return {
      answered: () => {
        waits = false
      },
      done: () => {
        waits = false
        const { total } = this.measured
        this.measured = { ...this.measured, total: total + (this.hands.now() - from) * second }
      }
    }
  }

  /** One more process, unless one is being started, another was just now, or there are enough. */
  private async one(): Promise<void> {
    const slots = this.hands.slots()
    const isStarting = slots.some(({ phase }) => phase.at === 'starting' || phase.at === 'waiting')
    const slot = slots.find(({ phase }) => phase.at === 'none')
    if (slot === undefined || isStarting || this.hands.all() + 1 > this.rule.total) return
    const { startDelay, restartDelay } = this.hands
    const isSoon = this.hands.now() - this.lastStart < (slot.hasRun ? restartDelay : startDelay) * second
    if (isSoon) return
    this.lastStart = this.hands.now()
    await this.hands.start(slot)
  }

  /** Ends the processes of a file that has changed; the caller starts a new one. */
  renew(): void {
    if (!this.rule.followsFile) return
    const now = statSync(this.hands.file, { throwIfNoEntry: false })?.mtimeMs
    const before = this.changed
    this.changed = now
    if (before === undefined || now === undefined || now <= before) return
    for (const slot of this.running()) this.end(slot)
  }

  /** Whether a process that ended by itself is started again. */
  get restarts(): boolean {
    return this.rule.restarts || (this.running().length === 0 && this.rule.single === 0)
  }

  /**
   * Ends the youngest process, where those that run had too little to do; or only sees to it that one less is started. One
   * that is ending already is enough. (mod_fastcgi: `dynamic_kill_idle_fs_procs`)
   */
  endOne(seconds: number): 'ended' | 'spared' {
    const running = this.running()
    const load = loadOf(this.measured, running.length, seconds)
    if (!hasTooMany(load, running.length, this.rule)) return 'spared'
    const pending = this.hands.slots().find(({ phase }) => phase.at === 'waiting' || phase.at === 'ending')
    if (pending !== undefined) {
      if (pending.phase.at === 'waiting') pending.phase = { at: 'none' }
      return 'spared'
    }
    const age = (slot: Slot): number => (slot.phase.at === 'running' ? slot.phase.since : 0)
    const youngest = running.reduce((one, other) => (age(other) >= age(one) ? other : one))
    this.end(youngest)
    return 'ended'
  }

  private end(slot: Slot): void {
    slot.phase = { at: 'ending' }
    this.hands.kill(slot)
  }

  private running(): readonly Slot[] {
    return this.hands.slots().filter(isRunning)
  }

  private update(): void {
    this.hands.later(this.rule.updateInterval * second, () => {
      this.measured = smoothed(this.measured, this.rule.gain)
      this.update()
    })
  }
}

/**
 * Looks once a second whether it is time to end processes with too little to do, over all programs of one kind; one of
 * each program at a time, until no more than what is kept are left.
 */
export function watchLoads(programs: () => readonly Measured[], all: () => number, clock: Clock): () => void {
  let epoch = clock.now()
  let stopped = false
  const look = (): void => {
    if (stopped) return
    clock.after(second, look)
    const known = programs()
    const [first] = known
    if (first === undefined) return
    const { killInterval, slack, total, keep } = first.rule
    const seconds = (clock.now() - epoch) / second
    const running = all()
    if (seconds < killInterval && running + slack < total) return
    epoch = clock.now()
    let victims = 0
    for (const program of known) {
      if (program.endOne(Math.max(1, Math.trunc(seconds))) === 'spared') continue
      victims += 1
      // Looked at behind each victim alone: the first is never too many.
      if (running - victims <= keep) return
    }
  }
  clock.after(second, look)
  return () => {
    stopped = true
  }
}
