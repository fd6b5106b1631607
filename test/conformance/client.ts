import { connect } from 'node:net'
import type { RecordedRequest } from './cases.js'

export interface Answer {
  readonly status: number
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
  /** The last line of each header. */
  readonly lastLines: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Sends a request byte for byte as it was recorded, over a connection of its own; undefined if nothing comes back. */
export function send(
  port: number,
  request: RecordedRequest,
  fill: (text: string) => string,
  seconds = 30
): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    const chunks: Buffer[] = []
    const done = (): void => {
      socket.destroy()
      resolve(parseAnswer(Buffer.concat(chunks), request.method))
    }
    socket.setTimeout(seconds * 1000, () => {
      socket.destroy()
      reject(new Error(`no answer to ${request.target.slice(0, 80)} within ${seconds} s`))
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      // Servers may keep the connection open behind an answer with a length.
      if (isComplete(Buffer.concat(chunks), request.method)) done()
    })
    socket.on('end', done)
    socket.on('close', done)
    socket.on('error', (error) => {
      if (chunks.length > 0) done()
      else if ('code' in error && error.code === 'ECONNRESET') resolve(undefined)
      else reject(error)
    })
    socket.write(Buffer.from(requestText(request, fill), 'latin1'))
  })
}

/** What is sent with a request besides what it says itself. */
export function headersOf(
  request: RecordedRequest,
  fill: (text: string) => string
): readonly (readonly [name: string, value: string])[] {
  const headers = new Map([
    ['Host', 'localhost'],
    ['Connection', 'close']
  ])
  for (const [name, value] of request.headers) headers.set(name, fill(value))
  const names = [...headers.keys()].map((name) => name.toLowerCase())
  const body = request.body ?? ''
  if (
    request.body !== undefined &&
    !names.includes('content-length') &&
    !names.includes('transfer-encoding')
  ) {
    headers.set('Content-Length', String(Buffer.byteLength(body, 'latin1')))
  }
  return [...headers]
}

function requestText(request: RecordedRequest, fill: (text: string) => string): string {
  const lines = headersOf(request, fill).map(([name, value]) => `${name}: ${value}\r\n`)
  const body = request.body ?? ''
  return `${request.method} ${fill(request.target)} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Interim answers are passed over. */
function finalHead(bytes: Buffer): { readonly head: string; readonly body: Buffer } | undefined {
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const head = rest.subarray(0, end).toString('latin1')
    rest = rest.subarray(end + 4)
    if (!/^HTTP\/1\.[01] 1\d\d/.test(head)) return { head, body: rest }
  }
}

function isComplete(bytes: Buffer, method: string): boolean {
  const parts = finalHead(bytes)
  if (parts === undefined) return false
  if (method === 'HEAD' || /^HTTP\/1\.[01] (?:204|304)/.test(parts.head)) return true
  if (/^transfer-encoding:.*chunked/im.test(parts.head))
    return parts.body.includes('0\r\n\r\n') && dechunk(parts.body).whole
  // What ends with the connection is as long as it is, whatever length was told.
  if (/^connection: *close/im.test(parts.head)) return false
  const length = /^content-length: *(\d+)/im.exec(parts.head)
  return length !== null && parts.body.length >= Number(length[1])
}

export function parseAnswer(bytes: Buffer, method: string): Answer | undefined {
  const parts = finalHead(bytes)
  if (parts === undefined) return undefined
  const [first = '', ...lines] = parts.head.split('\r\n')
  const headers = new Map<string, string>()
  const lastLines = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    lastLines.set(name, value)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  const chunked = /chunked/i.test(headers.get('transfer-encoding') ?? '')
  const length = headers.get('content-length')
  const toEnd = length === undefined || /^connection: *close/im.test(parts.head)
  const plain = toEnd ? parts.body : parts.body.subarray(0, Number(length))
  return {
    // nginx passes on what an application writes behind the number, a blank or not.
    status: Number(first.split(' ')[1]?.slice(0, 3)),
    headers,
    lastLines,
    body: method === 'HEAD' ? Buffer.alloc(0) : chunked ? dechunk(parts.body).bytes : plain
  }
}

function dechunk(body: Buffer): { readonly bytes: Buffer; readonly whole: boolean } {
  const out: Buffer[] = []
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    if (end < 0) return { bytes: Buffer.concat(out), whole: false }
    const size = parseInt(body.subarray(at, end).toString('latin1'), 16)
    if (!(size > 0)) return { bytes: Buffer.concat(out), whole: size === 0 }
    out.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
