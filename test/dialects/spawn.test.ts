import { describe, expect, test } from 'vitest'
import type { Span } from '../../src/diagnostics/index.js'
import { isStarted } from '../../src/dialects/spawn.js'
import type { Member, ProcessPlan } from '../../src/model/index.js'
import { at, member, processPlan } from './plans.js'

function spawned(path: string, start: number, changes: Partial<ProcessPlan> = {}): Member {
  return member(path, { process: { ...processPlan, ...changes }, origin: at(start) })
}

describe('a program at an address that is taken', () => {
  const first = spawned('/run/a.sock', 1)
  test.each([
    ['set up elsewhere in the text', spawned('/run/a.sock', 5), true],
    ['and looked at once more', first, false],
    ['of another address', spawned('/run/b.sock', 5), false],
    ['that takes the address over', spawned('/run/a.sock', 5, { socketTaken: 'replaced' }), false]
  ] as const)('%s', (_, second, expected) => {
    const started = new Map<string, Span>()
    expect(isStarted(first, started)).toBe(false)
    expect(isStarted(second, started)).toBe(expected)
  })
})
