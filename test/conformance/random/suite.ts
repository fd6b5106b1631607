import type fc from 'fast-check'
import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFound, readObservation, type Case, type Setup } from '../cases.js'
import { writeFound } from './record.js'
import { differenceText, summary } from './report.js'
import { search } from './search.js'
import type { RealServer } from './server.js'
import { Trials } from './trial.js'

const { env } = process
/** Read for what it is: a name for what is found, or `again` for all that is there. */
const record = env['RANDOM_RECORD']

const asked = env['RANDOM_SEED']
const held =
  asked === undefined
    ? { which: 'the fixed seed', seed: 1 }
    : { which: 'the seed asked for', seed: Number(asked) }

export interface Held {
  /** Pairs of a configuration and a request that must be tried without a difference. */
  readonly pairs: number
  /** Whether the same number of a seed of chance must be, too; else a few are tried, and what differs is only printed. */
  readonly withChance: boolean
}

/** Pairs of a seed of chance that nothing is held to, and the seconds that what it finds is made smaller for. */
const onlyTold = { pairs: 300, shrinkFor: 20 }

/**
 * Holds the project against a real server: on random configurations with a fixed seed, and on what such searches found before, which
 * must still be what the real server does. A seed of chance searches on; it is printed with how to come back to what it finds.
 */
export function describeRandom(
  server: RealServer,
  setups: fc.Arbitrary<Setup>,
  { pairs, withChance }: Held
): void {
  describe(`random configurations of ${server.name}`, () => {
    let trials: Trials
    beforeAll(() => {
      trials = new Trials(server)
    })
    afterAll(() => {
      trials.close()
    })

    it('has the real server at hand', () => {
      expect(server.version()).toBeDefined()
    })

    /** Searches as far as is asked for, and holds the project to what is found. */
    async function hold(seed: number): Promise<void> {
      const wanted = Number(env['RANDOM_PAIRS'] ?? pairs)
      const path = env['RANDOM_PATH']
      const found = await search(trials, setups, { seed, pairs: wanted, path })
      process.stdout.write(`${summary(server.name, seed, found)}\n`)
      const outcome = found.difference?.outcome
      if (outcome !== undefined && outcome.observed !== 'broke-down' && record !== undefined) {
        const { setup, observed } = outcome
        process.stdout.write(`${writeFound(record, 'found by the random search', setup, observed)}\n`)
      }
      expect(differenceText(found)).toBe('')
      if (path === undefined) expect(found.pairs).toBeGreaterThanOrEqual(wanted)
      // Where the real server breaks down nothing is compared.
      expect(found.brokeDown).toBeLessThanOrEqual(found.configurations / 10)
    }

    it(`answer as on the real server, with ${held.which}`, () => hold(held.seed), 3_600_000)

    if (asked === undefined && withChance)
      it('answer as on the real server, with a seed of chance', () => hold(randomInt(2 ** 31)), 3_600_000)

    // Where seeds still find a difference now and then, so would a run of chance.
    if (asked === undefined && !withChance) {
      it('are compared with a seed of chance as well', async () => {
        const seed = randomInt(2 ** 31)
        const found = await search(trials, setups, { seed, ...onlyTold })
        process.stdout.write(`${summary(server.name, seed, found)}\n${differenceText(found)}\n`)
        expect(found.configurations + (found.difference === undefined ? 0 : 1)).toBeGreaterThan(0)
      }, 3_600_000)
    }

    // Whether an answer is whole when its head is sent hangs on time.
    it.each(loadFound(server.name))(
      '$name is what the real server does',
      { retry: 3 },
      async (given: Case) => {
        const observed = await trials.observe(given)
        if (record === 'again') writeFound(given.name.replace('found/', ''), given.about, given, observed)
        else {
          expect(observed === 'refused' ? observed : observed.map(readObservation)).toEqual(given.observed)
        }
      }
    )
  })
}
