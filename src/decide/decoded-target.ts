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

export type Refused = Extract<TargetResult, { kind: 'refused' }>

/** Bytes that a target cannot have unless they are escaped. */
export function hasRawBytes(text: string, { rawBytes }: TargetRules): boolean {
  if (rawBytes === 'kept') return false
  return rawBytes === 'refused' ? /[\0- \x7f\udcff]/.test(text) : /[\0- ]/.test(text)
}

function isControl(value: number): boolean {
  return value < 32 || value === 127
}

/** The path is decoded first; dots and slashes count in the decoded one. */
export function decode(rawPath: string, query: string | undefined, rules: TargetRules): TargetResult {
  if (hasRawBytes(query === undefined ? rawPath : rawPath + query, rules))
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
    if (isControl(value) && rules.control === 'underscore') out.push(95)
    else if (value === 47 && rules.encodedSlash === 'kept')
      out.push(37, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
    else out.push(value)
    at += 2
  }
  const problem = utf8Problem(out, rules)
  if (problem !== undefined) return problem
  const path = simplify(decodeBytes(Uint8Array.from(out)), rules.mergeSlashes, rules.aboveRoot)
  if (path === undefined) return climbs(rules)
  return { kind: 'read', path, query, uri: query === undefined ? rawPath : `${rawPath}?${query}` }
}

export function escapeProblem(value: number | undefined, rules: TargetRules): Refused | undefined {
  const refuse = (why: string, status = rules.refusedStatus): Refused => ({
    kind: 'refused',
    status,
    why
  })
  if (value === undefined)
    return rules.badEscape === 'kept' ? undefined : refuse('a `%` without two hexadecimal digits')
  if (value === 47 && rules.encodedSlash === 'not-found') return refuse('an escaped slash in the path', 404)
  if (value === 0 && rules.control === 'nul-not-found') return refuse('an escaped NUL', 404)
  if (rules.control === 'underscore') return undefined
  if (value === 0 && rules.control !== 'kept') return refuse('an escaped NUL')
  if (isControl(value) && rules.control === 'refused') return refuse('an escaped control character')
  return undefined
}

export function utf8Problem(bytes: readonly number[], rules: TargetRules): Refused | undefined {
  if (rules.invalidUtf8 === 'kept') return undefined
  const never = bytes.find((byte) => byte === 0xc0 || byte === 0xc1 || byte >= 0xf5)
  if (never === undefined) return undefined
  return {
    kind: 'refused',
    status: rules.refusedStatus,
    why: `the byte ${escaped(never)}, which UTF-8 never has`
  }
}

export function climbs(rules: TargetRules): Refused {
  return { kind: 'refused', status: rules.refusedStatus, why: 'the path climbs above the root' }
}
