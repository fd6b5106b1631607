import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { encodeBytes } from '../../diagnostics/index.js'
import type { SendRate } from '../../model/index.js'
import { discard, headerOf, lengthOf, streamOf } from './answer.js'
import type { FramedContent, Headers, HttpAnswer } from './answer.js'
import { paced } from './pace.js'

/** What the answer's form depends on. */
export interface WriteOptions {
  readonly version: '1.0' | '1.1'
  readonly isHead: boolean
  readonly keepAlive: boolean
  /** Whether an HTTP/1.1 client is told as well that its connection goes on. */
  readonly announced: boolean
  readonly date: Date
}

/** Statuses that never have a body nor a length (RFC 9110, section 6.4.1). */
function isBodyless(status: number): boolean {
  return status < 200 || status === 204 || status === 304
}

/** Writes one answer; resolves to whether the connection can carry a further one. */
export async function writeAnswer(
  socket: Socket,
  answer: HttpAnswer,
  options: WriteOptions
): Promise<boolean> {
  const { body } = answer
  if (body.kind === 'raw') return writeRaw(socket, body.stream)
  const framing = framingFor(answer.status, body, options)
  const isTold = body.kind === 'stream' && body.lengthOnlyTold === true && framing.kind === 'length'
  // Where the length may be wrong, the connection's end tells where the answer ends.
  const keep = options.keepAlive && framing.kind !== 'until-close' && !isTold
  socket.cork()
  socket.write(encodeBytes(headText(answer, framing, keep, options)))
  process.nextTick(() => socket.uncork())
  if (framing.kind === 'none') {
    await discard(answer.body)
    return keep
  }
  const whole = await writeBody(
    socket,
    body,
    isTold ? { kind: 'until-close' } : framing,
    answer.rate ?? undefined
  )
  return keep && whole && socket.writable
}

/** Nothing tells where such an answer ends but the end of the connection. */
async function writeRaw(socket: Socket, stream: Readable): Promise<false> {
  await writeBody(socket, { kind: 'stream', stream }, { kind: 'until-close' })
  return false
}

/** An answer before the answer (100, 103). */
export function writeInterim(socket: Socket, status: number, headers: Headers): void {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (socket.writable)
    socket.write(encodeBytes(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`))
}

type BodyFraming =
  | { readonly kind: 'none'; readonly length?: number }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

function framingFor(status: number, body: FramedContent, options: WriteOptions): BodyFraming {
  const length = lengthOf(body)
  if (isBodyless(status)) return { kind: 'none' }
  if (options.isHead)
    return length === undefined || length === 0 ? { kind: 'none' } : { kind: 'none', length }
  if (length !== undefined) return { kind: 'length', length }
  return { kind: options.version === '1.1' ? 'chunked' : 'until-close' }
}

function headText(answer: HttpAnswer, framing: BodyFraming, keep: boolean, options: WriteOptions): string {
  const { status, headers } = answer
  const reason = answer.reason ?? STATUS_CODES[status] ?? ''
  const line = answer.statusText ?? `${status} ${reason}`
  const lines = [`HTTP/1.1 ${line}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  if (headerOf(headers, 'date') === undefined) lines.push(`Date: ${options.date.toUTCString()}`)
  if (framing.kind === 'chunked') lines.push('Transfer-Encoding: chunked')
  else if (framing.kind !== 'until-close' && framing.length !== undefined)
    lines.push(`Content-Length: ${framing.length}`)
  if (!keep) lines.push('Connection: close')
  else if (options.version === '1.0' || options.announced) lines.push('Connection: keep-alive')
  if (keep && answer.keepAlive?.told !== undefined) lines.push(`Keep-Alive: timeout=${answer.keepAlive.told}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Resolves to whether all that was promised went out. */
async function writeBody(
  socket: Socket,
  body: FramedContent,
  framing: BodyFraming,
  rate?: SendRate
): Promise<boolean> {
  if (body.kind === 'bytes' && rate === undefined) {
    await writePiece(socket, body.bytes)
    return true
  }
  const stream = body.kind === 'bytes' ? Readable.from([body.bytes], { objectMode: false }) : streamOf(body)
  let left = framing.kind === 'length' ? framing.length : Infinity
  const abandon = (): void => void stream.destroy()
  socket.once('close', abandon)
  try {
    for await (const piece of rate === undefined ? stream : paced(stream, rate)) {
      if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
      const part = piece.length > left ? piece.subarray(0, left) : piece
      left -= part.length
      if (part.length > 0) await writePiece(socket, framing.kind === 'chunked' ? chunk(part) : part)
      if (left === 0 || !socket.writable) break
    }
    const whole = body.kind !== 'stream' || ((await body.whole?.()) ?? true)
    const complete = framing.kind === 'length' ? left === 0 : whole
    if (complete && framing.kind === 'chunked') socket.write('0\r\n\r\n')
    // A broken answer must not look like a whole one.
    if (!complete) await cutOff(socket)
    return complete
  } catch {
    // The file or the application broke off in the middle: told by breaking the connection.
    await cutOff(socket)
    return false
  } finally {
    socket.off('close', abandon)
  }
}

/** What was written reaches the client, then the connection ends. */
function cutOff(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) {
      resolve()
      return
    }
    socket.once('close', () => resolve())
    socket.end(() => socket.destroy())
  })
}

function chunk(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

function writePiece(socket: Socket, bytes: Uint8Array): Promise<void> | undefined {
  if (!socket.writable || socket.write(bytes)) return undefined
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}
