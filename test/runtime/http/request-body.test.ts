import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { IncomingRequest } from '../../../src/runtime/http/connection.js'
import { bufferBody, streamBody } from '../../../src/runtime/http/request-body.js'
import { folder } from '../served.js'

function incoming(text: string): IncomingRequest {
  return {
    head: { method: 'POST', target: '/', version: '1.1', headers: [], lines: [], length: 0 },
    framing: { kind: 'length', bytes: text.length },
    body: Readable.from([Buffer.from(text)], { objectMode: false }),
    onGone: () => undefined,
    onEnded: () => undefined,
    onOver: () => undefined,
    interim: () => undefined,
    goOn: () => undefined
  }
}

async function read(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}

const long = 'x'.repeat(8193)

test.each([
  ['a short body', 'abc', 'abc'],
  ['a long body', long, '']
])('%s that was read whole is told as a text, or as none', async (_, body, text) => {
  const read = await bufferBody(incoming(body), Infinity, folder())
  expect(read === 'too-long' ? read : await read.text()).toBe(text)
})

test('a body that is handed on as it comes is told once it has been read to its end', async () => {
  const body = streamBody(incoming('abc'), Infinity)
  expect(await body.text()).toBe('')
  expect(await read(body.open())).toBe('abc')
  expect(await body.text()).toBe('abc')
  const longer = streamBody(incoming(long), Infinity)
  await read(longer.open())
  expect(await longer.text()).toBe('')
})
