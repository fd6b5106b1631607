import { unreachable, type Span } from '../../diagnostics/index.js'
import type { Action, Binding, FastcgiTarget, HttpTarget, Pool, Step, Target } from '../../model/index.js'
import { evaluate } from '../condition.js'
import { regexGroups } from '../match.js'
import { covers, encodePath } from '../path.js'
import { choosePool } from '../pools.js'
import { sessionOf } from '../session.js'
import type { Groups } from '../regex.js'
import {
  answer,
  statusAnswer,
  Unsupported,
  type Mapped,
  type State,
  type StepResult,
  type Taken
} from '../state.js'
import { standingPath } from '../standing-path.js'
import { renderText } from '../template.js'
import { carriedOn } from '../environment.js'
import { httpOutcome } from '../http-outcome.js'
import { mapPath } from '../mapping.js'
import { fastcgiOutcome, unreachableStatus } from '../outcome.js'
import { countRedirect, forget, redirectTo } from './redirected.js'

type Stage = Taken['stage']

/** Tries the bindings that take part at a stage: authorizers that were not asked yet, then everybody else. */
export function bind(state: State, { at: stage, group }: Extract<Step, { step: 'bind' }>): StepResult {
  if (stage === 'content') {
    state.method = state.ownMethod ?? state.method
    state.ownMethod = undefined
  }
  if (state.taken !== undefined || (stage === 'url' && state.urlSettled)) return undefined
  if (stage === 'content') {
    const acted = act(state)
    if (acted !== undefined) return acted
  }
  const all = (state.settings.bindings?.value ?? []).filter(
    (binding) => binding.at.includes(stage) && binding.group === group
  )
  const authorizers = state.authorizerAsked ? [] : all.filter(isAuthorizer)
  const first = tryEach(state, authorizers, stage)
  if (first.kind === 'done') return first.result
  const second = tryEach(
    state,
    all.filter((binding) => !isAuthorizer(binding)),
    stage
  )
  return second.kind === 'done' ? second.result : undefined
}

function isAuthorizer(binding: Binding): boolean {
  return binding.target.kind === 'fastcgi' && binding.target.role !== 'responder'
}

type Tried =
  | { readonly kind: 'done'; readonly result: StepResult }
  /** Nobody took it. */
  | { readonly kind: 'none' }

const none: Tried = { kind: 'none' }

function tryEach(state: State, bindings: readonly Binding[], stage: Stage): Tried {
  for (const binding of bindings) {
    const groups = matches(state, binding, stage)
    if (groups === undefined) continue
    const captured = groups === 'plain' ? undefined : groups
    if (!evaluate(binding.when, state, undefined, captured).holds) continue
    const tried = take(state, binding, stage, captured)
    if (tried.kind === 'done') return tried
  }
  return none
}

/** The binding that would take the request at a stage, with what its match captured. */
export function firstAt(
  state: State,
  stage: Stage
): { readonly binding: Binding; readonly groups: Groups | undefined } | undefined {
  for (const binding of state.settings.bindings?.value ?? []) {
    if (!binding.at.includes(stage)) continue
    const groups = matches(state, binding, stage)
    if (groups === undefined) continue
    const captured = groups === 'plain' ? undefined : groups
    if (evaluate(binding.when, state, undefined, captured).holds) return { binding, groups: captured }
  }
  return undefined
}

export function matches(state: State, binding: Binding, stage: Stage): Groups | 'plain' | undefined {
  const { match } = binding
  const plain = (holds: boolean): 'plain' | undefined => (holds ? 'plain' : undefined)
  switch (match.kind) {
    case 'any':
      return 'plain'
    case 'suffix':
      return plain((stage === 'file' ? (state.mapped?.filename ?? '') : state.path).endsWith(match.value))
    case 'prefix': {
      const isCovered = (text: string): boolean => covers(match.value, text, match.segments)
      const path = stage === 'file' ? standingPath(state) : state.path
      if (!isCovered(path) || (match.raw === true && !isCovered(state.request.target))) return undefined
      const text = match.raw === true ? state.received : path
      return { numbered: [text, text.slice(match.value.length)], named: new Map() }
    }
    case 'file-prefix': {
      const filename = state.mapped?.filename.replace(/\/{2,}/g, '/')
      return plain(filename !== undefined && covers(match.value, filename, true))
    }
    case 'exact':
      return plain(state.path === match.value)
    case 'regex': {
      const groups = regexGroups(match.regex, state.path, state)
      return groups === undefined || match.raw !== true
        ? groups
        : regexGroups(match.regex, state.received, state)
    }
    case 'label':
      return plain((state.label ?? state.mediaLabel) === match.value)
    default:
      return unreachable(match)
  }
}

