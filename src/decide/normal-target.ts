import { encodeBytes } from '../diagnostics/index.js'
import type { TargetRules } from '../model/index.js'
import { escaped, hexByte, simplify } from './path.js'
import { climbs, decode, escapeProblem, hasRawBytes, utf8Problem } from './decoded-target.js'
import type { Refused, TargetResult } from './decoded-target.js'

/** The target itself is rewritten: escapes that need none are undone, what needs one is escaped (lighttpd's burl_normalize). */
export function normalise(rawPath: string, rawQuery: string | undefined, rules: TargetRules): TargetResult {
  const { normalForm = {}, refusedStatus: status } = rules
  const refuse = (why: string): Refused => ({ kind: 'refused', status, why })
  const isRaw = rules.rawBytes === 'refused' && hasRawBytes(rawPath + (rawQuery ?? ''), rules)
  if (isRaw) return refuse('a blank or control character in the target')
  const first = normaliseEscapes(rawPath, rules, 'path')
  if (first.kind === 'refused') return first
  const second = rawQuery === undefined ? undefined : normaliseEscapes(rawQuery, rules, 'query')
  if (second?.kind === 'refused') return second
  const parted = partedAt(first.text, second?.text, normalForm.escapes === 'required')
  const path = rules.encodedSlash === 'decoded' ? parted.path.replaceAll('%2F', '/') : parted.path
  if (normalForm.encodedSlash === 'refused' && path.includes('%2F'))
    return refuse('an escaped slash in the path')
  if (normalForm.dots === 'refused' && !isSimple(path)) return refuse('a path that is not simple')
  const uriPath = normalForm.dots === 'kept' ? path : simplify(path, rules.mergeSlashes, rules.aboveRoot)
  if (uriPath === undefined) return climbs(rules)
  // Whatever stays in the target, the path that is looked at is decoded and simplified.
  const isSettled = rules.encodedSlash === 'decoded' && normalForm.dots === undefined
  const decoded = decode(uriPath, undefined, {
    ...rules,
    encodedSlash: 'decoded',
    mergeSlashes: !isSettled,
    rawBytes: 'kept'
  })
  if (decoded.kind === 'refused') return decoded
  const query = normalForm.spaces === 'plus' ? parted.query?.replaceAll('%20', '+') : parted.query
  return {
    kind: 'read',
    path: decoded.path,
    query,
    uri: query === undefined ? uriPath : `${uriPath}?${query}`
  }
}

interface Parts {
  readonly path: string
  readonly query: string | undefined
}

function partedAt(path: string, query: string | undefined, last: boolean): Parts {
  if (!last || query === undefined) return { path, query }
  const whole = `${path}?${query}`
  const mark = whole.lastIndexOf('?')
  return { path: whole.slice(0, mark), query: whole.slice(mark + 1) }
}

function isSimple(path: string): boolean {
  return !/\/\.{0,2}\/|\/\.{1,2}$/.test(path)
}

type Escapes = { readonly kind: 'text'; readonly text: string } | Refused

function normaliseEscapes(text: string, rules: TargetRules, part: 'path' | 'query'): Escapes {
  const isUndone = rules.normalForm?.escapes === 'required' ? neededNowhere[part] : isUnreserved
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
    out += isUndone(value) ? String.fromCharCode(value) : escaped(value)
  }
  return utf8Problem(values, rules) ?? { kind: 'text', text: out }
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

/** Characters that mean the same with and without an escape. */
const neededNowhere = {
  path: (byte: number): boolean => isFree(byte) && !'/?'.includes(String.fromCharCode(byte)),
  query: (byte: number): boolean => isFree(byte) && !'&=;+'.includes(String.fromCharCode(byte))
} as const

function isFree(byte: number): boolean {
  return !needsEscape(byte) && !'#%'.includes(String.fromCharCode(byte))
}
