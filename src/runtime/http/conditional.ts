import { defaultDelivery, type Delivery } from '../../model/index.js'
import { headerOf } from './answer.js'
import type { Headers } from './answer.js'

/** What can be said of a file's state without its content. */
export interface Validators {
  readonly etag: string | undefined
  /** Milliseconds since 1970. */
  readonly modified: number
}

type Verdict = 'send' | 'not-modified' | 'failed'

/** Evaluates the conditions of a request in the order of RFC 9110, section 13.2.2. */
export function evaluateConditions(
  method: string,
  headers: Headers,
  { etag, modified }: Validators,
  { modifiedSince, conditions }: Pick<Delivery, 'modifiedSince' | 'conditions'> = defaultDelivery
): Verdict {
  if (conditions === 'all') return evaluateAll(headers, { etag, modified }, modifiedSince)
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

/** Each for itself. */
function evaluateAll(
  headers: Headers,
  { etag, modified }: Validators,
  modifiedSince: Delivery['modifiedSince']
): Verdict {
  const seconds = Math.floor(modified / 1000)
  const has = (name: string): string | undefined => headerOf(headers, name)
  const ifMatch = has('if-match')
  if (has('if-unmodified-since') !== undefined && !(seconds <= timeOf(headers, 'if-unmodified-since')))
    return 'failed'
  if (ifMatch !== undefined && !matchesStrongly(ifMatch, etag)) return 'failed'
  const since = has('if-modified-since')
  const ifNoneMatch = has('if-none-match')
  if (since === undefined && ifNoneMatch === undefined) return 'send'
  const time = timeOf(headers, 'if-modified-since')
  const isOld = modifiedSince === 'exact' ? seconds === time : seconds <= time
  if (since !== undefined && (modifiedSince === 'ignored' || !isOld)) return 'send'
  return ifNoneMatch !== undefined && !matches(ifNoneMatch, etag) ? 'send' : 'not-modified'
}

/** NaN, which no comparison holds for, where the time cannot be read. */
function timeOf(headers: Headers, name: string): number {
  return dateOf(headers, name) ?? NaN
}

function matchesStrongly(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true
  return (
    etag !== undefined &&
    list
      .split(',')
      .map((one) => one.trim())
      .includes(etag)
  )
}

/** Whether a Range still applies to an answer with these headers (RFC 9110, section 13.1.5); `asText`: dates are compared as they are written. */
export function rangeApplies(asked: Headers, answer: Headers, asText = false): boolean {
  const condition = headerOf(asked, 'if-range')
  if (condition === undefined) return true
  if (condition.startsWith('"')) return condition === headerOf(answer, 'etag')
  if (asText) return condition === headerOf(answer, 'last-modified')
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
