import type { Delivery } from '../../model/index.js'
import { headerOf } from './answer.js'
import type { Headers } from './answer.js'

/** What can be said of a file's state without its content. */
export interface Validators {
  readonly etag: string | undefined
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** Evaluates the conditions of a request in the order of RFC 9110, section 13.2.2. */
export function evaluateConditions(
  method: string,
  headers: Headers,
  { etag, modified }: Validators,
  modifiedSince: Delivery['modifiedSince'] = 'not-newer'
): 'send' | 'not-modified' | 'failed' {
  const seconds = Math.floor(modified / 1000)
  const ifMatch = headerOf(headers, 'if-match')
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) return 'failed'
  } else {
    const unmodified = dateOf(headers, 'if-unmodified-since')
    if (unmodified !== undefined && seconds > unmodified) return 'failed'
  }
  const isRead = method === 'GET' || method === 'HEAD'
  const ifNoneMatch = headerOf(headers, 'if-none-match')
  if (ifNoneMatch !== undefined) {
    if (!matches(ifNoneMatch, etag)) return 'send'
    return isRead ? 'not-modified' : 'failed'
  }
  const since = modifiedSince === 'ignored' ? undefined : dateOf(headers, 'if-modified-since')
  if (!isRead || since === undefined) return 'send'
  const isOld = modifiedSince === 'exact' ? seconds === since : seconds <= since
  return isOld ? 'not-modified' : 'send'
}

/** Whether a Range still applies to an answer with these headers (RFC 9110, section 13.1.5). */
export function rangeApplies(asked: Headers, answer: Headers): boolean {
  const condition = headerOf(asked, 'if-range')
  if (condition === undefined) return true
  if (condition.startsWith('"')) return condition === headerOf(answer, 'etag')
  const modified = dateOf(answer, 'last-modified')
  return modified !== undefined && modified === dateOf(asked, 'if-range')
}

function matches(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true
  if (etag === undefined) return false
  return list
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .includes(etag)
}

function dateOf(headers: Headers, name: string): number | undefined {
  const value = headerOf(headers, name)
  const time = value === undefined ? NaN : Date.parse(value)
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000)
}
