import type { IncomingRequest } from './connection.js'

/** A request's body as applications are sent it. */
export interface RequestBody {
  /** Bytes in all, where known. */
  readonly bytes: number | undefined
  /** Whether `open` works again after it was read. */
  readonly repeatable: boolean
  open(): AsyncIterable<Uint8Array>
}

/** Read whole before anybody is asked. Rejects when the client breaks off. */
export async function bufferBody(request: IncomingRequest, limit: number): Promise<RequestBody | 'too-long'> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  if (request.framing.kind !== 'none') {
    for await (const piece of request.body) {
      if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
      pieces.push(piece)
      bytes += piece.length
      if (bytes > limit) return 'too-long'
    }
  }
  return { bytes, repeatable: true, open: () => iterate(pieces) }
}

/** Handed on as it comes, once. */
export function streamBody(request: IncomingRequest): RequestBody {
  const { framing } = request
  if (framing.kind === 'none') return { bytes: 0, repeatable: true, open: () => iterate([]) }
  return {
    bytes: framing.kind === 'length' ? framing.bytes : undefined,
    repeatable: false,
    open: () => request.body
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an array is read as a stream is
async function* iterate(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* pieces
}
