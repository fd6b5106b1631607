import { BrokenBody } from './broken-body.js'
import type { IncomingRequest } from './connection.js'
import { Spool } from './spool.js'

/** A request's body as applications are sent it. */
export interface RequestBody {
  /** Bytes in all, where known. */
  readonly bytes: number | undefined
  /** Whether `open` works again after it was read. */
  readonly repeatable: boolean
  /** The status for what was wrong with it, once reading it has failed by the client's fault. */
  readonly fault: 400 | 413 | undefined
  open(): AsyncIterable<Uint8Array>
}

/** Read whole before anybody is asked; kept until the request is over. Rejects when the client breaks off. */
export async function bufferBody(
  request: IncomingRequest,
  limit: number,
  directory: string
): Promise<RequestBody | 'too-long'> {
  const spool = new Spool(directory)
  request.onOver(() => spool.release())
  for await (const piece of piecesOf(request)) {
    await spool.add(piece)
    if (spool.bytes > limit) return 'too-long'
  }
  return { bytes: spool.bytes, repeatable: true, fault: undefined, open: () => spool.read() }
}

/** Handed on as it comes, once; one that becomes longer than the limit fails. */
export function streamBody(request: IncomingRequest, limit: number): RequestBody {
  const { framing } = request
  let read = 0
  let fault: RequestBody['fault']
  async function* pieces(): AsyncIterable<Uint8Array> {
    try {
      for await (const piece of piecesOf(request)) {
        read += piece.length
        if (read > limit) throw new BrokenBody(`the body is longer than ${limit} bytes`)
        yield piece
      }
    } catch (error) {
      if (error instanceof BrokenBody) fault = read > limit ? 413 : 400
      throw error
    }
  }
  return {
    bytes: framing.kind === 'length' ? framing.bytes : framing.kind === 'none' ? 0 : undefined,
    repeatable: framing.kind === 'none',
    get fault() {
      return fault
    },
    open: pieces
  }
}

async function* piecesOf({ framing, body }: IncomingRequest): AsyncIterable<Uint8Array> {
  if (framing.kind === 'none') return
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
    yield piece
  }
}
