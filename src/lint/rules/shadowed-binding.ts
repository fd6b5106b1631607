import type { Binding, Match } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { settingsOf } from '../support/places.js'

/** A handler that an earlier one takes every request from. */
export const shadowedBinding: Rule = {
  code: 'routing/shadowed-handler',
  severity: 'warning',
  summary: 'A handler that never answers, because an earlier one takes all its requests',
  dialects: 'all',
  site(site, { report }) {
    for (const { setting } of settingsOf(site, 'bindings')) {
      const before: Binding[] = []
      for (const binding of setting.value) {
        const taker = before.find((earlier) => covers(earlier, binding))
        if (taker !== undefined) {
          report({
            span: binding.origin,
            message: `this never answers: \`${textOf(taker.match)}\` stands before it and takes the same requests`,
            hint: 'the first that fits counts, not the longest: put the narrower one first',
            related: [{ span: taker.origin, message: 'this one answers' }]
          })
        }
        if (taker === undefined && before.length < most) before.push(binding)
      }
    }
  }
}

/** Looked at for each binding, so that a list of thousands stays quick. */
const most = 64

function covers(earlier: Binding, later: Binding): boolean {
  if (earlier.when.kind !== 'always' || later.when.kind !== 'always') return false
  // One of another module, of another stage, or a guard that lets requests through, takes nothing away.
  if (earlier.group !== later.group || !later.at.every((stage) => earlier.at.includes(stage))) return false
  if (roleOf(earlier) !== roleOf(later)) return false
  return matchCovers(earlier.match, later.match)
}

function roleOf({ target }: Binding): string {
  return target.kind === 'fastcgi' ? target.role : 'responder'
}

function matchCovers(earlier: Match, later: Match): boolean {
  if (earlier.kind === 'prefix' && later.kind === 'prefix') {
    if (earlier.raw !== later.raw) return false
    if (!later.value.startsWith(earlier.value)) return false
    if (later.value === earlier.value) return !earlier.segments || later.segments
    return (
      !earlier.segments || earlier.value.endsWith('/') || later.value.charAt(earlier.value.length) === '/'
    )
  }
  if (earlier.kind === 'suffix' && later.kind === 'suffix') return later.value.endsWith(earlier.value)
  // Whole file names are written as prefixes here (`/admin.php`).
  if (earlier.kind === 'suffix' && later.kind === 'prefix')
    return later.value.endsWith(earlier.value) && earlier.value !== ''
  return earlier.kind === 'any' && later.kind !== 'any'
}

function textOf(match: Match): string {
  if (match.kind === 'any') return 'the handler for everything'
  return match.kind === 'regex' ? match.regex.source : match.value
}
