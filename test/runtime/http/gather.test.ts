import { PassThrough, type Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { gathered } from '../../../src/runtime/http/gather.js'

function pieces(of: Readable): Promise<readonly string[]> {
  const out: string[] = []
  of.on('data', (piece) => out.push(String(piece)))
  return new Promise((resolve) => of.once('end', () => resolve(out)))
}

test('pieces are collected until there are enough bytes, and what is left at the end', async () => {
  const from = new PassThrough()
  for (const piece of ['ab', 'c', 'defgh', 'i']) from.write(piece)
  from.end()
  expect(await pieces(gathered(from, 3))).toEqual(['abc', 'defgh', 'i'])
})

test('nothing comes of nothing', async () => {
  const from = new PassThrough()
  from.end()
  expect(await pieces(gathered(from, 3))).toEqual([])
})

test('who lets go of it lets go of what it comes from', async () => {
  const from = new PassThrough()
  const closed = new Promise((resolve) => from.once('close', resolve))
  gathered(from, 3).destroy()
  await closed
  expect(from.destroyed).toBe(true)
})
