import { sameSpan, unreachable } from '../../diagnostics/index.js'
import type { Permission } from '../../model/index.js'
import { answer, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import type { AnswerParts, ApplicationOutcome, InternalRedirect, Outcome } from '../types.js'
import { assign } from './assign.js'
import { innerRequest } from './inner.js'
import { becomeWritten } from './redirected.js'

/** How a request for another URL of the site is answered: from the start, or where an answer leads it. */
type GoOn = (inner: State, redirect: InternalRedirect | undefined) => Outcome

type Asking = ApplicationOutcome | Extract<Outcome, { kind: 'password' | 'count' }>

/** Asks another URL of the site whether the request may pass. */
export function permission(state: State, goOn: GoOn): StepResult {
  const setting = state.settings.authentication
  const wanted = setting?.value.permission
  if (wanted === undefined) return undefined
  const asked = ask(state, wanted, goOn)
  if ('kind' in asked) return answer(asked)
  const { inner, said, parts } = asked
  state.trace?.push({
    step: 'permission',
    text: `${wanted.to} says ${String(said.status)}`,
    origin: wanted.origin
  })
  setVariables(state, inner, wanted, { ...parts, sent: parts.sent ?? said })
  return judged(said.status, said.headers, wanted)
}

interface Heard {
  readonly inner: State
  readonly said: Said
  /** What is known of the applications that were asked. */
  readonly parts: AnswerParts
}

type Said = NonNullable<AnswerParts['sent']>

/** Follows what applications answered so far; the next one must be asked by the caller. */
function ask(state: State, { to }: Permission, goOn: GoOn): Heard | Asking {
  // Behind an internal redirect it is asked anew.
  const about = String(state.redirects)
  const answers = state.history.authorized.filter((each) => each.about === about)
  let inner: State = { ...innerRequest(state), method: 'GET', methodTold: state.method }
  becomeWritten(inner, to)
  let outcome = goOn(inner, undefined)
  let parts: AnswerParts = { status: '', headers: [] }
  let kept: Said['headers'] = []
  for (let next = 0; outcome.kind === 'fastcgi' || outcome.kind === 'http'; next++) {
    const heard = answers[next]
    if (heard === undefined || !sameSpan(heard.origin, outcome.origin)) {
      const errorPages = inner.settings.errorPages?.value ?? []
      return { ...outcome, sendsBody: false, permission: true, about, followed: { errorPages } }
    }
    parts = heard.parts ?? parts
    const { redirect, status = 0, headers = [] } = heard
    if (redirect === undefined) return { inner, said: { status, headers: asksFirst(kept, headers) }, parts }
    // What an answer asks for that a page takes the place of is asked for all the same.
    if (redirect.kind === 'error' && redirect.status === 401) kept = headers.filter(isChallenge)
    inner = { ...inner, history: { ...inner.history, answer: parts } }
    outcome = goOn(inner, bounded(inner, redirect))
  }
  const said = saidBy(outcome)
  if ('kind' in said) return said
  return { inner, said: { ...said, headers: asksFirst(kept, said.headers) }, parts }
}

function bounded({ redirects, site }: State, redirect: InternalRedirect): InternalRedirect {
  const isOver = redirect.kind !== 'error' && redirects >= site.site.request.maxRedirects
  return isOver ? { kind: 'error', status: 500, tooMany: true } : redirect
}

/** What the site itself answers. */
function saidBy(
  outcome: Exclude<Outcome, ApplicationOutcome>
): Said | Extract<Outcome, { kind: 'password' | 'count' }> {
  switch (outcome.kind) {
    case 'file':
    case 'redirect':
      return { status: outcome.status, headers: [] }
    case 'status':
      return { status: outcome.status, headers: outcome.headers ?? [] }
    case 'password':
    case 'count':
      return outcome
    case 'listing':
    case 'counters':
      return { status: 200, headers: [] }
    case 'close':
      return { status: 0, headers: [] }
    case 'unsupported':
      throw new Unsupported(outcome.what, outcome.origin)
    default:
      return unreachable(outcome)
  }
}

function setVariables(state: State, inner: State, { sets }: Permission, said: AnswerParts): void {
  const values = sets.map(
    (set) => [set, renderText(set.value, { state: inner, rule: inner.last, answer: said })] as const
  )
  for (const [set, value] of values) assign(state, set, value)
}

function judged(status: number, headers: AnswerParts['headers'], { origin }: Permission): StepResult {
  if (status >= 200 && status < 300) return undefined
  if (status !== 401 && status !== 403) {
    return statusAnswer(500, 'what was asked for permission says neither yes nor no', origin)
  }
  const challenges = headers.filter(isChallenge)
  return answer({
    kind: 'status',
    status,
    why: 'what was asked for permission says no',
    origin,
    ...(status === 401 && challenges.length > 0 ? { headers: challenges } : {})
  })
}

/** What a page was asked for in place of goes before what the page asks for. */
function asksFirst(kept: Said['headers'], headers: Said['headers']): Said['headers'] {
  return kept.length === 0 ? headers : [...kept, ...headers.filter((header) => !isChallenge(header))]
}

function isChallenge([name]: AnswerParts['headers'][number]): boolean {
  return name.toLowerCase() === 'www-authenticate'
}
