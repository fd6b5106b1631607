import { describe, expect, test } from 'vitest'
import type { ConnectionLimit, ConnectionZone, RequestLimit, RequestZone } from '../../src/model/index.js'
import { Limits, type RequestCount } from '../../src/runtime/limits.js'

const origin = { file: 'c', start: 0, end: 1 }

function inATime(
  name: string,
  rate: number,
  { burst = 0, undelayed = 0 }: Partial<Pick<RequestLimit, 'burst' | 'undelayed'>> = {},
  size = 32768
): { readonly limit: RequestLimit; readonly zone: RequestZone } {
  return {
    limit: { zone: name, burst, undelayed, origin },
    zone: { name, key: [], size, origin, counts: 'requests', rate }
  }
}

function atATime(
  name: string,
  most: number
): { readonly limit: ConnectionLimit; readonly zone: ConnectionZone } {
  return {
    limit: { zone: name, most, origin },
    zone: { name, key: [], size: 32768, origin, counts: 'connections' }
  }
}

/** What becomes of requests that come at these milliseconds. */
function counted(
  times: readonly number[],
  ...asked: readonly ReturnType<typeof inATime>[]
): readonly (string | number)[] {
  let now = 0
  const limits = new Limits({ now: () => now, after: () => () => undefined })
  return times.map((time) => {
    now = time
    return word(limits.requests(asked.map((each) => ({ ...each, key: 'a' }))))
  })
}

function word(count: RequestCount): string | number {
  return count.verdict === 'delayed' ? count.wait : count.verdict
}

describe('requests in a time', () => {
  test.each([
    ['one each second', [0, 1, 999, 1000], inATime('a', 1000), ['passed', 'refused', 'refused', 'passed']],
    ['a burst that waits', [0, 0, 0, 0], inATime('a', 2000, { burst: 2 }), ['passed', 500, 1000, 'refused']],
    [
      'a burst that does not wait',
      [0, 0, 0, 0, 500],
      inATime('a', 2000, { burst: 2, undelayed: 'all' }),
      ['passed', 'passed', 'passed', 'refused', 'passed']
    ],
    [
      'a burst part of which waits',
      [0, 0, 0, 0],
      inATime('a', 500, { burst: 2, undelayed: 1 }),
      ['passed', 'passed', 2000, 'refused']
    ]
  ] as const)('%s', (_, times, limit, expected) => {
    expect(counted(times, limit)).toEqual(expected)
  })

  test('of several limits the longest wait counts, and one refusal is enough, which counts nowhere', () => {
    const slow = inATime('slow', 1000, { burst: 1 })
    const fast = inATime('fast', 2000, { burst: 5 })
    expect(counted([0, 0, 0, 1000], fast, slow)).toEqual(['passed', 1000, 'refused', 1000])
  })

  test('each key has a bucket of its own, and a full zone forgets the one used longest ago', () => {
    const limits = new Limits({ now: () => 0, after: () => () => undefined })
    const limit = inATime('a', 1000, {}, 256)
    const ask = (key: string): string | number => word(limits.requests([{ ...limit, key }]))
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(ask)).toEqual([
      'passed',
      'passed',
      'refused',
      'passed',
      'refused',
      'passed'
    ])
  })
})

describe('connections at a time', () => {
  const limits = new Limits({ now: () => 0, after: () => () => undefined })
  const take = (key: string, ...asked: readonly ReturnType<typeof atATime>[]): (() => void) | undefined => {
    const taken = limits.connections(asked.map((each) => ({ ...each, key })))
    return 'letGo' in taken ? taken.letGo : undefined
  }

  test('as many as are let in, each key for itself, until they are let go', () => {
    const [one, two] = [atATime('one', 1), atATime('two', 2)]
    const first = take('a', two, one)
    expect(first).toBeDefined()
    expect(take('a', two, one)).toBeUndefined()
    expect(take('b', one)).toBeDefined()
    // What was refused is counted nowhere.
    expect(take('a', two)).toBeDefined()
    expect(take('a', two)).toBeUndefined()
    first?.()
    expect(take('a', one)).toBeDefined()
  })
})
