import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { collect } from '../../../src/runtime/http/collect.js'

const pieces = ['abc', 'defg', 'hi'].map((text) => Buffer.from(text))

test.each([
  ['whole', undefined, 'abcdefghi'],
  ['cut to its length', 4, 'abcd']
])('a body within the limit is collected, %s', async (_, length, text) => {
  const collected = await collect(Readable.from(pieces), length, 9)
  expect(collected instanceof Uint8Array && String(Buffer.from(collected))).toBe(text)
})

test.each([0, 3, 5, 8])('a body over a limit of %i is still a stream of all its bytes', async (limit) => {
  const collected = await collect(Readable.from(pieces), undefined, limit)
  if (!(collected instanceof Readable)) throw new Error('it is no stream')
  expect(String(Buffer.concat((await collected.toArray()) as Uint8Array[]))).toBe('abcdefghi')
})
