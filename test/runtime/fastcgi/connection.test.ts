import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { defaultHeadRules } from '../../../src/model/index.js'
import type { Address, ConnectionRules } from '../../../src/model/index.js'
import { ask } from '../../../src/runtime/fastcgi/connection.js'
import type { Answer, Question } from '../../../src/runtime/fastcgi/connection.js'
import { IdleStack } from '../../../src/runtime/fastcgi/idle.js'
import { concat, encodeEndRequest, encodeRecord, recordTypes } from '../../../src/runtime/fastcgi/records.js'
import { folder } from '../served.js'

/** An application written by hand: `play` does with each connection what it likes. */
async function application(play: (socket: Socket) => void): Promise<Address> {
  const path = join(folder(), 'app.sock')
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    play(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { kind: 'unix', path }
}

const rules: ConnectionRules = { connectTimeout: 5, sendTimeout: 5, readTimeout: 5, keep: false, idle: 0 }

function question(rest: Partial<Question> = {}): Question {
  return { role: 'responder', params: [['A', 'b']], head: defaultHeadRules, rules, ...rest }
}

const silent = {
  stderr: () => undefined,
  interim: () => undefined,
  connected: () => undefined,
  onGone: () => undefined
}

const stdout = (text: string): Uint8Array => encodeRecord(recordTypes.stdout, 1, Buffer.from(text))
const answerOf = (text: string): Uint8Array => concat([stdout(text), encodeEndRequest(1)])

async function bodyOf(answer: Answer): Promise<string> {
  if (answer.kind === 'failed') return answer.why
  const pieces: Buffer[] = []
  for await (const piece of answer.body.stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

test.each<[string, Uint8Array, string]>([
  ['records of another version', Uint8Array.from(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')), 'malformed'],
  ['an end without an answer', encodeEndRequest(1), 'no-line'],
  ['half a header', stdout('X-A: 1\r\nX-'), 'closed'],
  ['half a record', stdout('X-A: 1\r\n\r\n').subarray(0, 12), 'no-line'],
  ['a malformed header', stdout('no colon\r\n\r\n'), 'malformed'],
  ['nothing', new Uint8Array(0), 'no-line']
])('an application that answers %s and closes failed by that', async (_, bytes, why) => {
  const address = await application((socket) => socket.end(bytes))
  expect(await ask(address, question(), silent)).toMatchObject({ kind: 'failed', why })
})

test('nobody listening, no socket at all and a silent application are told apart', async () => {
  const none: Address = { kind: 'unix', path: join(folder(), 'none.sock') }
  expect(await ask(none, question(), silent)).toMatchObject({ kind: 'failed', why: 'connect' })
  const refused: Address = { kind: 'tcp', host: '127.0.0.1', port: 1 }
  expect(await ask(refused, question(), silent)).toMatchObject({ kind: 'failed', why: 'connect' })
  const mute = await application(() => undefined)
  const impatient = question({ rules: { ...rules, readTimeout: 0.05 } })
  expect(await ask(mute, impatient, silent)).toMatchObject({ kind: 'failed', why: 'timeout' })
})

test('an application that answers without reading its input is heard to the end', async () => {
  const address = await application((socket) =>
    socket.once('data', () => socket.end(answerOf('A: 1\r\n\r\nearly')))
  )
  async function* endless(): AsyncIterable<Uint8Array> {
    for (let count = 0; count < 1000; count++) {
      yield new Uint8Array(65536)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  expect(await bodyOf(await ask(address, question({ body: endless() }), silent))).toBe('early')
})

test('a reader that takes its time holds the application back, and loses nothing', async () => {
  const size = 8 * 1024 * 1024
  let pending = 0
  const address = await application((socket) => {
    socket.once('data', () => {
      socket.write(stdout('A: 1\r\n\r\n'))
      for (let sent = 0; sent < size; sent += 65000) {
        socket.write(encodeRecord(recordTypes.stdout, 1, new Uint8Array(Math.min(65000, size - sent))))
      }
      pending = socket.writableLength
      socket.end(encodeEndRequest(1))
    })
  })
  const answer = await ask(address, question(), silent)
  expect(pending).toBeGreaterThan(1024 * 1024)
  expect(await bodyOf(answer)).toHaveLength(size)
})

test('a connection that was closed while it was kept is not used again', async () => {
  let connections = 0
  const address = await application((socket) => {
    connections += 1
    socket.once('data', () => socket.end(answerOf('A: 1\r\n\r\nx')))
  })
  const idle = new IdleStack(1, undefined)
  const kept = question({ rules: { ...rules, keep: true, idle: 1 } })
  for (let count = 0; count < 3; count++) {
    const answer = await ask(address, kept, silent, idle)
    const text = await bodyOf(answer)
    // The kept connection may or may not have been seen to close already: either way no answer is mixed up.
    expect(['x', 'no-line']).toContain(text)
  }
  expect(connections).toBeGreaterThan(1)
})

test.each([
  ['at once', (then: () => void) => then()],
  ['while the application thinks', (then: () => void) => setTimeout(then, 20)]
])('when nobody waits any more, %s, the connection is closed', async (_, onGone) => {
  let ended: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (ended = resolve))
  const address = await application((socket) => socket.resume().once('close', ended))
  expect(await ask(address, question(), { ...silent, onGone })).toMatchObject({ kind: 'failed', why: 'gone' })
  await closed
})

test('an application that outlives its client is heard to the end', async () => {
  let more: () => void = () => undefined
  let heard: (whole: boolean) => void = () => undefined
  const ended = new Promise<boolean>((resolve) => (heard = resolve))
  const address = await application((socket) => {
    socket.once('data', () => socket.write(stdout('X-A: 1\r\n\r\nfirst')))
    more = () => socket.write(concat([stdout('x'.repeat(60_000)), encodeEndRequest(1)]))
    socket.on('close', (broken) => heard(!broken))
  })
  const answer = await ask(address, question({ rules: { ...rules, outlivesClient: true } }), silent)
  if (answer.kind === 'failed') throw new Error(answer.detail)
  answer.body.stream.destroy()
  more()
  expect(await answer.body.end).toBe('ended')
  expect(await ended).toBe(true)
})

test('a connection is made from the address that the rules name', async () => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(answerOf(`X-From: ${socket.remoteAddress ?? ''}\r\n\r\n`)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  const from = question({ rules: { ...rules, from: { host: '127.0.0.7' } } })
  const answer = await ask({ kind: 'tcp', host: '127.0.0.1', port: bound.port }, from, silent)
  expect(answer).toMatchObject({ head: { headers: [['X-From', '127.0.0.7']] } })
})
