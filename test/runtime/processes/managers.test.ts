import { describe, expect, test } from 'vitest'
import type { MeasuredManager, ScoredManager } from '../../../src/model/index.js'
import type { Lease } from '../../../src/runtime/backends.js'
import { hasTooMany, loadOf, smoothed } from '../../../src/runtime/processes/load.js'
import { Measured, watchLoads } from '../../../src/runtime/processes/measured.js'
import {
  isOver,
  isStuck,
  mayStart,
  noScore,
  scoreWith,
  type Score
} from '../../../src/runtime/processes/score.js'
import { Scored, type Hands } from '../../../src/runtime/processes/scored.js'
import type { Slot } from '../../../src/runtime/processes/slots.js'

const scored: ScoredManager = {
  kind: 'scored',
  total: 1000,
  keep: 1,
  score: { start: 1, end: 2, second: 1, limit: 10 },
  requests: 0,
  idleTimeout: 300,
  lifetime: 3600,
  busyTimeout: 300,
  scans: { idle: 120, busy: 120, error: 3 },
  tries: 4
}

describe('the score of a program', () => {
  const after = (points: readonly number[], second: number): Score =>
    points.reduce((score, each) => scoreWith(score, each, second * 1000, scored.score), noScore)

  test('grows with starts and ends, and shrinks with time, never below 0', () => {
    const score = after([1, 2, 1, 2], 0)
    expect(score.value).toBe(6)
    expect(scoreWith(score, 0, 4_900, scored.score).value).toBe(2)
    expect(scoreWith(score, 1, 60_000, scored.score).value).toBe(0)
  })

  test.each([
    ['few', 9, { own: 1, all: 1 }, true],
    ['too many of late', 10, { own: 1, all: 1 }, false],
    ['too many of one program', 0, { own: 5, all: 5 }, false],
    ['too many of all', 0, { own: 1, all: 1000 }, false]
  ])('lets one more be started: %s', (_, value, counts, may) => {
    expect(mayStart({ value, at: 0 }, counts, 5, scored)).toBe(may)
  })
})

test.each([
  ['idle for long', { startedAt: 0, activeAt: 0, busy: false }, 301, true],
  ['idle for a short time', { startedAt: 0, activeAt: 200_000, busy: false }, 301, false],
  ['old', { startedAt: 0, activeAt: 3_600_000, busy: false }, 3601, true],
  ['busy', { startedAt: 0, activeAt: 0, busy: true }, 4000, false]
])('a process that is %s', (_, served, second, over) => {
  expect(isOver(served, second * 1000, scored)).toBe(over)
})

test('a process that has one request for too long is stuck', () => {
  expect(isStuck({ startedAt: 0, activeAt: 0, busy: true }, 300_000, scored)).toBe(false)
  expect(isStuck({ startedAt: 0, activeAt: 0, busy: true }, 300_001, scored)).toBe(true)
})

describe('the load of a program', () => {
  const rule: MeasuredManager = {
    kind: 'measured',
    total: 50,
    slack: 5,
    keep: 5,
    startDelay: 3,
    killInterval: 300,
    updateInterval: 300,
    gain: 0.5,
    single: 0,
    several: 50,
    restarts: false,
    followsFile: false
  }

  test('is the share of the time that its processes worked', () => {
    expect(loadOf({ total: 150_000_000, smooth: 0 }, 1, 300)).toBe(49)
    expect(loadOf({ total: 0, smooth: 300_000_000 }, 2, 300)).toBe(49)
  })

  test('weighs the newest interval by the gain', () => {
    expect(smoothed({ total: 100, smooth: 50 }, 0.25)).toEqual({ total: 0, smooth: 62 })
  })

  test.each([
    [1, 0, rule, false],
    [1, 4, { ...rule, single: 5 }, true],
    [2, 24, rule, true],
    [2, 25, rule, false],
    [3, 49, rule, true],
    [3, 50, rule, false]
  ])('of %i processes with load %i one is too many', (processes, load, given, many) => {
    expect(hasTooMany(load, processes, given)).toBe(many)
  })
})

