import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Address, ProcessPlan } from '../../model/index.js'
import { addressText } from '../address.js'
import { isAnswered, listenFor, numbered } from './listen.js'
import type { Listening } from './listen.js'

/**
 * `none`: not started, or ended for good; `starting`: ordered; `running`; `waiting`: to be started again when its
 * time has come; `ending`: sent its signal because it had nothing to do; `foreign`: somebody else's, only used.
 */
type Phase =
  | { readonly at: 'none' | 'starting' | 'waiting' | 'ending' | 'foreign' }
  | { readonly at: 'running'; readonly pid: number; readonly since: number }

/** One process, running or not, and where it listens. */
export interface Slot {
  readonly number: number
  readonly address: Address
  /** Index among the inherited sockets. */
  readonly socket: number
  phase: Phase
  /** A process of it was started before. */
  hasRun: boolean
  load: number
  idleSince: number
  /** Requests since its start. */
  handled: number
  /** When its request began. */
  busySince: number
  /** Whoever waits for it wants to know of its end. */
  onDied?: (() => void) | undefined
}

/** Opens the sockets of a plan's processes; those that somebody answers on already are only noted. */
export async function openSlots(
  plan: ProcessPlan,
  base: Address,
  made: Listening[],
  { now, foreign }: { readonly now: number; readonly foreign: (name: string) => void }
): Promise<readonly Slot[]> {
  const slots: Slot[] = []
  const taken = new Set<string>()
  for (const [number, address] of addressesOf(plan, base).entries()) {
    if (
      plan.socketTaken !== 'replaced' &&
      (number === 0 || plan.sockets === 'own') &&
      (await isAnswered(address))
    ) {
      taken.add(addressText(address))
      foreign(addressText(address))
    }
    slots.push({
      number,
      address,
      socket: plan.sockets === 'own' ? slots.length - taken.size : 0,
      phase: { at: taken.has(addressText(address)) ? 'foreign' : 'none' },
      hasRun: false,
      load: 0,
      idleSince: now,
      handled: 0,
      busySince: now
    })
  }
  // All at once and without a pause, because Node must not begin to accept connections on them.
  const own = slots.filter(({ phase }) => phase.at !== 'foreign')
  const needed = plan.sockets === 'own' ? own : own.slice(0, 1)
  for (const { address } of needed) {
    if (address.kind === 'unix' && plan.makesSocketFolder === true) {
      mkdirSync(dirname(address.path), { recursive: true, mode: 0o700 })
    }
    made.push(await listenFor(address, { backlog: plan.backlog, mode: plan.socketMode }))
  }
  return slots
}

/** Where each of a plan's processes listens. */
export function addressesOf({ maximum, minimum, sockets }: ProcessPlan, base: Address): readonly Address[] {
  const count = Math.max(1, maximum, minimum)
  return Array.from({ length: count }, (_, number) => (sockets === 'own' ? numbered(base, number) : base))
}

export function isRunning({ phase }: Slot): boolean {
  return phase.at === 'running'
}

export function isUp({ phase }: Slot): boolean {
  return phase.at === 'running' || phase.at === 'foreign'
}

/** The newest process, unless another one has less to do. */
export function leastLoaded(slots: readonly Slot[]): Slot | undefined {
  let best: Slot | undefined
  for (const slot of slots.toReversed()) {
    if (isUp(slot) && (best === undefined || slot.load < best.load)) best = slot
  }
  return best
}

/** A process that may be started now; none while one that just failed waits. */
export function startable(slots: readonly Slot[]): Slot | undefined {
  if (slots.some(({ phase }) => phase.at === 'waiting')) return undefined
  return slots.find(({ phase }) => phase.at === 'none' || phase.at === 'starting')
}

export interface Adaptation {
  readonly kind: 'start' | 'end'
  readonly slot: Slot
}

/** One process more where all are busy, one less where one was idle for long. */
export function adaptation(
  slots: readonly Slot[],
  { adaptive: { maxLoad, idleTimeout }, minimum }: ProcessPlan,
  now: number
): Adaptation | undefined {
  const up = slots.filter(isUp)
  const more = slots.find(({ phase }) => phase.at === 'none')
  if (maxLoad > 0 && up.length > 0 && more && up.every(({ load }) => load > maxLoad)) {
    return { kind: 'start', slot: more }
  }
  if (idleTimeout === 0 || up.length <= minimum) return undefined
  const idle = up.find(
    ({ load, idleSince, phase }) =>
      phase.at === 'running' && load === 0 && now - idleSince > idleTimeout * 1000
  )
  return idle && { kind: 'end', slot: idle }
}
