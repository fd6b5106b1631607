import { sameSpan, unreachable } from '../../diagnostics/index.js'
import type { Permission } from '../../model/index.js'
import { answer, statusAnswer, Unsupported, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import type { AnswerParts, ApplicationOutcome, AuthorizerAnswer, Outcome } from '../types.js'
import { assign } from './assign.js'
import { innerRequest } from './inner.js'
import { becomeWritten } from './redirected.js'

/** How a request for another URL of the site is answered, from the start. */
type Run = (inner: State) => Outcome

/** Asks another URL of the site whether the request may pass. */
export function permission(state: State, run: Run): StepResult {
  const setting = state.settings.authentication
  const wanted = setting?.value.permission
  if (wanted === undefined) return undefined
  const inner = { ...innerRequest(state), method: 'GET', methodTold: state.method }
  becomeWritten(inner, wanted.to)
  const outcome = run(inner)
  const said = saidBy(state, outcome)
  if ('kind' in said) return answer(said)
  state.trace?.push({ step: 'permission', text: `${wanted.to} says ${said.status}`, origin: wanted.origin })
  setVariables(state, inner, wanted, said)
  return judged(Number(said.status), said.headers, wanted)
}

/** The answer, or the application that must be asked for it first. */
function saidBy(
  state: State,
  outcome: Outcome
): AnswerParts | ApplicationOutcome | Extract<Outcome, { kind: 'password' | 'count' }> {
  switch (outcome.kind) {
    case 'fastcgi':
    case 'http': {
      const known = state.history.authorized.find(({ origin }) => sameSpan(origin, outcome.origin))
      return known === undefined ? { ...outcome, sendsBody: false, permission: true } : partsOf(known)
    }
    case 'file':
    case 'redirect':
      return { status: String(outcome.status), headers: [] }
    case 'status':
      return { status: String(outcome.status), headers: outcome.headers ?? [] }
    case 'password':
    case 'count':
      return outcome
    case 'counters':
      return { status: '200', headers: [] }
    case 'close':
      return { status: '', headers: [] }
    case 'unsupported':
      throw new Unsupported(outcome.what, outcome.origin)
    default:
      return unreachable(outcome)
  }
}

function partsOf({ status, headers }: AuthorizerAnswer): AnswerParts {
  return { status: status === undefined ? '' : String(status), headers: headers ?? [] }
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
  const challenges = headers.filter(([name]) => name.toLowerCase() === 'www-authenticate')
  return answer({
    kind: 'status',
    status,
    why: 'what was asked for permission says no',
    origin,
    ...(status === 401 && challenges.length > 0 ? { headers: challenges } : {})
  })
}
