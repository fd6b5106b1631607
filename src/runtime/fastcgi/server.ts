import type { Socket } from 'node:net'
import { encodeEndRequest, encodeStream, endOfStream, readBeginRequest, readPairs } from './records.js'
import { concat, RecordDecoder, recordTypes } from './records.js'
import type { BeginRequest, NameValue, RawRecord } from './records.js'

/** A request as an application sees it, complete with its body. */
export interface AppRequest {
  readonly role: BeginRequest['role']
  readonly params: readonly NameValue[]
  readonly stdin: Uint8Array
}

/** What an application does with a request. */
export interface AppReply {
  stdout(bytes: Uint8Array): void
  stderr(bytes: Uint8Array): void
  end(): void
  /** Closes the connection without a word. */
  drop(): void
}

/** The application's side of one connection: requests are collected, then handed over; several may be under way. */
export function serveConnection(
  socket: Socket,
  handle: (request: AppRequest, reply: AppReply) => void
): void {
  const decoder = new RecordDecoder()
  const open = new Map<number, Collecting>()
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece: Buffer) => {
    const { records, broken } = decoder.push(piece)
    for (const record of records) collect(record)
    if (broken !== undefined) socket.destroy()
  })

  function collect(record: RawRecord): void {
    if (record.type === recordTypes.beginRequest) {
      const begin = readBeginRequest(record.content)
      if (begin) open.set(record.id, { begin, params: [], stdin: [], paramsEnded: false })
      return
    }
    const request = open.get(record.id)
    if (request === undefined) return
    if (record.type === recordTypes.abortRequest) {
      abort(record.id)
      return
    }
    if (record.type === recordTypes.params) {
      if (record.content.length > 0) request.params.push(record.content)
      else request.paramsEnded = true
    } else if (record.type === recordTypes.stdin && record.content.length > 0) {
      request.stdin.push(record.content)
      return
    }
    // An authorizer has no input (section 6.3): some servers do not even send its end.
    const complete =
      record.type === recordTypes.stdin || (request.paramsEnded && request.begin.role === 'authorizer')
    if (complete) dispatch(record.id, request)
  }

  function abort(id: number): void {
    open.delete(id)
    socket.write(encodeEndRequest(id))
  }

  function dispatch(id: number, { begin, params, stdin }: Collecting): void {
    open.delete(id)
    const pairs = readPairs(concat(params))
    if (pairs === undefined) {
      socket.destroy()
      return
    }
    handle({ role: begin.role, params: pairs, stdin: concat(stdin) }, replyOn(socket, id, begin.keep))
  }
}

interface Collecting {
  readonly begin: BeginRequest
  readonly params: Uint8Array[]
  readonly stdin: Uint8Array[]
  paramsEnded: boolean
}

function replyOn(socket: Socket, id: number, keep: boolean): AppReply {
  const write = (type: number, bytes: Uint8Array): void => {
    for (const record of encodeStream(type, id, bytes)) socket.write(record)
  }
  return {
    stdout: (bytes) => write(recordTypes.stdout, bytes),
    stderr: (bytes) => write(recordTypes.stderr, bytes),
    end: () => {
      socket.write(endOfStream(recordTypes.stdout, id))
      socket.write(encodeEndRequest(id))
      if (!keep) socket.end()
    },
    drop: () => void socket.destroy()
  }
}