function take(state: State, binding: Binding, stage: Stage, groups: Groups | undefined): Tried {
  const { target, origin } = binding
  const done = (result: StepResult): Tried => ({ kind: 'done', result })
  switch (target.kind) {
    case 'none':
      return done(undefined)
    case 'redirect':
      return done(redirectTo(state, target.status, target.to, groups, origin))
    case 'status': {
      const body = target.body === undefined ? {} : { body: renderText(target.body, { state, rule: groups }) }
      return done(
        answer({ kind: 'status', status: target.status, why: 'the configuration says so', origin, ...body })
      )
    }
    case 'internal':
      if (target.mustExist && isMissing(state))
        return done(statusAnswer(404, 'the file does not exist', origin))
      return done(takeOver(state, renderText(target.to, { state, rule: groups }), undefined))
    case 'counters':
      return done(answer({ kind: 'counters', names: target.names, origin }))
    case 'http':
      return takeHttp(state, binding, target, groups)
    case 'unsupported':
      return takeElsewhere(state, target, origin, stage)
    case 'fastcgi':
      return takeFastcgi(state, binding, target, stage, groups)
    default:
      return unreachable(target)
  }
}

/** Taken by its URL, the request still passes what stands behind: it may be refused before it comes to that. */
function takeElsewhere(
  state: State,
  { what, mustExist }: Extract<Target, { kind: 'unsupported' }>,
  origin: Span,
  stage: Stage
): Tried {
  if (stage !== 'url') {
    if (mustExist === true && isMissing(state)) return none
    throw new Unsupported(what, origin)
  }
  if (mustExist !== true) state.taken = { kind: 'elsewhere', what, origin }
  return { kind: 'done', result: undefined }
}

/** Only a scope's own handler passes requests on so: it answers at once. */
function takeHttp(state: State, binding: Binding, target: HttpTarget, groups: Groups | undefined): Tried {
  const { origin } = binding
  const done = (result: StepResult): Tried => ({ kind: 'done', result })
  const pool = choosePool(state, target, groups, origin)
  if (pool === undefined) return done(statusAnswer(500, 'what the request names is no server', origin))
  state.trace?.push({ step: 'bind', text: `${pool.name ?? pool.id} is asked over HTTP`, origin })
  const member = state.surroundings.pick(pool, asked(state, pool, 'content'))
  if (member !== undefined) return done(answer(httpOutcome(state, binding, target, { pool, member })))
  const status = target.response.statuses.unreachable
  return done(
    answer({ kind: 'status', status, why: 'no server of the pool can be used', nobodyOf: pool, origin })
  )
}

function takeFastcgi(
  state: State,
  binding: Binding,
  target: FastcgiTarget,
  stage: Stage,
  groups: Groups | undefined
): Tried {
  const pool = choosePool(state, target, groups, binding.origin)
  if (pool === undefined) {
    return {
      kind: 'done',
      result: statusAnswer(500, 'what the request names is no application', binding.origin)
    }
  }
  state.session = pool.sessions && sessionOf(state, pool.sessions)
  const member = state.surroundings.pick(pool, asked(state, pool, stage))
  state.trace?.push({
    step: 'bind',
    text: `${pool.name ?? pool.id} is asked (${stage})`,
    origin: binding.origin
  })
  if (member === undefined) {
    const status = unreachableStatus(state)
    return {
      kind: 'done',
      result: answer({
        kind: 'status',
        status,
        why: 'no application of the pool can be used',
        nobodyOf: pool,
        origin: binding.origin
      })
    }
  }
  if (member.overrides?.mustExist ?? target.mustExist) {
    // Not known yet: the stage is over, and what follows it decides.
    if (stage === 'url') return { kind: 'done', result: undefined }
    if (isMissing(state)) {
      if (target.missing === undefined) return none
      return {
        kind: 'done',
        result: statusAnswer(target.missing.status, 'the file does not exist', binding.origin)
      }
    }
  }
  const taken: Taken = { kind: 'application', binding, stage, pool, member, groups }
  if (stage === 'url') {
    state.taken = taken
    return { kind: 'done', result: undefined }
  }
  return {
    kind: 'done',
    result: asks(state, target, taken)
  }
}

function asked(state: State, pool: Pool, stage: Stage): Parameters<State['surroundings']['pick']>[1] {
  const base = {
    authority: state.host.authority,
    path: stage === 'file' ? standingPath(state) : state.path,
    ...(state.remote === state.request.remote ? {} : { address: state.remote.address }),
    ...(state.session && { route: state.session.route })
  }
  if (pool.balance.kind !== 'hash' || pool.balance.key === undefined) return base
  return { ...base, key: renderText(pool.balance.key, { state }) }
}

