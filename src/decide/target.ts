import type { TargetRules } from '../model/index.js'
import { isAsterisk } from './asterisk.js'
import { decode } from './decoded-target.js'
import type { TargetResult } from './decoded-target.js'
import { normalise } from './normal-target.js'
import { simplify } from './path.js'

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

/** The target that a client sent: that of CONNECT is a path or an address. */
export function readReceived(method: string, text: string, rules: TargetRules): TargetResult {
  if (isAsItCame(method, rules) && !/^[/:0-9]/.test(text))
    return {
      kind: 'refused',
      status: rules.refusedStatus,
      why: 'the target is neither a path nor an address'
    }
  return readTargetOf(method, text, rules)
}

/** The target of a request by its method: that of CONNECT may be left as it is, and that of OPTIONS be `*`. */
export function readTargetOf(method: string, text: string, rules: TargetRules): TargetResult {
  const isLeft = isAsItCame(method, rules) || (isAsterisk(method, text) && rules.asterisk?.byStep === true)
  return isLeft ? { kind: 'read', path: text, query: undefined, uri: text } : readTarget(text, rules)
}

function isAsItCame(method: string, rules: TargetRules): boolean {
  return method === 'CONNECT' && rules.connect === 'as-it-came'
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
  const rawPath = withoutLeading(mark < 0 ? whole : whole.slice(0, mark), rules)
  const rawQuery = mark < 0 ? undefined : whole.slice(mark + 1)
  const isUsual = rules.normalForm === undefined
  if (
    isUsual &&
    !rawPath.includes('%') &&
    isPlain(rawPath) &&
    (rawQuery === undefined || isPlain(rawQuery))
  ) {
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

function withoutLeading(path: string, { leadingSlashes }: TargetRules): string {
  return leadingSlashes === 'one' ? path.replace(/^\/{2,}/, '/') : path
}

/** Nothing that any rule would change, dots and slashes apart. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9/._~!$&'()*+,;=:@?-]*$/.test(text)
}
