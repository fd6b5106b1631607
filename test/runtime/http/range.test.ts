import { expect, test } from 'vitest'
import type { Delivery } from '../../../src/model/index.js'
import { chooseRange } from '../../../src/runtime/http/range.js'

const plain: Delivery['ranges'] = { malformed: 'whole', several: 'whole' }
const strict: Delivery['ranges'] = {
  malformed: 'unsatisfiable',
  several: 'multipart',
  empty: 'whole',
  most: 2
}

const whole = { kind: 'whole' }
const none = { kind: 'unsatisfiable' }
const part = (start: number, end: number): object => ({ kind: 'part', start, end })

test.each([
  [undefined, 10, whole, whole],
  ['items=0-1', 10, whole, whole],
  ['bytes=0-0', 10, part(0, 0), part(0, 0)],
  ['bytes=3-', 10, part(3, 9), part(3, 9)],
  ['bytes=-3', 10, part(7, 9), part(7, 9)],
  ['bytes=-30', 10, part(0, 9), part(0, 9)],
  ['bytes=5-99', 10, part(5, 9), part(5, 9)],
  ['bytes=10-', 10, none, none],
  ['bytes=-0', 10, none, none],
  ['bytes=0-', 0, none, whole],
  ['bytes=5-3', 10, whole, none],
  ['bytes=-', 10, whole, none],
  ['bytes=a-b', 10, whole, none],
  [
    'bytes=0-1,8-9',
    10,
    whole,
    {
      kind: 'parts',
      parts: [
        { start: 0, end: 1 },
        { start: 8, end: 9 }
      ]
    }
  ],
  ['bytes=0-1, 90-', 10, whole, part(0, 1)],
  ['bytes=0-8,1-9', 10, whole, whole],
  ['bytes=0-0,2-2,4-4', 10, whole, whole]
])('the range %j of %i bytes', (header, size, loose, exact) => {
  expect(chooseRange(header, size, plain)).toEqual(loose)
  expect(chooseRange(header, size, strict)).toEqual(exact)
})
