import { quote } from '../quote.js'
import { answersNote } from '../../answer-rules.js'
import { hiddenHeaders, page, responseRules } from '../read/constants.js'
import type { Note, ResponseRules } from '../../../model/index.js'
import { directive, type Item } from './document.js'

export interface WrittenResponse {
  readonly items: readonly Item[]
  /** What differs all the same; absent where nothing does. */
  readonly note?: Note
}

/** What is done with an application's answers. Rules that are nginx's but for what its directives change are written whole. */
export function writtenResponse(rules: ResponseRules): WrittenResponse {
  const own: ResponseRules = {
    ...rules,
    hide: responseRules.hide,
    ranges: responseRules.ranges,
    ...(rules.head && responseRules.head && { head: { ...rules.head, limit: responseRules.head.limit } })
  }
  const left = JSON.stringify(sorted({ ...own, ...unsaid }))
  if (left === JSON.stringify(sorted({ ...responseRules, ...unsaid, ...stderr(rules) })))
    return { items: itemsFor(rules) }
  const items = rules.interceptFrom === undefined ? [] : [intercept]
  return { items, note: answersNote(rules, responseRules) }
}

/** What directives say, and so does not count for whether the rest is nginx's. */
const unsaid = {
  redirectHeader: undefined,
  rateHeader: undefined,
  rangesNeedLength: undefined,
  readRate: undefined,
  gathers: undefined,
  interceptFrom: undefined
}

function stderr({ head }: ResponseRules): Pick<ResponseRules, 'head'> | undefined {
  return head?.failsOnStderr === undefined || responseRules.head === undefined
    ? undefined
    : { head: { ...responseRules.head, failsOnStderr: head.failsOnStderr } }
}

function sorted(rules: object): readonly (readonly [string, unknown])[] {
  return Object.entries(rules).sort(([a], [b]) => a.localeCompare(b))
}

const intercept = directive('fastcgi_intercept_errors', 'on')

function itemsFor(rules: ResponseRules): readonly Item[] {
  const { hide, redirectHeader, rateHeader, readRate, gathers, head } = rules
  const ignored = [
    ...(redirectHeader === undefined ? ['X-Accel-Redirect'] : []),
    ...(rateHeader === undefined ? ['X-Accel-Limit-Rate'] : []),
    ...(gathers !== undefined && gathers.header === undefined ? ['X-Accel-Buffering'] : [])
  ]
  return [
    ...hide
      .filter((name) => !responseRules.hide.includes(name))
      .map((name) => directive('fastcgi_hide_header', quote(name))),
    ...hiddenHeaders
      .filter((name) => !hide.includes(name))
      .map((name) => directive('fastcgi_pass_header', quote(name))),
    ...(ignored.length === 0 ? [] : [directive('fastcgi_ignore_headers', ...ignored)]),
    ...(rules.ranges ? [directive('fastcgi_force_ranges', 'on')] : []),
    ...(readRate === undefined ? [] : [directive('fastcgi_limit_rate', String(readRate))]),
    ...(gathers?.byDefault === false ? [directive('fastcgi_buffering', 'off')] : []),
    ...(head?.limit === undefined || head.limit === responseRules.head?.limit ? [] : buffers(head.limit)),
    ...(head?.failsOnStderr ?? []).map((sign) => directive('fastcgi_catch_stderr', quote(sign))),
    ...(rules.interceptFrom === undefined ? [] : [intercept])
  ]
}

/**
 * The first buffer is all a head may take, in bytes. Twice the largest buffer must fit into all of the others but one, or nginx
 * does not start: eight of a page are its own choice.
 */
function buffers(limit: number): readonly Item[] {
  const size = String(limit)
  const isTooLarge = 2 * limit > 7 * page
  return [
    directive('fastcgi_buffer_size', size),
    ...(isTooLarge ? [directive('fastcgi_buffers', '8', size)] : [])
  ]
}
