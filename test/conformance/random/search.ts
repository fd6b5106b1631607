import fc from 'fast-check'
import type { Setup } from '../cases.js'
import type { Outcome, Trials } from './trial.js'

export interface SearchOptions {
  readonly seed: number
  /** Pairs of a configuration and a request to try. */
  readonly pairs: number
  /** fast-check's path to a counterexample, to go there at once. */
  readonly path?: string | undefined
  /** Seconds that a difference is made smaller for; a minute where absent. */
  readonly shrinkFor?: number
}

export interface Found {
  readonly configurations: number
  /** Configurations that both refuse. */
  readonly refused: number
  /** Configurations on which the real server broke down: nothing is compared then. */
  readonly brokeDown: number
  /** Configurations that differed once and not again. */
  readonly unsteady: number
  readonly pairs: number
  /** Pairs that an application answered. */
  readonly answered: number
  /** The smallest configuration and requests that still differ. */
  readonly difference: { readonly outcome: Outcome; readonly seed: number; readonly path: string } | undefined
}

/**
 * Tries random configurations until there were enough pairs or one differs, which is then made as small as possible.
 * The same seed tries the same ones.
 */
export async function search(
  trials: Trials,
  setups: fc.Arbitrary<Setup>,
  { seed, pairs: wanted, path, shrinkFor = 60 }: SearchOptions
): Promise<Found> {
  const count = { configurations: 0, refused: 0, brokeDown: 0, unsteady: 0, pairs: 0, answered: 0 }
  let smallest: Outcome | undefined
  let giveUp = Infinity
  const property = fc.asyncProperty(setups, async (setup) => {
    if (smallest === undefined ? count.pairs >= wanted : Date.now() > giveUp) return
    const first = await trials.run(setup)
    // What hangs on time (which of two hosts has less to do at the moment) differs once and not again.
    const outcome = first.problems.length > 0 ? await trials.run(setup) : first
    if (first.problems.length > 0 && outcome.problems.length === 0) count.unsteady += 1
    if (outcome.problems.length > 0) {
      if (smallest === undefined) giveUp = Date.now() + shrinkFor * 1000
      smallest = outcome
      throw new Error(outcome.problems.join('\n'))
    }
    if (smallest !== undefined) return
    count.configurations += 1
    if (outcome.observed === 'refused') count.refused += 1
    else if (outcome.observed === 'broke-down') count.brokeDown += 1
    else {
      count.pairs += outcome.observed.length
      count.answered += outcome.observed.filter((one) => 'fastcgi' in one).length
    }
  })
  const result = await fc.check(property, { seed, numRuns: wanted, ...(path !== undefined && { path }) })
  return {
    ...count,
    difference: smallest && { outcome: smallest, seed, path: result.counterexamplePath ?? '' }
  }
}
