import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { Clock } from '../../../src/runtime/clock.js'
import { IdleStack } from '../../../src/runtime/fastcgi/idle.js'

/** A clock that stands until it is told otherwise. */
function standing(): Clock & { pass(milliseconds: number): void } {
  let now = 0
  let waiting: readonly { readonly at: number; readonly then: () => void }[] = []
  return {
    now: () => now,
    after: (milliseconds, then) => {
      const one = { at: now + milliseconds, then }
      waiting = [...waiting, one]
      return () => (waiting = waiting.filter((other) => other !== one))
    },
    pass: (milliseconds) => {
      now += milliseconds
      for (const { at, then } of waiting) if (at <= now) then()
    }
  }
}

const limits = { requests: 2, life: 10, wait: 3 }

test.each([
  ['is used again', 1, 1000, true],
  ['has carried as many requests as it may', 2, 0, false],
  ['has waited too long', 1, 3000, false],
  ['is too old', 1, 0, false, 10_001]
])('a kept connection %s', (_, requests, waited, kept, age = 0) => {
  const clock = standing()
  const stack = new IdleStack(1, limits, clock)
  const socket = new Socket()
  stack.opened(socket)
  clock.pass(age)
  for (let request = 1; request <= requests; request++) {
    stack.give(socket)
    if (request < requests) expect(stack.take()).toBe(socket)
  }
  clock.pass(waited)
  expect(stack.take()).toBe(kept ? socket : undefined)
  expect(socket.destroyed).toBe(!kept)
  socket.destroy()
})

test('without limits a connection is used as long as it lasts', () => {
  const clock = standing()
  const stack = new IdleStack(1, undefined, clock)
  const socket = new Socket()
  stack.opened(socket)
  for (let request = 0; request < 5; request++) {
    stack.give(socket)
    clock.pass(1_000_000)
    expect(stack.take()).toBe(socket)
  }
  socket.destroy()
})
