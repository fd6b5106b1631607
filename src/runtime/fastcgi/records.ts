/**
 * FastCGI records as bytes (FastCGI Specification 1.0, section 3.3 and appendix A). Pure: nothing here knows a socket.
 *
 *     byte   0       1      2    3      4       5       6        7        8 …
 *        version   type     id (be)   content length  padding  reserved   content, then padding
 *                                        (be)         length
 */

/** Section 8 of the specification, `FCGI_BEGIN_REQUEST` and on. */
export const recordTypes = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
  unknownType: 11
} as const

/** Section 5.1. */
export const roles = { responder: 1, authorizer: 2, filter: 3 } as const

export type RoleName = keyof typeof roles

const version = 1
const headLength = 8
const longestContent = 0xffff
const keepConnection = 1

/** One record without its padding. `type` is a number, because unknown ones occur and have a meaning (section 4.2). */
export interface RawRecord {
  readonly type: number
  readonly id: number
  readonly content: Uint8Array
}

export type NameValue = readonly [name: Uint8Array, value: Uint8Array]

/** One record; the content must not be longer than 65535 bytes. */
export function encodeRecord(type: number, id: number, content: Uint8Array): Uint8Array {
  if (content.length > longestContent) throw new RangeError(`a record holds at most ${longestContent} bytes`)
  const bytes = new Uint8Array(headLength + content.length)
  bytes[0] = version
  bytes[1] = type
  putUint16(bytes, 2, id)
  putUint16(bytes, 4, content.length)
  bytes.set(content, headLength)
  return bytes
}

/** A stream's bytes as as many records as they need; none for no bytes (an empty record ends a stream). */
export function encodeStream(type: number, id: number, content: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = []
  for (let at = 0; at < content.length; at += longestContent) {
    records.push(encodeRecord(type, id, content.subarray(at, at + longestContent)))
  }
  return records
}

/** The record that ends a stream (section 3.3, "stream records"). */
export function endOfStream(type: number, id: number): Uint8Array {
  return encodeRecord(type, id, new Uint8Array(0))
}

/** Section 5.1: role in two bytes, flags, five reserved bytes. */
export function encodeBeginRequest(id: number, role: RoleName, keep: boolean): Uint8Array {
  return encodeRecord(
    recordTypes.beginRequest,
    id,
    Uint8Array.of(0, roles[role], keep ? keepConnection : 0, 0, 0, 0, 0, 0)
  )
}

export interface BeginRequest {
  readonly role: RoleName | undefined
  readonly keep: boolean
}

/** The content of a begin-request record; undefined when it is too short. */
export function readBeginRequest(content: Uint8Array): BeginRequest | undefined {
  if (content.length < headLength) return undefined
  const number = uint16(content, 0)
  const role = roleNames.find((name) => roles[name] === number)
  return { role, keep: ((content[2] ?? 0) & keepConnection) !== 0 }
}

const roleNames = ['responder', 'authorizer', 'filter'] as const

/** Section 5.5: application status in four bytes, protocol status, three reserved bytes. */
export function encodeEndRequest(id: number, status = 0): Uint8Array {
  const content = new Uint8Array(8)
  new DataView(content.buffer).setUint32(0, status)
  return encodeRecord(recordTypes.endRequest, id, content)
}

/**
 * Name-value pairs (section 3.4): both lengths, then both texts. A length below 128 takes one byte, else four with
 * the highest bit set.
 *
 *     nameLength  valueLength  name … value …
 *     0bbbbbbb or 1bbbbbbb bbbbbbbb bbbbbbbb bbbbbbbb
 */
export function encodePairs(pairs: readonly NameValue[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [name, value] of pairs)
    parts.push(encodeLength(name.length), encodeLength(value.length), name, value)
  return concat(parts)
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  return Uint8Array.of(0x80 | (length >>> 24), (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff)
}

/** The pairs of a whole params stream; undefined when a length reaches beyond its end. */
export function readPairs(bytes: Uint8Array): readonly NameValue[] | undefined {
  const pairs: NameValue[] = []
  let at = 0
  while (at < bytes.length) {
    const name = readLength(bytes, at)
    const value = name && readLength(bytes, name.next)
    if (name === undefined || value === undefined) return undefined
    const middle = value.next + name.length
    at = middle + value.length
    if (at > bytes.length) return undefined
    pairs.push([bytes.slice(value.next, middle), bytes.slice(middle, at)])
  }
  return pairs
}

function readLength(bytes: Uint8Array, at: number): { length: number; next: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { length: first, next: at + 1 }
  if (at + 4 > bytes.length) return undefined
  const length = ((first & 0x7f) << 24) | ((bytes[at + 1] ?? 0) << 16) | uint16(bytes, at + 2)
  return { length, next: at + 4 }
}

/** What a decoder has made of one more piece of the connection's bytes. */
export interface Decoded {
  readonly records: readonly RawRecord[]
  /** Why nothing further can be read; what came before it is in `records`. */
  readonly broken?: string
}

/** Reads records from bytes that come in pieces. Any split of the same bytes gives the same records. */
export class RecordDecoder {
  private pieces: Uint8Array[] = []
  private held = 0
  private needed = headLength
  private broken: string | undefined

  push(piece: Uint8Array): Decoded {
    if (this.broken !== undefined) return { records: [], broken: this.broken }
    this.pieces.push(piece)
    this.held += piece.length
    const records: RawRecord[] = []
    // Pieces are put together only when they hold a whole record, so that many small ones stay cheap.
    const broken = this.held >= this.needed ? this.take(records) : undefined
    this.broken = broken
    return broken === undefined ? { records } : { records, broken }
  }

  /** Whether the bytes so far end within a record. */
  get isMidRecord(): boolean {
    return this.held > 0
  }

  /** Takes all whole records; what is told is why it ended. */
  private take(records: RawRecord[]): string | undefined {
    const bytes = concat(this.pieces)
    let broken: string | undefined
    let at = 0
    for (;;) {
      this.needed = headLength
      if (bytes.length - at < headLength) break
      const found = bytes[at] ?? 0
      if (found !== version) {
        broken = `record version ${found} instead of ${version}`
        break
      }
      const length = uint16(bytes, at + 4)
      const whole = headLength + length + (bytes[at + 6] ?? 0)
      if (bytes.length - at < whole) {
        this.needed = whole
        break
      }
      const start = at + headLength
      records.push({
        type: bytes[at + 1] ?? 0,
        id: uint16(bytes, at + 2),
        content: bytes.subarray(start, start + length)
      })
      at += whole
    }
    this.pieces = at < bytes.length ? [bytes.subarray(at)] : []
    this.held = bytes.length - at
    return broken
  }
}

/** One array of several; the same one where there is only one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function putUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value & 0xff
}
