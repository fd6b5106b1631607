import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { KeepAlive, SendRate } from '../../model/index.js'

export type Headers = readonly (readonly [name: string, value: string])[]

/** What is sent to the client; framing, Date and Connection are the connection's business. */
export interface HttpAnswer {
  readonly status: number
  /** Absent: the usual phrase. */
  readonly reason?: string
  /** What stands in place of status and phrase, where an application's own line is passed on as it is. */
  readonly statusText?: string
  readonly headers: Headers
  readonly body: AnswerContent
  /** The server's own page for a status, which sites want to look different. */
  readonly isPage?: boolean
  /** Parts of its body may be asked for. */
  readonly isRangeable?: boolean
  /** Which is not told in an `Accept-Ranges`. */
  readonly rangesUntold?: true
  /** When its connection carries further requests; absent: as the client wants. */
  readonly keepAlive?: KeepAlive
  /** No further request is read from its connection. */
  readonly isLast?: true
  /** How fast its body goes out; null: as fast as the client takes it, whatever the site says. */
  readonly rate?: SendRate | null
}

export type AnswerContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** An open file, which is closed when it was sent or thrown away. */
  | { readonly kind: 'file'; readonly handle: FileHandle; readonly pieces: readonly FilePiece[] }
  | {
      readonly kind: 'stream'
      readonly stream: Readable
      /** Bytes that are promised; a longer stream is cut to it, a shorter one breaks the connection. */
      readonly length?: number
      /** Whether it came whole, asked when it has ended; absent: yes. */
      readonly whole?: () => Promise<boolean>
      /** The length is told, and the stream goes out as it is. */
      readonly lengthOnlyTold?: true
    }
  /** The whole answer as an application wrote it, status line and headers included. */
  | { readonly kind: 'raw'; readonly stream: Readable }

/** What has a framing of its own. */
export type FramedContent = Exclude<AnswerContent, { readonly kind: 'raw' }>

/** A body whose length is known, and which can be cut. */
export type Measured = Exclude<FramedContent, { readonly kind: 'stream' }>

/** Bytes of the file from `start` to `end`, that one included, behind some of our own; or those alone. */
export interface FilePiece {
  readonly before?: Uint8Array
  readonly range?: { readonly start: number; readonly end: number }
}

export const noContent: FramedContent = { kind: 'bytes', bytes: new Uint8Array(0) }

/** The first value of a header, by its lower-case name. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([found]) => found.toLowerCase() === name)?.[1]
}

/** The headers without some, given by lower-case names. */
export function withoutHeaders(headers: Headers, names: readonly string[]): Headers {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()))
}

/** Bytes of a body, where that is known before it is sent. */
export function lengthOf(body: FramedContent): number | undefined {
  return body.kind === 'stream' ? body.length : measure(body)
}

export function measure(body: Measured): number {
  return body.kind === 'bytes'
    ? body.bytes.length
    : body.pieces.reduce((sum, piece) => sum + pieceLength(piece), 0)
}

function pieceLength({ before, range }: FilePiece): number {
  return (before?.length ?? 0) + (range === undefined ? 0 : range.end - range.start + 1)
}

/** Throws away what an application answers. Behind this it counts as free again, for whoever is asked next. */
export async function dropped(stream: Readable): Promise<void> {
  stream.destroy()
  // A stream that is closed says so a moment later.
  await new Promise((resolve) => {
    if (stream.closed) setImmediate(resolve)
    else stream.once('close', resolve)
  })
}

/** Lets go of a body that nobody is sent. */
export async function discard(body: AnswerContent): Promise<void> {
  if (body.kind === 'stream' || body.kind === 'raw') body.stream.destroy()
  if (body.kind === 'file') await body.handle.close()
}

/** A body as a stream; undefined where its bytes are there. */
export function streamOf(body: Exclude<FramedContent, { kind: 'bytes' }>): Readable {
  if (body.kind === 'stream') return body.stream
  const { handle, pieces } = body
  const [only] = pieces
  if (pieces.length === 1 && only?.before === undefined && only?.range)
    return createReadStream('', { fd: handle, ...only.range })
  async function* bytes(): AsyncIterable<Uint8Array> {
    try {
      for (const { before, range } of pieces) {
        if (before) yield before
        if (range) yield* createReadStream('', { fd: handle, autoClose: false, ...range })
      }
    } finally {
      await handle.close()
    }
  }
  return Readable.from(bytes(), { objectMode: false })
}
