import { decodeBytes, encodeBytes } from '../diagnostics/index.js'

/** Exactly one slash between the two. */
export function joined(base: string, rest: string): string {
  const head = base.endsWith('/') ? base.slice(0, -1) : base
  return rest.startsWith('/') ? head + rest : `${head}/${rest}`
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `/a` covers `/a`, `/a/` and `/a/b`, not `/ab`; `/a/` covers what begins with it. */
export function covers(prefix: string, path: string, segments: boolean): boolean {
  if (!path.startsWith(prefix)) return false
  if (!segments || path.length === prefix.length || prefix.endsWith('/')) return true
  return path[prefix.length] === '/'
}

/** A decoded path as it stands in a URL. Bytes beyond ASCII, controls and what a URL gives a meaning are escaped. */
export function encodePath(path: string): string {
  if (/^[A-Za-z0-9/._~!$&'()*+,;=:@-]*$/.test(path)) return path
  let text = ''
  for (const byte of encodeBytes(path)) text += plainInPath(byte) ? String.fromCharCode(byte) : escaped(byte)
  return text
}

/** The same, with escapes in small letters (httpd's `ap_os_escape_path`). */
export function encodePathSmall(path: string): string {
  return encodePath(path).replace(/%../g, (escape) => escape.toLowerCase())
}

/** The same, but a slash that is escaped in it already stays so. */
export function encodePathButSlashes(path: string): string {
  return path
    .split(/(%2f)/i)
    .map((part, index) => (index % 2 === 0 ? encodePath(part) : part))
    .join('')
}

/** Query arguments: as a path, and `&`, `+`, `;` and the like are escaped as well. */
export function encodeQuery(text: string): string {
  let out = ''
  for (const byte of encodeBytes(text)) {
    const unit = String.fromCharCode(byte)
    out += byte <= 32 || byte >= 127 || '"#%&+;<>?\\^`{|}'.includes(unit) ? escaped(byte) : unit
  }
  return out
}

/** Everything but letters, digits and `-._~`. */
/** As `escapeAll`, but slashes stay, and what is escaped stays as it is, or is undone where it need not be (burl_append_encode_psnde). */
export function escapeOnce(text: string): string {
  return text
    .split(/(%[0-9a-f]{2})/i)
    .map((part, index) => {
      if (index % 2 === 0) return part.split('/').map(escapeAll).join('/')
      const unit = String.fromCharCode(parseInt(part.slice(1), 16))
      return /[A-Za-z0-9._~-]/.test(unit) ? unit : part
    })
    .join('')
}

export function escapeAll(text: string): string {
  let out = ''
  for (const byte of encodeBytes(text)) {
    const unit = String.fromCharCode(byte)
    out += /[A-Za-z0-9._~-]/.test(unit) ? unit : escaped(byte)
  }
  return out
}

/** Escapes of printable characters behind `%` are undone up to the first question mark. */
export function unescapeRedirect(text: string): string {
  const mark = text.indexOf('?')
  const end = mark < 0 ? text.length : mark
  let out = ''
  for (let at = 0; at < end; at++) {
    const escape = /^%([0-9a-f]{2})/i.exec(text.slice(at, at + 3))
    const code = Number.parseInt(escape?.[1] ?? '', 16)
    if (code === 63) return `${out}?${text.slice(at + 3)}`
    if (code > 37 && code < 127) {
      out += String.fromCharCode(code)
      at += 2
    } else out += text.charAt(at)
  }
  return out + text.slice(end)
}

export function escaped(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function plainInPath(byte: number): boolean {
  return byte > 32 && byte < 127 && !'"#%<>?[\\]^`{|}'.includes(String.fromCharCode(byte))
}

/** The text behind `%XX` escapes; what is no escape stays. */
export function unescapePercent(text: string): string {
  if (!text.includes('%')) return text
  const bytes = encodeBytes(text)
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] === 37 ? hexByte(bytes, at + 1) : undefined
    out[length++] = value ?? bytes[at] ?? 0
    if (value !== undefined) at += 2
  }
  return decodeBytes(out.subarray(0, length))
}

/** The byte that two hexadecimal digits at a place name. */
export function hexByte(bytes: Uint8Array, at: number): number | undefined {
  const high = hexDigit(bytes[at])
  const low = hexDigit(bytes[at + 1])
  return high === undefined || low === undefined ? undefined : high * 16 + low
}

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : undefined
}

/**
 * Without `.` and `..` segments, and without doubled slashes where `merge`; undefined if it climbs above the root and
 * that is not clamped.
 */
export function simplify(
  path: string,
  merge: boolean,
  aboveRoot: 'clamped' | 'refused' = 'clamped'
): string | undefined {
  if (!path.includes('//') && !path.includes('/.')) return path
  const out: string[] = []
  const segments = path.split('/')
  const last = segments.length - 1
  for (let index = 1; index <= last; index++) {
    const segment = segments[index] ?? ''
    if (segment === '..') {
      if (out.length === 0 && aboveRoot === 'refused') return undefined
      out.pop()
      if (index === last) out.push('')
    } else if (segment === '.') {
      if (index === last) out.push('')
    } else if (segment !== '' || index === last || !merge) {
      out.push(segment)
    }
  }
  return `/${out.join('/')}`
}

/** As forms write values: `+` for a blank, escapes in small letters for all but letters, digits and `_` (httpd's `escape_backref`). */
export function escapeForm(text: string): string {
  if (/^\w*$/.test(text)) return text
  return [...encodeBytes(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      if (/\w/.test(letter)) return letter
      return letter === ' ' ? '+' : `%${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}
