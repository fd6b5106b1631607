import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyDecoder } from '../../../src/runtime/http/body-decoder.js'
import type { Framing } from '../../../src/runtime/http/request-head.js'

interface Read {
  readonly body: string
  readonly rest: string | undefined
  readonly broken: boolean
}

/** Decodes bytes that come in pieces of these sizes, the last one with all that is left. */
function read(
  framing: Exclude<Framing, { kind: 'refused' }>,
  text: string,
  sizes: readonly number[] = []
): Read {
  const decoder = bodyDecoder(framing)
  const bytes = Buffer.from(text, 'latin1')
  let body = ''
  let at = 0
  for (const size of [...sizes, Infinity]) {
    const { pieces, rest, broken } = decoder.push(bytes.subarray(at, at + size))
    at = Math.min(bytes.length, at + size)
    body += pieces.map((piece) => Buffer.from(piece).toString('latin1')).join('')
    if (broken !== undefined) return { body, rest: undefined, broken: true }
    if (rest !== undefined) {
      return { body, rest: Buffer.concat([rest, bytes.subarray(at)]).toString('latin1'), broken: false }
    }
  }
  return { body, rest: undefined, broken: false }
}

const sizes = fc.array(fc.nat({ max: 7 }), { maxLength: 60 })

test('any split of a chunked body gives the same body, and leaves what is behind it', () => {
  const chunks = fc.array(fc.stringMatching(/^[a-z\r\n]{1,12}$/), { maxLength: 5 })
  fc.assert(
    fc.property(chunks, sizes, (parts, split) => {
      const text = parts.map((part) => `${part.length.toString(16)};x=1\r\n${part}\r\n`).join('')
      expect(read({ kind: 'chunked' }, `${text}0\r\nT: x\r\n\r\nGET /`, split)).toEqual({
        body: parts.join(''),
        rest: 'GET /',
        broken: false
      })
    }),
    { numRuns: 200 }
  )
})

test('a body of a known length ends there', () => {
  fc.assert(
    fc.property(sizes, (split) => {
      expect(read({ kind: 'length', bytes: 4 }, 'bodyGET', split)).toEqual({
        body: 'body',
        rest: 'GET',
        broken: false
      })
    }),
    { numRuns: 50 }
  )
  expect(read({ kind: 'length', bytes: 9 }, 'body').rest).toBeUndefined()
  expect(read({ kind: 'none' }, 'GET')).toEqual({ body: '', rest: 'GET', broken: false })
})

test.each([
  'x\r\n',
  '-1\r\n',
  '3\r\nabcd\r\n',
  '1 2\r\n',
  '0x3\r\n',
  '\r\n',
  `${'1'.repeat(13)}\r\n`,
  '1;'.repeat(5000)
])('the chunk %j is refused', (text) => {
  expect(read({ kind: 'chunked' }, text).broken).toBe(true)
})
