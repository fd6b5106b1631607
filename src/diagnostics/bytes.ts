/**
 * Configuration files are bytes, not always UTF-8. Bytes that are no UTF-8 become the lone surrogates
 * U+DC80 to U+DCFF (which valid UTF-8 never decodes to), so that any file survives reading and writing
 * byte for byte. A byte order mark stays in the text as U+FEFF.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a file's bytes; `encodeBytes` gives the same bytes back. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeEscaping(bytes)
  }
}

function decodeEscaping(bytes: Uint8Array): string {
  const parts: string[] = []
  let clean = 0
  let at = 0
  const flush = (end: number): void => {
    if (end > clean) parts.push(strict.decode(bytes.subarray(clean, end)))
  }
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    flush(at)
    parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)))
    at += 1
    clean = at
  }
  flush(bytes.length)
  return parts.join('')
}

/** Length of the well-formed UTF-8 sequence that begins here, 0 if none does (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const within = (offset: number, low: number, high: number): boolean => {
    const byte = bytes[at + offset]
    return byte !== undefined && byte >= low && byte <= high
  }
  if (first < 0x80) return 1
  if (first >= 0xc2 && first <= 0xdf) return within(1, 0x80, 0xbf) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return within(1, low, high) && within(2, 0x80, 0xbf) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    return within(1, low, high) && within(2, 0x80, 0xbf) && within(3, 0x80, 0xbf) ? 4 : 0
  }
  return 0
}

const encoder = new TextEncoder()
const escaped = /[\udc80-\udcff]/

/** The bytes of a text made by `decodeBytes`. */
export function encodeBytes(text: string): Uint8Array {
  if (!escaped.test(text)) return encoder.encode(text)
  const parts: Uint8Array[] = []
  // A low surrogate that follows a high one is half of an ordinary character, not an escaped byte.
  for (const piece of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)) {
    const unit = piece.length === 1 ? piece.charCodeAt(0) : 0
    parts.push(unit >= 0xdc80 && unit <= 0xdcff ? Uint8Array.of(unit - 0xdc00) : encoder.encode(piece))
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
