import { expect, test } from 'vitest'
import type { Clock } from '../../../src/runtime/clock.js'
import { paced, slower } from '../../../src/runtime/http/pace.js'

/** Waiting is what makes its time pass. */
function patientClock(): Clock {
  let now = 0
  return {
    now: () => now,
    after: (milliseconds, then) => {
      now += milliseconds
      queueMicrotask(then)
      return () => undefined
    }
  }
}

/** When how many bytes went out, in seconds. */
async function sent(
  bytes: number,
  bytesPerSecond: number,
  after: number
): Promise<readonly [number, number][]> {
  const clock = patientClock()
  const seen: [number, number][] = []
  for await (const piece of paced([new Uint8Array(bytes)], { bytesPerSecond, after }, clock)) {
    seen.push([Math.floor(clock.now() / 1000), piece.length])
  }
  return seen
}

test('each second its bytes go out, the first ones at once', async () => {
  expect(await sent(25, 10, 0)).toEqual([
    [0, 10],
    [1, 10],
    [2, 5]
  ])
})

test('what comes before the limit begins is not counted', async () => {
  expect(await sent(25, 10, 12)).toEqual([
    [0, 22],
    [1, 3]
  ])
})

test('of two rates the slower one counts', () => {
  const slow = { bytesPerSecond: 1, after: 0 }
  const fast = { bytesPerSecond: 2, after: 0 }
  expect([slower(slow, fast), slower(fast, slow), slower(undefined, fast), slower(fast, undefined)]).toEqual([
    slow,
    slow,
    fast,
    fast
  ])
})
