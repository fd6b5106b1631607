import type { ScoredManager } from '../../model/index.js'

/** How often a program was started and ended of late. */
export interface Score {
  readonly value: number
  /** The whole second it was reckoned at. */
  readonly at: number
}

export const noScore: Score = { value: 0, at: 0 }

type Rule = ScoredManager['score']

/** The score now, with what a start or an end adds. Times are milliseconds. */
export function scoreWith(score: Score, points: number, now: number, { second }: Rule): Score {
  const at = Math.floor(now / 1000)
  return { value: Math.max(0, score.value + points - second * (at - score.at)), at }
}

/** How many processes there are, of one program and of all. */
export interface Counts {
  readonly own: number
  readonly all: number
}

/** Whether one more process of a program may be started. */
export function mayStart(score: Score, { own, all }: Counts, maximum: number, rule: ScoredManager): boolean {
  return all < rule.total && score.value < rule.score.limit && own < maximum
}

/** A process that serves, as the manager sees it. Times are milliseconds. */
export interface Served {
  readonly startedAt: number
  /** Its last request ended then, or the one it has began. */
  readonly activeAt: number
  readonly busy: boolean
}

/** Idle for too long, or older than a process may grow. */
export function isOver({ startedAt, activeAt, busy }: Served, now: number, rule: ScoredManager): boolean {
  const since = (then: number): number => (now - then) / 1000
  return (
    !busy &&
    ((rule.idleTimeout > 0 && since(activeAt) > rule.idleTimeout) ||
      (rule.lifetime > 0 && since(startedAt) > rule.lifetime))
  )
}

export function isStuck({ activeAt, busy }: Served, now: number, rule: ScoredManager): boolean {
  return busy && (now - activeAt) / 1000 > rule.busyTimeout
}
