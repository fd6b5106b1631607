import { decodeBytes } from '../../diagnostics/index.js'
import type { HeadRules } from '../../model/index.js'

/** The header block of an application's answer, as far as it says something to the server. */
export interface ResponseHead {
  /** From a Status header or a status line; undefined where there is none. */
  readonly status: number | undefined
  /** What followed the number, undefined where there is no status. */
  readonly reason: string | undefined
  /** The number with all behind it, where no blank parts them. */
  readonly statusText?: string
  /** What the application said is no status; `status` stands in for it. */
  readonly invalidStatus?: true
  /** Without Status, in order, names as sent. */
  readonly headers: readonly Header[]
  /** How many of them stood before the Status that counts; absent without one. */
  readonly beforeStatus?: number
}

export type Header = readonly [name: string, value: string]

export type ParsedHead =
  | { readonly kind: 'head'; readonly head: ResponseHead }
  /** `before`: the headers ahead of what is wrong. */
  | {
      readonly kind: 'malformed' | 'invalid-status'
      readonly why: string
      readonly before: readonly Header[]
    }

const lineFeed = 10
const carriageReturn = 13

/**
 * Where the header block ends: the offset behind its empty line, or undefined while none came. `from` is where the
 * last look ended, so that bytes are looked at once.
 */
export function endOfHead(bytes: Uint8Array, from: number): number | undefined {
  // The line feed that ends the last header may stand just before the bytes not yet looked at.
  for (
    let at = bytes.indexOf(lineFeed, Math.max(0, from - 2));
    at >= 0;
    at = bytes.indexOf(lineFeed, at + 1)
  ) {
    const before = bytes[at - 1] === carriageReturn ? at - 2 : at - 1
    if (before < 0 || bytes[before] === lineFeed) return at + 1
  }
  return undefined
}

/** Reads the lines of a header block (without or with its closing empty line). */
export function parseHead(bytes: Uint8Array, rules: HeadRules): ParsedHead {
  const headers: Header[] = []
  let status: Status | undefined
  let beforeStatus = 0
  let first = true
  for (const line of decodeBytes(bytes).split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text === '') continue
    const isStatusLine = first && rules.statusLine && text.startsWith('HTTP/')
    const read = isStatusLine ? statusLine(text) : readLine(text, first, rules)
    first = false
    if (read.kind === 'malformed') return { ...read, before: headers }
    if (read.kind === 'skipped') continue
    const [name, value] = read.header
    if (name.toLowerCase() !== 'status') {
      headers.push(read.header)
      continue
    }
    if (status !== undefined && rules.statusRepeated === 'first') continue
    status = parseStatus(value, rules)
    beforeStatus = headers.length
    if (status !== undefined) continue
    if (rules.invalidStatusIs === undefined || isStatusLine)
      return { kind: 'invalid-status', why: `invalid status "${value}"`, before: headers }
    return { kind: 'head', head: { status: rules.invalidStatusIs, reason: undefined, headers: [] } }
  }
  return {
    kind: 'head',
    head: {
      status: status?.number,
      reason: status?.reason,
      ...(status?.text !== undefined && { statusText: status.text }),
      ...(status?.invalid === true && { invalidStatus: true }),
      headers,
      ...(status && { beforeStatus })
    }
  }
}

type Line =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'malformed'; readonly why: string }

/** `HTTP/1.1 404 Not Found` is read as `Status: 404 Not Found`. */
function statusLine(text: string): Line {
  const blank = text.indexOf(' ')
  return { kind: 'header', header: ['Status', blank < 0 ? '' : text.slice(blank + 1).trim()] }
}

function readLine(text: string, first: boolean, rules: HeadRules): Line {
  const colon = text.indexOf(':')
  if (colon < 0) {
    const rule = first ? rules.firstWithoutColon : rules.laterWithoutColon
    if (rule === 'malformed') return { kind: 'malformed', why: `header line without a colon "${text}"` }
    return rule === 'skipped' ? { kind: 'skipped' } : { kind: 'header', header: [text, ''] }
  }
  const written = text.slice(0, colon)
  const name = rules.blankBeforeColon === 'dropped' ? written.replace(/[ \t]+$/, '') : written
  if (name === '' || /[\s\0]/.test(name) || (rules.strict === true && !isToken(name))) {
    if (rules.oddName === 'malformed') return { kind: 'malformed', why: `header name "${name}"` }
    return { kind: 'skipped' }
  }
  const value = text.slice(colon + 1).replace(/^[ \t]+|[ \t\r]+$/g, '')
  // Bytes that would end the line or the header on the way to the client.
  if (/[\r\0]/.test(value) || (rules.strict === true && hasControl(value)))
    return { kind: 'malformed', why: `control character in header "${name}"` }
  const kept = value !== '' || rules.emptyValue === 'kept' || name.toLowerCase() === 'status'
  return kept ? { kind: 'header', header: [name, value] } : { kind: 'skipped' }
}

/** RFC 9110, section 5.6.2. */
function isToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)
}

function hasControl(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return true
  }
  return false
}

interface Status {
  readonly number: number
  readonly reason: string
  readonly text?: string
  readonly invalid?: true
}

function parseStatus(value: string, rules: HeadRules): Status | undefined {
  if (rules.statusForm === 'number' || rules.statusForm === 'signed-number')
    return anyNumber(value, rules.statusForm === 'signed-number')
  const match = (rules.statusForm === 'word' ? /^(\d{3})(?=$| )(.*)$/ : /^(\d{3})(.*)$/).exec(value)
  const number = Number(match?.[1])
  if (match === null || number < 100) return undefined
  const behind = match[2] ?? ''
  return { number, reason: behind.trim(), ...(/^[^ ]/.test(behind) && { text: value }) }
}

/** A number as C reads it; what is no status is one of the server's. */
function anyNumber(value: string, signed: boolean): Status | undefined {
  const match = /^([+-]?\d*)(.*)$/s.exec(value)
  const number = Number(match?.[1]) || 0
  if (number < 0 && !signed) return undefined
  if (number < 100 || number > 999) return { number: 500, reason: '', invalid: true }
  return { number, reason: (match?.[2] ?? '').trim() }
}
