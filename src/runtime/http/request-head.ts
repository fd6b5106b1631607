import { decodeBytes, encodeBytes } from '../../diagnostics/index.js'

/** The request line and header fields of one HTTP/1 request (RFC 9112, sections 3 and 5), nothing normalised. */
export interface RequestHead {
  /** The request line as it came; absent where nothing came. */
  readonly line?: string
  readonly method: string
  readonly target: string
  readonly version: '1.0' | '1.1'
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Bytes of the request line and of each header line, line ends included. */
  readonly lines: readonly number[]
  /** Bytes of all of it, the empty line at its end included. */
  readonly length: number
}

export type ParsedRequest =
  | { readonly kind: 'head'; readonly head: RequestHead }
  /** With what was read until then. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly why: string
      readonly line: string
      readonly head?: RequestHead
    }

/** How the body's length is told (RFC 9112, section 6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }

/** Longer header blocks are refused with 431. */
export const longestHead = 128 * 1024

/**
 * Reads a whole header block. Anything that two programs could read differently is refused: that is what request
 * smuggling is made of. Methods and targets are left to the site's own rules, and so is whether tabs around a value are
 * a part of it.
 */
export function parseRequestHead(bytes: Uint8Array, tabs: 'blank' | 'kept' = 'blank'): ParsedRequest {
  const raw = decodeBytes(bytes).split('\n')
  const [requestLine = '', ...lines] = raw.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const line = /^([^ ]+) (.*) HTTP\/(\d)\.(\d)$/.exec(requestLine)
  const badLine = (why: string, status = 400): ParsedRequest => ({
    ...bad(why),
    status,
    line: requestLine
  })
  if (line === null) return badLine('not an HTTP/1 request line')
  const [, method = '', target = '', major, minor] = line
  if (major !== '1') return badLine(`HTTP version ${major ?? ''}`, 505)
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) return badLine('method is no token')
  if (/[\0\r]/.test(target)) return badLine('control character in the target')
  const headers: (readonly [string, string])[] = []
  const lengths = raw
    .filter((text) => text.replace(/\r$/, '') !== '')
    .map((text) => encodeBytes(text).length + 1)
  const protocol = minor === '0' ? ('1.0' as const) : ('1.1' as const)
  /** What was read until then is known. */
  const broken = (why: string): ParsedRequest => {
    const read = lengths.slice(0, headers.length + 1)
    const length = read.reduce((sum, one) => sum + one, 0)
    const head = { line: requestLine, method, target, version: protocol, headers, lines: read, length }
    return { ...bad(why), line: requestLine, head }
  }
  for (const text of lines) {
    if (text === '') continue
    const colon = text.indexOf(':')
    // A folded line, a blank before the colon: RFC 9112, 5.1 and 5.2, wants them refused.
    if (colon <= 0 || /[\s\0]/.test(text.slice(0, colon))) return broken('malformed header line')
    const value = trimmed(text.slice(colon + 1), tabs === 'blank' ? ' \t' : ' ')
    if (/[\0\r]/.test(value)) return broken('control character in a header')
    headers.push([text.slice(0, colon), value])
  }
  return {
    kind: 'head',
    head: {
      line: requestLine,
      method,
      target,
      version: protocol,
      headers,
      lines: lengths,
      length: bytes.length
    }
  }
}

function trimmed(text: string, blanks: string): string {
  let start = 0
  let end = text.length
  while (start < end && blanks.includes(text.charAt(start))) start += 1
  while (end > start && blanks.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

export function framingOf(head: RequestHead): Framing {
  const lengths = valuesOf(head, 'content-length')
  const codings = valuesOf(head, 'transfer-encoding')
  const [coding] = codings
  if (coding !== undefined) {
    if (lengths.length > 0) return { ...bad('both Content-Length and Transfer-Encoding') }
    if (codings.length > 1 || head.version === '1.0') return bad('Transfer-Encoding cannot be trusted')
    if (coding.toLowerCase() === 'chunked') return { kind: 'chunked' }
    return { kind: 'refused', status: 501, why: `Transfer-Encoding "${coding}"` }
  }
  const [length] = lengths
  if (length === undefined) return { kind: 'none' }
  const number = Number(length)
  if (lengths.length > 1 || !/^\d+$/.test(length) || !Number.isSafeInteger(number))
    return bad('Content-Length')
  return { kind: 'length', bytes: number }
}

/** The values of one header, by its lower-case name, in order. */
export function valuesOf(head: RequestHead, name: string): readonly string[] {
  return head.headers.filter(([found]) => found.toLowerCase() === name).map(([, value]) => value)
}

/** Whether the client wants the connection kept (RFC 9112, section 9.3). */
export function wantsKeepAlive(head: RequestHead): boolean {
  const options = valuesOf(head, 'connection')
    .flatMap((value) => value.toLowerCase().split(','))
    .map((option) => option.trim())
  if (options.includes('close')) return false
  return head.version === '1.1' || options.includes('keep-alive')
}

function bad(why: string): { readonly kind: 'refused'; readonly status: number; readonly why: string } {
  return { kind: 'refused', status: 400, why }
}
