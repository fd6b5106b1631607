import { decodeBytes } from '../../diagnostics/index.js'
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
  /** As variables tell it: empty for a long one, and for one that has not been read to its end. */
  text(): Promise<string>
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // Nothing to give.
}

/** What is left of a body that was thrown away. */
export const emptyBody: RequestBody = {
  bytes: 0,
  repeatable: true,
  fault: undefined,
  open: nothing,
  text: () => Promise.resolve('')
}

/** Longer bodies are not told in a variable: they are in a file then. */
const longestText = 8192

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
  return spooled(spool)
}

/** A body that has come whole by now; what has not is left alone. */
export async function arrivedBody(
  request: IncomingRequest,
  directory: string
): Promise<RequestBody | 'incomplete'> {
  const spool = new Spool(directory)
  request.onOver(() => spool.release())
  const pieces = piecesOf(request)[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([pieces.next(), nextTurn()])
    if (next === 'later') return 'incomplete'
    if (next.done === true) return spooled(spool)
    await spool.add(next.value)
  }
}

/** When all is handled that has happened by now. */
function nextTurn(): Promise<'later'> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve, 'later')))
}

function spooled(spool: Spool): RequestBody {
  const open = (): AsyncIterable<Uint8Array> => spool.read()
  const text = async (): Promise<string> => (spool.bytes > longestText ? '' : await textOf(open()))
  return { bytes: spool.bytes, repeatable: true, fault: undefined, open, text }
}

/** Begins to read a body: where it ends within the limit its length is known, else the rest is handed on as it comes. */
export async function measureBody(request: IncomingRequest, limit: number): Promise<RequestBody> {
  const pieces = piecesOf(request)[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let bytes = 0
  let ended = false
  while (!ended && bytes <= limit) {
    const next = await pieces.next()
    ended = next.done === true
    if (next.done === true) break
    held.push(next.value)
    bytes += next.value.length
  }
  let fault: RequestBody['fault']
  async function* all(): AsyncIterable<Uint8Array> {
    yield* held
    if (ended) return
    try {
      yield* { [Symbol.asyncIterator]: () => pieces }
    } catch (error) {
      if (error instanceof BrokenBody) fault = 400
      throw error
    }
  }
  return {
    bytes: ended ? bytes : undefined,
    repeatable: ended,
    get fault() {
      return fault
    },
    open: all,
    text: () => textOf(ended && bytes <= longestText ? held : [])
  }
}

/** Handed on as it comes, once; one that becomes longer than the limit fails. */
export function streamBody(request: IncomingRequest, limit: number): RequestBody {
  const { framing } = request
  let read = 0
  let ended = framing.kind === 'none'
  let kept: readonly Uint8Array[] = []
  let fault: RequestBody['fault']
  async function* pieces(): AsyncIterable<Uint8Array> {
    try {
      for await (const piece of piecesOf(request)) {
        read += piece.length
        if (read > limit) throw new BrokenBody(`the body is longer than ${limit} bytes`)
        kept = read > longestText ? [] : [...kept, piece]
        yield piece
      }
      ended = true
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
    open: pieces,
    text: () => textOf(ended ? kept : [])
  }
}

async function textOf(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return decodeBytes(Buffer.concat(all))
}

async function* piecesOf({ framing, body }: IncomingRequest): AsyncIterable<Uint8Array> {
  if (framing.kind === 'none') return
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
    yield piece
  }
}
