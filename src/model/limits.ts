import type { Span } from '../diagnostics/index.js'
import type { Template } from './template.js'

/** What counts requests in a time, or connections at a time, by a text. Settings name it. */
export type LimitZone = RequestZone | ConnectionZone

interface Counting {
  readonly name: string
  /** Requests with an empty key are not counted. */
  readonly key: Template
  /** Memory for what is counted, in bytes. */
  readonly size: number
  readonly origin: Span
}

export interface RequestZone extends Counting {
  readonly counts: 'requests'
  /** Thousandths of a request that leak out in a second. */
  readonly rate: number
}

export interface ConnectionZone extends Counting {
  readonly counts: 'connections'
}

/** A leaky bucket each: who comes when it is full is refused, who comes when there is more in it than `undelayed` waits. */
export interface RequestLimits {
  readonly of: readonly RequestLimit[]
  /** Of those refused. */
  readonly status: number
  /** They are only counted: nobody is refused, nobody waits. */
  readonly dryRun?: true
}

export interface RequestLimit {
  readonly zone: string
  /** Requests beyond the rate that are not refused. */
  readonly burst: number
  /** So many of them do not wait. */
  readonly undelayed: number | 'all'
  readonly origin: Span
}

export interface ConnectionLimits {
  readonly of: readonly ConnectionLimit[]
  readonly status: number
  readonly dryRun?: true
}

export interface ConnectionLimit {
  readonly zone: string
  readonly most: number
  readonly origin: Span
}
