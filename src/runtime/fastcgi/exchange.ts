import { decodeBytes, unreachable } from '../../diagnostics/index.js'
import type { HeadRules } from '../../model/index.js'
import { endOfHead, parseHead } from './head.js'
import type { Header, ResponseHead } from './head.js'
import { concat, recordTypes } from './records.js'
import type { RawRecord } from './records.js'

/**
 * One request's answer as a machine of states; no socket, no clock. The way through it:
 *
 *     reading-head ──head──▶ reading-body ──end──▶ ended
 *          │  ▲ interim          │
 *          └──┴────── fail ──────┴───▶ failed
 */
export type ExchangeState =
  | {
      readonly at: 'reading-head'
      readonly head: Uint8Array
      readonly looked: number
      readonly rules: HeadRules
    }
  | { readonly at: 'reading-body' }
  /** `reusable`: the application ended the request itself, so the connection may carry another one. */
  | { readonly at: 'ended'; readonly reusable: boolean }
  | { readonly at: 'failed'; readonly why: ExchangeFailure; readonly detail: string }

/** `no-line`: the answer ended before any line of it; `closed`: before its header block ended; `gone`: nobody waits for it. */
export type ExchangeFailure = 'malformed' | 'invalid-status' | 'closed' | 'no-line' | 'timeout' | 'gone'

/** `ended`: by an end-request record; else the application went away, fell silent or sent nonsense behind its header block. */
export type AnswerEnd = 'ended' | 'closed' | 'silent' | 'broken'

export type ExchangeEvent =
  | { readonly kind: 'record'; readonly record: RawRecord }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'gone' }

export type ExchangeEffect =
  | { readonly kind: 'interim'; readonly head: ResponseHead }
  | { readonly kind: 'head'; readonly head: ResponseHead }
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly how: AnswerEnd; readonly detail: string }
  /** `ended`: by the application, in good order, but too early. */
  | {
      readonly kind: 'fail'
      readonly why: ExchangeFailure
      readonly detail: string
      readonly ended?: true
      readonly before?: readonly Header[]
    }
  /** The log's business only: a record that is not expected here. */
  | { readonly kind: 'odd-record'; readonly type: number }

export interface Stepped {
  readonly state: ExchangeState
  readonly effects: readonly ExchangeEffect[]
}

const nothing = new Uint8Array(0)

export function beginExchange(rules: HeadRules): ExchangeState {
  return { at: 'reading-head', head: nothing, looked: 0, rules }
}

/** Whether nothing more can happen. */
export function isOver(state: ExchangeState): boolean {
  return state.at === 'ended' || state.at === 'failed'
}

export function step(state: ExchangeState, event: ExchangeEvent): Stepped {
  if (isOver(state)) return { state, effects: [] }
  switch (event.kind) {
    case 'record':
      return onRecord(state, event.record)
    case 'broken':
      return state.at === 'reading-head' ? fail('malformed', event.why) : cutShort('broken', event.why)
    case 'closed':
      return state.at === 'reading-head'
        ? closedEarly(state, 'the application closed the connection before the end of its header')
        : cutShort('closed', 'the application closed the connection without ending the request')
    case 'timeout':
      return state.at === 'reading-head'
        ? fail('timeout', 'the application did not answer in time')
        : cutShort('silent', 'the application fell silent within its answer')
    case 'gone':
      return state.at === 'reading-head'
        ? fail('gone', 'nobody waits for the answer')
        : cutShort('closed', 'nobody waits for the answer')
    default:
      return unreachable(event)
  }
}

function onRecord(state: ExchangeState, record: RawRecord): Stepped {
  switch (record.type) {
    case recordTypes.stdout:
      if (record.content.length === 0) return { state, effects: [] }
      if (state.at === 'reading-head') return readHead(state, record.content)
      return { state, effects: [{ kind: 'body', bytes: record.content }] }
    case recordTypes.stderr:
      return onStderr(state, record.content)
    case recordTypes.endRequest:
      // The application's and the protocol's status (section 5.5) change nothing for an answer that has come.
      if (state.at === 'reading-head')
        return endedEarly(state, 'the request ended before the end of the header')
      return { state: { at: 'ended', reusable: true }, effects: [{ kind: 'end', how: 'ended', detail: '' }] }
    default:
      return { state, effects: [{ kind: 'odd-record', type: record.type }] }
  }
}

function onStderr(state: ExchangeState, content: Uint8Array): Stepped {
  const told: readonly ExchangeEffect[] = content.length === 0 ? [] : [{ kind: 'stderr', bytes: content }]
  const signs = state.at === 'reading-head' ? (state.rules.failsOnStderr ?? []) : []
  const sign = signs.length === 0 ? undefined : signs.find((text) => decodeBytes(content).includes(text))
  if (sign === undefined) return { state, effects: told }
  const failed = fail('malformed', `the application wrote "${sign}" to its standard error`)
  return { ...failed, effects: [...told, ...failed.effects] }
}

type ReadingHead = Extract<ExchangeState, { at: 'reading-head' }>

const noHead: ResponseHead = { status: undefined, reason: undefined, headers: [] }

function readHead(state: ReadingHead, content: Uint8Array): Stepped {
  if (state.rules.unparsed === true) {
    return {
      state: { at: 'reading-body' },
      effects: [
        { kind: 'head', head: noHead },
        { kind: 'body', bytes: content }
      ]
    }
  }
  const head = state.head.length === 0 ? content : concat([state.head, content])
  const end = endOfHead(head, state.looked)
  if ((end ?? head.length) > state.rules.limit)
    return fail('malformed', `header longer than ${state.rules.limit} bytes`)
  if (end === undefined) return { state: { ...state, head, looked: head.length }, effects: [] }
  const parsed = parseHead(head.subarray(0, end), state.rules)
  if (parsed.kind !== 'head') return fail(parsed.kind, parsed.why, parsed.before)
  const rest = head.subarray(end)
  if (isInterim(parsed.head)) return afterInterim(state, parsed.head, rest)
  const body: ExchangeEffect[] = rest.length === 0 ? [] : [{ kind: 'body', bytes: rest }]
  return { state: { at: 'reading-body' }, effects: [{ kind: 'head', head: parsed.head }, ...body] }
}

function isInterim(head: ResponseHead): boolean {
  return head.status !== undefined && head.status < 200
}

/** A `103` and its like announce a further header block (RFC 9110, section 15.2). */
function afterInterim(state: ReadingHead, head: ResponseHead, rest: Uint8Array): Stepped {
  const fresh = beginExchange(state.rules)
  const next =
    rest.length === 0 || fresh.at !== 'reading-head' ? { state: fresh, effects: [] } : readHead(fresh, rest)
  return { state: next.state, effects: [{ kind: 'interim', head }, ...next.effects] }
}

function endedEarly(state: ReadingHead, detail: string): Stepped {
  const { state: failed, effects } = closedEarly(state, detail)
  return {
    state: failed,
    effects: effects.map((effect) => (effect.kind === 'fail' ? { ...effect, ended: true } : effect))
  }
}

function closedEarly(state: ReadingHead, detail: string): Stepped {
  // A header block without any line end is no header at all.
  return fail(state.head.includes(10) ? 'closed' : 'no-line', detail)
}

function fail(why: ExchangeFailure, detail: string, before: readonly Header[] = []): Stepped {
  return { state: { at: 'failed', why, detail }, effects: [{ kind: 'fail', why, detail, before }] }
}

function cutShort(how: AnswerEnd, detail: string): Stepped {
  return { state: { at: 'ended', reusable: false }, effects: [{ kind: 'end', how, detail }] }
}
