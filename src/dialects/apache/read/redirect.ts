import { literal, type Redirect, type Template } from '../../../model/index.js'
import { interpolated } from './interpolation.js'
import type { Line } from './line.js'
import { escapeRegex, regex, substitution } from './patterns.js'
import { setting, type Place } from './place.js'
import type { Handler, Reader, Said } from './reader.js'
import { unclear } from './unclear.js'

/** Redirects of mod_alias. */
export const redirectHandlers: readonly (readonly [string, Handler])[] = [
  ['Redirect', (line, place, reader) => redirect(line, place, reader, 302)],
  ['RedirectMatch', (line, place, reader) => redirect(line, place, reader, 302)],
  ['RedirectPermanent', (line, place, reader) => redirect(line, place, reader, 301)],
  ['RedirectTemp', (line, place, reader) => redirect(line, place, reader, 302)]
]

const statusNames: ReadonlyMap<string, number> = new Map([
  ['permanent', 301],
  ['temp', 302],
  ['seeother', 303],
  ['gone', 410]
])

/** `ap_is_HTTP_REDIRECT` */
const leadsElsewhere = (status: number): boolean => status >= 300 && status < 400

/** `Redirect [status] [/old] [https://new/]`: in a section one or the other may be left out. */
function redirect(line: Line, place: Place, reader: Reader, usual: number): Said {
  const words = line.words.map((word) => word.value)
  const [first = '', second, third] = words
  const told =
    statusNames.get(first.toLowerCase()) ?? (/^\d/.test(first) ? Number.parseInt(first, 10) : undefined)
  const status = told ?? usual
  const goes = leadsElsewhere(status)
  if (third !== undefined && told === undefined)
    return refused(
      line,
      reader,
      `\`${first}\` is no status`,
      'write `permanent`, `temp`, `seeother`, `gone` or a number'
    )
  const inSection = place.context !== 'main' && place.context !== 'vhost'
  if (inSection && told !== undefined && !goes && second === undefined)
    return all(line, place, { status, origin: line.span })
  if (
    inSection &&
    third === undefined &&
    (told === undefined ? second === undefined : goes && second !== undefined)
  ) {
    const read = interpolated(told === undefined ? first : (second ?? ''))
    if ('wrong' in read || 'unread' in read) return unclear(read, line, place, reader)
    return all(line, place, { to: read, escapes: true, status, origin: line.span })
  }
  const [from, to] = told === undefined ? [first, second] : [second, third]
  if (from === undefined && !goes) {
    const message = 'The path to redirect is missing: httpd starts, and ends at the first request'
    reader.report.warn('bad-redirect', line.span, message, 'write the path behind the status')
    return { kind: 'ignored', why: 'there is no path that it could be for' }
  }
  const problem = problemOf(from, to, goes, line.name === 'RedirectMatch')
  if (problem !== undefined)
    return refused(line, reader, problem, 'write `Redirect 301 /old https://example.com/new`')
  const made: Redirect = {
    match: line.name === 'RedirectMatch' ? regex(from ?? '') : prefixOf(from ?? ''),
    on: 'path',
    ...targetOf(to, line.name === 'RedirectMatch'),
    status,
    origin: line.span
  }
  if (!inSection) place.server.redirects.push(made)
  else {
    const before = place.settings.findLast((one) => one.key === 'fileRedirects')
    const earlier = before?.key === 'fileRedirects' ? before.value : []
    if (before !== undefined) place.settings.splice(place.settings.indexOf(before), 1)
    place.settings.push(setting('fileRedirects', [...earlier, made], line.span))
  }
  return undefined
}

function all(line: Line, place: Place, value: Omit<Redirect, 'match' | 'on'>): Said {
  place.settings.push(setting('redirectsAll', value, line.span))
  return undefined
}

function problemOf(
  from: string | undefined,
  to: string | undefined,
  goes: boolean,
  byRegex: boolean
): string | undefined {
  if (goes && to === undefined) return 'The URL to redirect to is missing'
  if (!goes && to !== undefined) return 'Such a status goes without a URL'
  if (from === undefined) return 'The path to redirect is missing'
  const isUrl = to === undefined || /^(?:\/|[a-z][a-z0-9+.-]*:)/i.test(to)
  return byRegex || isUrl ? undefined : `\`${to}\` is neither a URL nor a path`
}

function refused(line: Line, reader: Reader, message: string, hint: string): Said {
  reader.report.refuse('bad-redirect', line.span, message, hint)
  return undefined
}

/** The rest of the path is capture 1; a run of slashes counts as one (mod_alias: `alias_matches`). */
function prefixOf(from: string): Redirect['match'] {
  const source = from.split(/\/+/).map(escapeRegex).join('/+')
  return regex(from.endsWith('/') ? `^${source}((?s:.*))$` : `^${source}((?:/(?s:.*))?)$`)
}

function targetOf(to: string | undefined, byRegex: boolean): Pick<Redirect, 'to' | 'escapes'> {
  if (to === undefined) return {}
  if (byRegex) return { to: substitution(to), escapes: true }
  const rest: Template = [
    { kind: 'apply', function: 'escape-path', to: [{ kind: 'capture', group: 1, from: 'rule' }] }
  ]
  return { to: [...literal(to), ...rest] }
}
