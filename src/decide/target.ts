import { decodeBytes, encodeBytes } from '../diagnostics/index.js'
import type { TargetRules } from '../model/index.js'
import { escaped, hexByte, simplify } from './path.js'

/** A request target taken apart and brought into normal form. */
export interface Target {
  /** Decoded, normalised path. */
  readonly path: string
  /** Undefined without `?`. */
  readonly query: string | undefined
  /** Path and query, still encoded. */
  readonly uri: string
}

export type TargetResult =
  | ({ readonly kind: 'read' } & Target)
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }

interface SplitTarget {
  readonly authority?: string
  /** Path and query; the path is never empty. */
  readonly rest: string
  /** As it was written, `?x` without a path included. */
  readonly received: string
}

/** The target's scheme and host where it has the absolute form, and the rest. */
export function splitAbsolute(target: string): SplitTarget {
  if (target.startsWith('/')) return { rest: target, received: target }
  const match = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)([^]*)$/.exec(target)
  if (match === null) return { rest: target, received: target }
  const [, authority = '', rest = ''] = match
  return { authority, rest: rest.startsWith('/') ? rest : `/${rest}`, received: rest === '' ? '/' : rest }
}

/** The target of a request by its method: that of CONNECT may be left as it is. */
export function readTargetOf(method: string, text: string, rules: TargetRules): TargetResult {
  if (method !== 'CONNECT' || rules.connect !== 'as-it-came') return readTarget(text, rules)
  return /^[/:0-9]/.test(text)
    ? { kind: 'read', path: text, query: undefined, uri: text }
    : { kind: 'refused', status: rules.refusedStatus, why: 'the target is neither a path nor an address' }
}

/** Brings path and query (origin form, beginning with a slash) into the form the rules ask for. */
export function readTarget(text: string, rules: TargetRules): TargetResult {
  const refuse = (why: string, status = rules.refusedStatus): TargetResult => ({
    kind: 'refused',
    status,
    why
  })
  if (!text.startsWith('/')) return refuse('the target does not begin with a slash')
  const hash = text.indexOf('#')
  if (hash >= 0 && rules.fragment === 'refused') return refuse('the target holds a `#`')
  const whole = hash < 0 ? text : text.slice(0, hash)
  const mark = whole.indexOf('?')
  const rawPath = mark < 0 ? whole : whole.slice(0, mark)
  const rawQuery = mark < 0 ? undefined : whole.slice(mark + 1)
  if (!rawPath.includes('%') && isPlain(rawPath) && (rawQuery === undefined || isPlain(rawQuery))) {
    const path = simplify(rawPath, rules.mergeSlashes, rules.aboveRoot)
    if (path === undefined) return refuse('the path climbs above the root')
    const queryText = rawQuery === undefined ? '' : `?${rawQuery}`
    return {
      kind: 'read',
      path,
      query: rawQuery,
      uri: rules.normalised ? path + queryText : rawPath + queryText
    }
  }
  return rules.normalised ? normalise(rawPath, rawQuery, rules) : decode(rawPath, rawQuery, rules)
}

/** Nothing that any rule would change, dots and slashes apart. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9/._~!$&'()*+,;=:@?-]*$/.test(text)
}

/** The path is decoded first; dots and slashes count in the decoded one. */
function decode(rawPath: string, query: string | undefined, rules: TargetRules): TargetResult {
  if (/[\0- ]/.test(rawPath) || (query !== undefined && /[\0- ]/.test(query)))
    return { kind: 'refused', status: rules.refusedStatus, why: 'a blank or control character in the target' }
  const bytes = encodeBytes(rawPath)
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 37) {
      out.push(byte)
      continue
    }
    const value = hexByte(bytes, at + 1)
    const problem = escapeProblem(value, rules)
    if (problem !== undefined) return problem
    if (value === undefined) {
      out.push(37)
      continue
    }
    if (value === 47 && rules.encodedSlash === 'kept') out.push(37, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
    else out.push(value)
    at += 2
  }
  const problem = utf8Problem(out, rules)
  if (problem !== undefined) return problem
  const path = simplify(decodeBytes(Uint8Array.from(out)), rules.mergeSlashes, rules.aboveRoot)
  if (path === undefined) return climbs(rules)
  return { kind: 'read', path, query, uri: query === undefined ? rawPath : `${rawPath}?${query}` }
}

