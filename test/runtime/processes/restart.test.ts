import { expect, test } from 'vitest'
import { afterEnd, delayBeforeStart, newborn } from '../../../src/runtime/processes/restart.js'
import type { LifeHistory } from '../../../src/runtime/processes/restart.js'
import { environmentOf } from '../../../src/runtime/processes/environment.js'
import { origin, plan } from '../served.js'

const patient = { delay: 5, startDelay: 1, minimumLife: 30, failuresBeforeBackOff: 3, backOffDelay: 600 }

/** Ends of processes after so many seconds of life, each a failure. */
function lives(seconds: readonly number[], clean = false): LifeHistory {
  return seconds.reduce<LifeHistory>(
    (history, lived) => afterEnd(history, { startedAt: 0, endedAt: lived * 1000, clean }, patient),
    newborn
  )
}

test.each([
  ['the first failure', [1], 5],
  ['the third failure', [1, 1, 1], 5],
  ['the fourth failure', [1, 1, 1, 1], 600],
  ['a long life after failures', [1, 1, 1, 1, 31], 5],
  ['a life of just the wanted time', [1, 1, 1, 30], 600],
  ['a long life among few failures', [1, 1, 31, 1], 600],
  ['another failure behind the pause', [1, 1, 1, 1, 1], 600],
  ['a long life, and as many failures again', [1, 1, 1, 31, 1, 1, 1], 5]
])('after %s the next start waits as the rule says', (_, seconds, delay) => {
  const history = { ...lives(seconds), lastStart: 100_000 }
  expect(delayBeforeStart(history, 101_000, patient)).toBe((delay - 1) * 1000)
})

test('a process that lives on makes up for those that do not', () => {
  const four = lives([1, 1, 1])
  const end = { startedAt: 99_000, endedAt: 100_000, clean: false }
  expect(afterEnd(four, { ...end, others: [60_000] }, patient).failures).toBe(0)
  expect(afterEnd(four, { ...end, others: [70_000] }, patient).failures).toBe(4)
})

test('a program that ends well is started again for ever', () => {
  expect(lives([1, 1, 1, 1, 1], true).failures).toBe(0)
})

test('no rule makes a program start twice in one second', () => {
  const hasty = { delay: 0, startDelay: 0, minimumLife: 0, failuresBeforeBackOff: 0, backOffDelay: 0 }
  expect(delayBeforeStart({ ...newborn, lastStart: 5000 }, 5100, hasty)).toBe(900)
  expect(delayBeforeStart({ ...newborn, lastStart: 5000 }, 9000, hasty)).toBe(0)
  expect(delayBeforeStart(newborn, 0, hasty)).toBe(0)
})

test('all of the environment is handed on where the plan says so, and what it sets wins', () => {
  const given = environmentOf(
    { ...plan, inherit: { kind: 'all' }, environment: [{ name: 'A', value: '2', origin }] },
    { A: '1', B: 'b', C: undefined }
  )
  expect(given).toEqual({ A: '2', B: 'b' })
})