/** Asks the application of a binding that has the request, unless a check of its own refuses that. */
export function asks(state: State, target: FastcgiTarget, taken: Taken): StepResult {
  const refused = checked(state, target, taken)
  if (refused !== undefined) return refused
  const outcome = fastcgiOutcome(state, taken, target)
  const isAsked = outcome.kind === 'fastcgi' && outcome.role === 'authorizer'
  return answer(isAsked ? { ...outcome, at: { ...state } } : outcome)
}

/** Whether the application that would answer for the file is not asked, whatever the body. */
export function refusedByChecks(state: State): StepResult {
  for (const binding of state.settings.bindings?.value ?? []) {
    const { target } = binding
    if (target.kind !== 'fastcgi' || !binding.at.includes('content') || isAuthorizer(binding)) continue
    if (matches(state, binding, 'content') === undefined || !evaluate(binding.when, state).holds) continue
    return checked(state, target, { binding })
  }
  return undefined
}

/** The checks a handler makes once the request is its own. */
function checked(state: State, target: FastcgiTarget, taken: Pick<Taken, 'binding'>): StepResult {
  const { origin } = taken.binding
  if (target.missing !== undefined && isMissing(state)) {
    return statusAnswer(target.missing.status, 'the file does not exist', origin)
  }
  const failed = target.checks?.find(({ must }) => !passes(state, must))
  return failed === undefined
    ? undefined
    : statusAnswer(failed.status, `the file must ${words[failed.must]}`, origin)
}

type Check = NonNullable<FastcgiTarget['checks']>[number]['must']

const words: Readonly<Record<Check, string>> = {
  exist: 'exist',
  'not-be-directory': 'not be a directory',
  'be-executable': 'be executable',
  'be-allowed': 'lie where programs may be run',
  'take-path-info': 'take what stands behind it in the path',
  'have-no-controls': 'have no control characters in its name',
  'have-no-question-mark': 'have no question mark in its name'
}

function passes(state: State, must: Check): boolean {
  const { filename, programs, pathInfo } = fileOf(state)
  switch (must) {
    case 'exist':
      return !isMissing(state)
    case 'not-be-directory':
      return state.surroundings.files.kind(filename) !== 'directory'
    case 'be-executable':
      return state.surroundings.files.isExecutable(filename)
    case 'have-no-controls':
      return !/[\0-\x1f\x7f]/.test(filename)
    case 'have-no-question-mark':
      return !filename.includes('?')
    case 'be-allowed':
      return programs !== undefined || state.settings.allowPrograms?.value === true
    case 'take-path-info':
      return pathInfo === '' || state.settings.pathInfoTaken?.value !== 'by-nobody'
    default:
      return unreachable(must)
  }
}

function fileOf(state: State): Mapped {
  return (state.mapped ??= mapPath(state))
}

function isMissing(state: State): boolean {
  const mapped = fileOf(state)
  return (mapped.located ?? state.surroundings.files.kind(mapped.filename)) === 'missing'
}

/** The URL that answers for the request's handler name or media type. */
function act(state: State): StepResult {
  const label = state.label ?? state.mediaLabel
  if (label === undefined) return undefined
  const action: Action | undefined = state.settings.actions?.value.find((entry) => entry.label === label)
  if (action === undefined) return undefined
  state.trace?.push({ step: 'bind', text: `${label} is answered by ${action.to}`, origin: action.origin })
  if (!action.virtual && isMissing(state)) return statusAnswer(404, 'the file does not exist', action.origin)
  return takeOver(state, action.to + state.path, label)
}

/** Another URL of the site answers; the query goes along. */
/** A binding takes the request as it would at the stage `url`; undefined if its target cannot. */
export function takeAsUrl(state: State, binding: Binding, groups: Groups): StepResult {
  const tried = take(state, binding, 'url', groups)
  return tried.kind === 'done' ? tried.result : undefined
}

export function takeOver(
  state: State,
  path: string,
  label: string | undefined,
  query: string | undefined = state.query
): StepResult {
  const over = countRedirect(state)
  if (over !== undefined) return over
  const carried = carriedOn(state)
  state.before = { path: state.path, query, label, status: 200, user: state.user }
  if (carried !== undefined) state.carried = carried
  state.path = path
  state.query = query
  state.uri = encodePath(path) + (state.query === undefined ? '' : `?${state.query}`)
  forget(state)
  return { kind: 'restart', from: 'start' }
}