/** The target itself is rewritten: escapes that need none are undone, what needs one is escaped (lighttpd). */
function normalise(rawPath: string, rawQuery: string | undefined, rules: TargetRules): TargetResult {
  const first = normaliseEscapes(rawPath, rules, rules.encodedSlash === 'decoded')
  if (first.kind === 'refused') return first
  const second =
    rawQuery === undefined ? ({ kind: 'text', text: '' } as const) : normaliseEscapes(rawQuery, rules, false)
  if (second.kind === 'refused') return second
  const uriPath = simplify(first.text, rules.mergeSlashes, rules.aboveRoot)
  if (uriPath === undefined) return climbs(rules)
  // Slashes that stay escaped in the target count in the path all the same.
  const kept = rules.encodedSlash === 'kept'
  const decoded = decode(uriPath, undefined, { ...rules, encodedSlash: 'decoded', mergeSlashes: kept })
  if (decoded.kind === 'refused') return decoded
  const query = rawQuery === undefined ? undefined : second.text
  return {
    kind: 'read',
    path: decoded.path,
    query,
    uri: query === undefined ? uriPath : `${uriPath}?${query}`
  }
}

type Escapes = { readonly kind: 'text'; readonly text: string } | Extract<TargetResult, { kind: 'refused' }>

function normaliseEscapes(text: string, rules: TargetRules, slashes: boolean): Escapes {
  const bytes = encodeBytes(text)
  const values: number[] = []
  let out = ''
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 37) {
      values.push(byte)
      out += needsEscape(byte) ? escaped(byte) : String.fromCharCode(byte)
      continue
    }
    const value = hexByte(bytes, at + 1)
    const problem = escapeProblem(value, rules)
    if (problem !== undefined) return problem
    if (value === undefined) {
      out += '%25'
      continue
    }
    at += 2
    values.push(value)
    const plain = isUnreserved(value) || (value === 47 && slashes)
    out += plain ? String.fromCharCode(value) : escaped(value)
  }
  return utf8Problem(values, rules) ?? { kind: 'text', text: out }
}

function escapeProblem(
  value: number | undefined,
  rules: TargetRules
): Extract<TargetResult, { kind: 'refused' }> | undefined {
  const refuse = (why: string, status = rules.refusedStatus): Extract<TargetResult, { kind: 'refused' }> => ({
    kind: 'refused',
    status,
    why
  })
  if (value === undefined)
    return rules.badEscape === 'kept' ? undefined : refuse('a `%` without two hexadecimal digits')
  if (value === 47 && rules.encodedSlash === 'not-found') return refuse('an escaped slash in the path', 404)
  if (value === 0 && rules.control === 'nul-not-found') return refuse('an escaped NUL', 404)
  if (value === 0 && rules.control !== 'kept') return refuse('an escaped NUL')
  if ((value < 32 || value === 127) && rules.control === 'refused')
    return refuse('an escaped control character')
  return undefined
}

function utf8Problem(
  bytes: readonly number[],
  rules: TargetRules
): Extract<TargetResult, { kind: 'refused' }> | undefined {
  if (rules.invalidUtf8 === 'kept') return undefined
  const never = bytes.find((byte) => byte === 0xc0 || byte === 0xc1 || byte >= 0xf5)
  if (never === undefined) return undefined
  return {
    kind: 'refused',
    status: rules.refusedStatus,
    why: `the byte ${escaped(never)}, which UTF-8 never has`
  }
}

function climbs(rules: TargetRules): TargetResult {
  return { kind: 'refused', status: rules.refusedStatus, why: 'the path climbs above the root' }
}

function isUnreserved(byte: number): boolean {
  return (
    (byte >= 97 && byte <= 122) ||
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    '-._~'.includes(String.fromCharCode(byte))
  )
}

function needsEscape(byte: number): boolean {
  return byte <= 32 || byte >= 127 || '"<>\\^`{|}[]'.includes(String.fromCharCode(byte))
}
