import { expect, test } from 'vitest'
import { Counters } from '../../src/runtime/counters.js'
import { member, pool } from './served.js'

const names = { requests: 'r', active: 'a', backends: 'b' }
const at = (path: string, label?: string): Parameters<typeof member> => [
  { kind: 'unix', path },
  label === undefined ? {} : { label }
]

test('a site without pools counts nothing', () => {
  expect(new Counters([]).text(names)).toBeUndefined()
})

test('each label has counters from the start, in the order of their length and name', () => {
  const counters = new Counters([pool([member(...at('/y', 'y')), member(...at('/x', 'x'))])])
  const lines = counters.text(names)?.split('\n') ?? []
  expect(lines.slice(0, 4)).toEqual(['a: 0', 'b.x.load: 0', 'b.y.load: 0', 'b.x.0.died: 0'])
})

test('members without a label share one set', () => {
  const [first, second] = [member(...at('/1')), member(...at('/2'))]
  const counters = new Counters([pool([first, second])])
  counters.connected(first, 0)
  counters.connected(second, 0)
  expect(counters.text(names)).toContain('b..0.connected: 2\n')
})

test('what is in work is counted until it is over, requests and failures for good', () => {
  const one = member(...at('/x', 'x'))
  const counters = new Counters([pool([one])])
  const over = counters.begin(one, 0)
  counters.connected(one, 0)
  expect(counters.text(names)).toMatch(/^a: 1$/m)
  expect(counters.text(names)).toMatch(/^b\.x\.0\.load: 1$/m)
  over()
  counters.notConnected(one, 0)
  expect(counters.text(names)).toMatch(/^r: 1$/m)
  expect(counters.text(names)).toMatch(/^a: 0$/m)
  expect(counters.text(names)).toMatch(/^b\.x\.load: 0$/m)
  expect(counters.text(names)).toMatch(/^b\.x\.0\.died: 1$/m)
})
