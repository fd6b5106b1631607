import type { RestartRule } from '../../model/index.js'

/** What is remembered of one program's life, over all of its processes. Times are milliseconds. */
export interface LifeHistory {
  readonly lastStart: number
  /** Processes in a row that ended too early. */
  readonly failures: number
}

export interface ProcessEnd {
  readonly startedAt: number
  readonly endedAt: number
  /** It ended by itself and said all is well. */
  readonly clean: boolean
  /** When those of the program's processes began that still run. */
  readonly others?: readonly number[]
}

export const newborn: LifeHistory = { lastStart: -Infinity, failures: 0 }

/** No process is started twice within this time, whatever the rules say: a program that always ends costs little. */
const leastDelay = 1000

/**
 * What an end means for the history. Only once there are too many failures it matters how long the processes live: one that
 * has outlived the rule's time makes up for all of them. Behind a pause one more failure is too many again.
 */
export function afterEnd(history: LifeHistory, end: ProcessEnd, rule: RestartRule): LifeHistory {
  const failures = history.failures + (end.clean ? 0 : 1)
  const { failuresBeforeBackOff: most, minimumLife } = rule
  if (most === 0 || failures <= most) return { ...history, failures }
  const isLong = (since: number): boolean => end.endedAt - since > minimumLife * 1000
  const isStable = [end.startedAt, ...(end.others ?? [])].some(isLong)
  return { ...history, failures: isStable ? 0 : most + 1 }
}

/** Milliseconds to wait before the next start. */
export function delayBeforeStart(history: LifeHistory, now: number, rule: RestartRule): number {
  const delay = Math.max(leastDelay, (isBackedOff(history, rule) ? rule.backOffDelay : rule.delay) * 1000)
  return Math.max(0, history.lastStart + delay - now)
}

/** Whether the program failed so often that it is left alone for longer. */
export function isBackedOff(history: LifeHistory, rule: RestartRule): boolean {
  return rule.failuresBeforeBackOff > 0 && history.failures > rule.failuresBeforeBackOff
}
