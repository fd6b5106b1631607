import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Spool } from '../../../src/runtime/http/spool.js'
import { folder } from '../served.js'

async function contentOf(spool: Spool): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of spool.read()) pieces.push(piece)
  return Buffer.concat(pieces)
}

test('what was put down is read back, twice, however long it is', async () => {
  const directory = folder()
  const lengths = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(lengths, async (pieces) => {
      const spool = new Spool(directory)
      const given = pieces.map((length, index) => Buffer.alloc(length, index + 1))
      for (const piece of given) await spool.add(piece)
      expect(spool.bytes).toBe(Buffer.concat(given).length)
      for (let count = 0; count < 2; count++) {
        expect((await contentOf(spool)).equals(Buffer.concat(given))).toBe(true)
      }
      await spool.release()
    }),
    { numRuns: 20 }
  )
})

test('a long content leaves no file in its folder, not even while it is kept', async () => {
  const directory = folder()
  const spool = new Spool(directory)
  await spool.add(Buffer.alloc(1_000_000))
  expect(readdirSync(directory)).toEqual([])
  await spool.release()
  await expect(contentOf(spool)).rejects.toThrow()
})

test('a short content needs no folder, a long one does', async () => {
  const spool = new Spool(join(folder(), 'none'))
  await spool.add(Buffer.from('short'))
  expect(String(await contentOf(spool))).toBe('short')
  await expect(spool.add(Buffer.alloc(1_000_000))).rejects.toThrow('ENOENT')
  await spool.release()
})
