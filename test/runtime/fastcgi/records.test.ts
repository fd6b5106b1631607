import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  concat,
  encodeBeginRequest,
  encodeEndRequest,
  encodePairs,
  encodeRecord,
  encodeStream,
  endOfStream,
  readBeginRequest,
  readPairs,
  RecordDecoder,
  recordTypes
} from '../../../src/runtime/fastcgi/records.js'
import type { RawRecord } from '../../../src/runtime/fastcgi/records.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  [
    'a begin-request for a responder',
    encodeBeginRequest(1, 'responder', false),
    '0101000100080000' + '0001000000000000'
  ],
  [
    'a kept begin-request for an authorizer',
    encodeBeginRequest(1, 'authorizer', true),
    '0101000100080000' + '0002010000000000'
  ],
  ['the end of the params', endOfStream(recordTypes.params, 1), '0104000100000000'],
  ['an end-request', encodeEndRequest(258, 3), '0103010200080000' + '0000000300000000']
])('%s is these bytes', (_, record, hex) => {
  expect(Buffer.from(record).toString('hex')).toBe(hex)
})

test('a begin-request is read back, an unknown role is none, a short one is nothing', () => {
  const [record] = new RecordDecoder().push(encodeBeginRequest(7, 'filter', true)).records
  expect(record && readBeginRequest(record.content)).toEqual({ role: 'filter', keep: true })
  expect(readBeginRequest(Uint8Array.of(0, 9, 0, 0, 0, 0, 0, 0))).toEqual({ role: undefined, keep: false })
  expect(readBeginRequest(Uint8Array.of(0, 1))).toBeUndefined()
})

test('a length takes one byte below 128, four from there on', () => {
  expect(encodePairs([[bytes('A'), bytes('b')]])).toEqual(Uint8Array.of(1, 1, 65, 98))
  const long = encodePairs([[new Uint8Array(127), new Uint8Array(128)]])
  expect([...long.subarray(0, 5)]).toEqual([127, 0x80, 0, 0, 128])
})

test('name-value pairs are read back', () => {
  const text = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (pairs) => {
      expect(readPairs(encodePairs(pairs))).toEqual(pairs)
    }),
    { numRuns: 200 }
  )
})

test('pairs that reach beyond their end are refused', () => {
  const whole = encodePairs([[bytes('NAME'), bytes('value')]])
  for (let end = 1; end < whole.length; end++) expect(readPairs(whole.subarray(0, end))).toBeUndefined()
})

/** A record with padding, as some applications send. */
function padded(record: RawRecord, padding: number): Uint8Array {
  const plain = encodeRecord(record.type, record.id, record.content)
  plain[6] = padding
  return concat([plain, new Uint8Array(padding)])
}

/** Long contents as text, which compares quickly. */
function shown({ type, id, content }: RawRecord): string {
  return `${type} ${id} ${Buffer.from(content).toString('base64')}`
}

const record = fc.record({
  type: fc.nat({ max: 255 }),
  id: fc.nat({ max: 0xffff }),
  content: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(0xffff)))
})

test('any split of the bytes gives the same records', () => {
  const records = fc.array(fc.tuple(record, fc.nat({ max: 255 })), { maxLength: 5 })
  fc.assert(
    fc.property(records, fc.array(fc.nat({ max: 600 }), { maxLength: 40 }), (sent, sizes) => {
      const whole = concat([new Uint8Array(0), ...sent.map(([one, padding]) => padded(one, padding))])
      const decoder = new RecordDecoder()
      const got: RawRecord[] = []
      let at = 0
      for (const size of [...sizes, Infinity]) {
        got.push(...decoder.push(whole.subarray(at, at + size)).records)
        at = Math.min(whole.length, at + size)
      }
      expect(got.map(shown)).toEqual(sent.map(([one]) => shown(one)))
      expect(decoder.isMidRecord).toBe(false)
    }),
    { numRuns: 150 }
  )
})

test('a record header split over single bytes is read as one record', () => {
  const decoder = new RecordDecoder()
  const sent = encodeRecord(recordTypes.stdout, 1, bytes('hello'))
  const records = [...sent].flatMap((byte) => decoder.push(Uint8Array.of(byte)).records)
  expect(records).toEqual([{ type: recordTypes.stdout, id: 1, content: bytes('hello') }])
})

test('another version ends the reading, what came before it counts', () => {
  const decoder = new RecordDecoder()
  const good = encodeRecord(recordTypes.stdout, 1, bytes('x'))
  const { records, broken } = decoder.push(concat([good, Uint8Array.of(0x48, 0x54, 0x54, 0x50, 0, 0, 0, 0)]))
  expect(records).toHaveLength(1)
  expect(broken).toBe('record version 72 instead of 1')
  expect(decoder.push(good)).toEqual({ records: [], broken })
})

test('a stream is as many records as it needs, none for no bytes', () => {
  expect(encodeStream(recordTypes.stdin, 1, new Uint8Array(0))).toEqual([])
  expect(encodeStream(recordTypes.stdin, 1, new Uint8Array(0x10000)).map(({ length }) => length)).toEqual([
    0xffff + 8,
    1 + 8
  ])
})
