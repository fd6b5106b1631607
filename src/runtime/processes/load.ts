import type { MeasuredManager } from '../../model/index.js'

/** What a program's processes did, in microseconds from a request's connection to the end of its answer. */
export interface Measured {
  readonly total: number
  /** Of the intervals before, the newest weighing most. */
  readonly smooth: number
}

export const unmeasured: Measured = { total: 0, smooth: 0 }

/** At the end of an interval. */
export function smoothed({ total, smooth }: Measured, gain: number): Measured {
  return { total: 0, smooth: Math.trunc((1 - gain) * smooth + gain * total) }
}

/** Percent of the time that the processes could have worked, in whole numbers. */
export function loadOf({ total, smooth }: Measured, processes: number, seconds: number): number {
  return Math.trunc((100 * (smooth === 0 ? total : smooth)) / (processes * seconds * 1_000_000 + 1))
}

/** Whether one of so many processes has too little to do. What remains when one goes is reckoned in whole numbers. */
export function hasTooMany(load: number, processes: number, rule: MeasuredManager): boolean {
  if (processes === 0) return false
  if (processes === 1) return load < rule.single
  return Math.trunc(processes / (processes - 1)) * load < rule.several
}
