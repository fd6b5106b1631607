import { Readable } from 'node:stream'

/** The whole of a body, cut to its length; one that is too long to be collected is still a stream of all its bytes. */
export async function collect(
  stream: Readable,
  length: number | undefined,
  limit: number
): Promise<Uint8Array | Readable> {
  const pieces: Uint8Array[] = []
  let held = 0
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
    pieces.push(piece)
    held += piece.length
    if (held > limit) return behind(pieces, stream)
  }
  const bytes = Buffer.concat(pieces)
  return length === undefined ? bytes : bytes.subarray(0, length)
}

/** A stream with what was taken out of it put back in front. */
function behind(pieces: readonly Uint8Array[], stream: Readable): Readable {
  async function* all(): AsyncIterable<unknown> {
    yield* pieces
    yield* stream
  }
  return Readable.from(all(), { objectMode: false })
}
