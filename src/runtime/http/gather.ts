import { pipeline, Transform } from 'node:stream'
import type { Readable } from 'node:stream'

/** The same bytes in pieces of at least so many, but the last one. Letting go of it lets go of what it comes from. */
export function gathered(from: Readable, bytes: number): Readable {
  let held: Uint8Array[] = []
  let size = 0
  const take = (): Buffer => {
    const piece = Buffer.concat(held, size)
    held = []
    size = 0
    return piece
  }
  const gathering = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      held.push(piece)
      size += piece.length
      done(null, size >= bytes ? take() : undefined)
    },
    flush(done) {
      done(null, size > 0 ? take() : undefined)
    }
  })
  // What breaks off is told by the stream itself.
  return pipeline(from, gathering, () => undefined)
}
