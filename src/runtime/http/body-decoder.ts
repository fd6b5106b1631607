import { concat } from '../fastcgi/records.js'
import type { Framing } from './request-head.js'

export interface DecodedBody {
  readonly pieces: readonly Uint8Array[]
  /** What follows the body: the next request. Defined once the body has ended. */
  readonly rest?: Uint8Array
  readonly broken?: string
}

/** Takes a request's body out of the connection's bytes, piece by piece. */
export interface BodyDecoder {
  push(bytes: Uint8Array): DecodedBody
}

export function bodyDecoder(framing: Exclude<Framing, { kind: 'refused' }>): BodyDecoder {
  if (framing.kind === 'chunked') return new ChunkedDecoder()
  return new LengthDecoder(framing.kind === 'length' ? framing.bytes : 0)
}

class LengthDecoder implements BodyDecoder {
  constructor(private left: number) {}

  push(bytes: Uint8Array): DecodedBody {
    const piece = bytes.subarray(0, this.left)
    this.left -= piece.length
    const pieces = piece.length > 0 ? [piece] : []
    return this.left > 0 ? { pieces } : { pieces, rest: bytes.subarray(piece.length) }
  }
}

/** A size line or a trailer longer than this is nonsense. */
const longestLine = 8192

/** Chunked coding (RFC 9112, section 7.1): `size[;extension] CRLF data CRLF … 0 CRLF trailers CRLF`. */
class ChunkedDecoder implements BodyDecoder {
  private held: Uint8Array = new Uint8Array(0)
  private at: 'size' | 'data' | 'data-end' | 'trailer' = 'size'
  private left = 0

  push(bytes: Uint8Array): DecodedBody {
    const pieces: Uint8Array[] = []
    let input = this.held.length > 0 ? concat([this.held, bytes]) : bytes
    for (;;) {
      if (this.at === 'data') {
        const piece = input.subarray(0, this.left)
        if (piece.length > 0) pieces.push(piece)
        this.left -= piece.length
        input = input.subarray(piece.length)
        if (this.left === 0) this.at = 'data-end'
        else return this.hold(pieces, input)
      }
      const end = input.indexOf(10)
      if (end < 0) {
        if (input.length > longestLine) return { pieces, broken: 'endless line in a chunked body' }
        return this.hold(pieces, input)
      }
      const line = Buffer.from(input.subarray(0, end)).toString('latin1').replace(/\r$/, '')
      input = input.subarray(end + 1)
      const ended = this.line(line)
      if (ended === 'broken') return { pieces, broken: 'malformed chunked body' }
      if (ended === 'ended') return { pieces, rest: input }
    }
  }

  private hold(pieces: readonly Uint8Array[], input: Uint8Array): DecodedBody {
    this.held = input
    return { pieces }
  }

  private line(line: string): 'more' | 'ended' | 'broken' {
    switch (this.at) {
      case 'size': {
        const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1]
        if (size === undefined) return 'broken'
        this.left = parseInt(size, 16)
        this.at = this.left === 0 ? 'trailer' : 'data'
        return 'more'
      }
      case 'data-end':
        this.at = 'size'
        return line === '' ? 'more' : 'broken'
      case 'trailer':
        return line === '' ? 'ended' : 'more'
      case 'data':
        return 'broken'
    }
  }
}
