import { isPlainStatus } from '../../decide/index.js'
import type { Decision } from '../../decide/types.js'
import { parseExpiry, type Charset, type Expiry } from '../../model/index.js'
import { headerOf, withoutHeaders } from './answer.js'
import type { Headers } from './answer.js'

/** Tells the charset with a media type that says none; not with the redirects 301 and 302. */
export function withCharset(headers: Headers, status: number, { settings, render }: Decision): Headers {
  const rules = settings.charset?.value
  const type = headerOf(headers, 'content-type')
  if (rules === undefined || type === undefined || type === '' || status === 301 || status === 302)
    return headers
  if (/;\s*charset=/i.test(type)) return headers
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  const name = charsetOf(bare, rules, render)
  if (name === '') return headers
  return headers.map(([header, value]) =>
    header.toLowerCase() === 'content-type' ? [header, `${value}; charset=${name}`] : [header, value]
  )
}

/** What goes along with pages of the site's own; empty for none. */
export function htmlCharset({ settings, render }: Decision): string {
  const rules = settings.charset?.value
  return rules === undefined ? '' : charsetOf('text/html', rules, render)
}

function charsetOf(type: string, rules: Charset, render: Decision['render']): string {
  return rules.types.includes(type) || rules.types.includes('*') ? render(rules.name, undefined) : ''
}

/** Expires and Cache-Control as the site says, in place of an application's. */
export function withExpiry(headers: Headers, status: number, decision: Decision, now: number): Headers {
  const rule = decision.settings.expiry?.value
  if (rule === undefined || !isPlainStatus(status)) return headers
  const changed = Date.parse(headerOf(headers, 'last-modified') ?? '')
  const told = toldBy(
    rule.kind === 'computed'
      ? parseExpiry(decision.render(rule.from, { status: '', headers: [], sent: { status, headers } }))
      : rule,
    Math.floor(now / 1000),
    Number.isNaN(changed) ? undefined : Math.floor(changed / 1000)
  )
  if (told === undefined) return headers
  return [
    ...withoutHeaders(headers, ['expires', 'cache-control']),
    ['Expires', told.expires],
    ['Cache-Control', told.cacheControl]
  ]
}

interface Told {
  readonly expires: string
  readonly cacheControl: string
}

/** Times in seconds since 1970. */
function toldBy(rule: Expiry | undefined, now: number, changed: number | undefined): Told | undefined {
  if (rule === undefined) return undefined
  switch (rule.kind) {
    case 'none':
    case 'computed':
      return undefined
    case 'never-fresh':
      return { expires: 'Thu, 01 Jan 1970 00:00:01 GMT', cacheControl: 'no-cache' }
    case 'always-fresh':
      return { expires: 'Thu, 31 Dec 2037 23:55:55 GMT', cacheControl: 'max-age=315360000' }
    case 'daily': {
      const at = nextTime(now, rule.second)
      return until(at, at - now, false)
    }
    case 'after': {
      const from = rule.of === 'change' ? (changed ?? now) : now
      return until(from + rule.seconds, from + rule.seconds - now, rule.seconds < 0)
    }
  }
}

function until(at: number, age: number, isPast: boolean): Told {
  return {
    expires: new Date(at * 1000).toUTCString(),
    cacheControl: isPast || age < 0 ? 'no-cache' : `max-age=${String(age)}`
  }
}

/** The next time that the machine's clock shows this second of the day. */
function nextTime(now: number, second: number): number {
  const date = new Date(now * 1000)
  date.setHours(0, 0, second, 0)
  const today = date.getTime() / 1000
  if (today > now) return today
  date.setDate(date.getDate() + 1)
  return date.getTime() / 1000
}