describe('programs whose load is measured', () => {
  const rule: MeasuredManager = {
    kind: 'measured',
    total: 50,
    slack: 5,
    keep: 5,
    startDelay: 3,
    killInterval: 10,
    updateInterval: 300,
    gain: 0.5,
    single: 0,
    several: 50,
    restarts: false,
    followsFile: false
  }
  const slotAt = (number: number, phase: Slot['phase'], hasRun = false): Slot => ({
    number,
    address: { kind: 'unix', path: '/s' },
    socket: 0,
    phase,
    hasRun,
    load: 0,
    idleSince: 0,
    handled: 0,
    busySince: 0
  })
  const runningSince = (number: number, since: number): Slot =>
    slotAt(number, { at: 'running', pid: number + 1, since }, true)

  /** Programs with these processes, in a world where time passes by being waited for. */
  function world(programs: readonly (readonly Slot[])[], given: Partial<MeasuredManager> = {}) {
    let now = 0
    let timers: { at: number; then: () => void }[] = []
    const happened: string[] = []
    const later = (milliseconds: number, then: () => void): void =>
      void timers.push({ at: now + milliseconds, then })
    const all = (): number => programs.flat().filter(({ phase }) => phase.at !== 'none').length
    const made = programs.map(
      (slots, index) =>
        new Measured(
          { ...rule, ...given },
          {
            slots: () => slots,
            maximum: slots.length,
            all,
            now: () => now,
            later,
            file: '/none',
            startDelay: 1,
            restartDelay: 5,
            start: (slot) => {
              happened.push(`start ${String(index)}.${String(slot.number)}`)
              slot.phase = { at: 'running', pid: 1, since: now }
              return Promise.resolve()
            },
            kill: (slot) => void happened.push(`end ${String(index)}.${String(slot.number)}`)
          }
        )
    )
    const clock = {
      now: () => now,
      after: (milliseconds: number, then: () => void) => {
        later(milliseconds, then)
        return () => undefined
      }
    }
    const pass = (seconds: number): void => {
      for (let second = 0; second < seconds; second++) {
        now += 1000
        const due = timers.filter(({ at }) => at <= now)
        timers = timers.filter(({ at }) => at > now)
        for (const { then } of due) then()
      }
    }
    watchLoads(() => made, all, clock)
    return { made, happened, pass }
  }

  test('lose the youngest process of the first that is idle, however few there are', () => {
    const { happened, pass } = world([
      [runningSince(0, 0)],
      [runningSince(0, 1), runningSince(1, 2)],
      [runningSince(0, 0), runningSince(1, 0)]
    ])
    pass(9)
    expect(happened).toEqual([])
    pass(1)
    expect(happened).toEqual(['end 1.1'])
  })

  test('lose one each while there are more than are kept', () => {
    const two = (): readonly Slot[] => [runningSince(0, 0), runningSince(1, 1)]
    const { happened, pass } = world([two(), two(), two()], { keep: 4 })
    pass(10)
    expect(happened).toEqual(['end 0.1', 'end 1.1'])
  })

  test('lose one at once where there are hardly any left to start', () => {
    const { happened, pass } = world([[runningSince(0, 0), runningSince(1, 0)]], { total: 7, keep: 0 })
    pass(1)
    expect(happened).toEqual(['end 0.1'])
  })

  test('are only not started again where one waits for that, and left alone while one ends', () => {
    const waiting = slotAt(2, { at: 'waiting' }, true)
    const { happened, pass } = world([
      [runningSince(0, 0), runningSince(1, 0), waiting],
      [runningSince(0, 0), runningSince(1, 0), slotAt(2, { at: 'ending' }, true)]
    ])
    pass(10)
    expect(happened).toEqual([])
    expect(waiting.phase.at).toBe('none')
  })

  test.each([
    ['first', false, ['start 0.1']],
    ['further', true, []]
  ])('start the %s process of a slot once its own delay is over', (_, hasRun, expected) => {
    const slots = [runningSince(0, 0), slotAt(1, { at: 'none' }, hasRun)]
    const { made, happened, pass } = world([slots], { startDelay: 1, killInterval: 300 })
    made[0]?.asked()
    pass(1)
    expect(happened).toEqual(['start 0.1'])
    const [, second] = slots
    if (second !== undefined) second.phase = { at: 'none' }
    happened.length = 0
    pass(2)
    expect(happened).toEqual(expected)
  })
})

describe('processes with one request at a time', () => {
  /** A manager in a world where time passes by being waited for. */
  function world(rule: Partial<ScoredManager> = {}, count = 2) {
    let now = 0
    let timers: { at: number; then: () => void }[] = []
    const killed: number[] = []
    const slots: Slot[] = Array.from({ length: count }, (_, number) => ({
      number,
      address: { kind: 'unix', path: `/s-${String(number)}` },
      socket: number,
      phase: { at: 'none' },
      hasRun: false,
      load: 0,
      idleSince: 0,
      handled: 0,
      busySince: 0
    }))
    const hands: Hands = {
      slots: () => slots,
      maximum: count,
      all: () => slots.filter(({ phase }) => phase.at !== 'none').length,
      now: () => now,
      later: (milliseconds, then) => void timers.push({ at: now + milliseconds, then }),
      start: (slot) => {
        slot.phase = { at: 'running', pid: slot.number + 1, since: now }
        return Promise.resolve()
      },
      kill: (slot) => void killed.push(slot.number)
    }
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        now += 1000
        const due = timers.filter(({ at }) => at <= now)
        timers = timers.filter(({ at }) => at > now)
        for (const { then } of due) then()
        await new Promise((done) => setImmediate(done))
      }
    }
    const manager = new Scored({ ...scored, ...rule }, hands)
    const lease = async (): Promise<Lease | undefined> => {
      const got = await manager.lease()
      return got === 'ended' ? undefined : got
    }
    return { manager: { lease }, slots, killed, pass }
  }

  test('the first request starts one at once, a second one waits a second for its own', async () => {
    const { manager, pass } = world()
    const first = await manager.lease()
    const second = manager.lease()
    await pass(1)
    expect([first?.process, (await second)?.process]).toEqual([0, 1])
  })

  test('a request that finds none free waits, and fails in the end', async () => {
    const { manager, pass } = world({}, 1)
    await manager.lease()
    const waiting = manager.lease()
    await pass(5)
    expect(await waiting).toBeUndefined()
  })

  test('one that is free again is taken before another is started', async () => {
    const { manager, slots } = world()
    const first = await manager.lease()
    first?.done()
    await manager.lease()
    expect(slots.map(({ phase }) => phase.at)).toEqual(['running', 'none'])
  })

  test.each([
    ['failed', {}, true],
    ['had all its requests', { requests: 1 }, false]
  ])('one that %s is ended', async (_, rule, failed) => {
    const { manager, killed, pass } = world(rule)
    const lease = await manager.lease()
    lease?.done(failed)
    await pass(3)
    expect(killed).toEqual([0])
  })

  test('idle ones are ended but for those that are kept', async () => {
    const { manager, slots, pass } = world()
    const first = await manager.lease()
    const waiting = manager.lease()
    await pass(1)
    const second = await waiting
    first?.done()
    second?.done()
    await pass(420)
    expect(slots.map(({ phase }) => phase.at).sort()).toEqual(['ending', 'running'])
  })
})
