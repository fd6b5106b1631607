import type { Readable } from 'node:stream'

export type Headers = readonly (readonly [name: string, value: string])[]

/** What is sent to the client; framing, Date and Connection are the connection's business. */
export interface HttpAnswer {
  readonly status: number
  /** Absent: the usual phrase. */
  readonly reason?: string
  readonly headers: Headers
  readonly body: AnswerContent
  /** The server's own page for a status, which sites want to look different. */
  readonly isPage?: boolean
}

export type AnswerContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
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

export const noContent: FramedContent = { kind: 'bytes', bytes: new Uint8Array(0) }

/** The first value of a header, by its lower-case name. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([found]) => found.toLowerCase() === name)?.[1]
}

/** The headers without some, given by lower-case names. */
export function withoutHeaders(headers: Headers, names: readonly string[]): Headers {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()))
}
