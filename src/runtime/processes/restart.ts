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
}

export const newborn: LifeHistory = { lastStart: -Infinity, failures: 0 }

/** No process is started twice within this time, whatever the rules say: a program that always ends costs little. */
const leastDelay = 1000

/** What an end means for the history. */
export function afterEnd(history: LifeHistory, end: ProcessEnd, rule: RestartRule): LifeHistory {
  const lived = end.endedAt - end.startedAt
  if (rule.minimumLife > 0 && lived >= rule.minimumLife * 1000) return { ...history, failures: 0 }
  return end.clean ? history : { ...history, failures: history.failures + 1 }
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
