import type { AuthorizerRules, Binding, FastcgiTarget, GuardStage } from '../../model/index.js'
import { defaultAuthorizerRules } from '../../model/index.js'
import type { Span } from '../../diagnostics/index.js'
import { evaluate } from '../condition.js'
import { environmentOf } from '../environment.js'
import { fastcgiOutcome } from '../outcome.js'
import { choosePool } from '../pools.js'
import { answer, statusAnswer, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import type { AuthorizerAnswer } from '../types.js'
import { matches } from './bind.js'

/** What the applications of a stage say: nothing, yes, or what the request comes to. */
export type Heard =
  | { readonly kind: 'silent' }
  | { readonly kind: 'yes' }
  | { readonly kind: 'end'; readonly result: StepResult }

/** Asks those of the stage that the request is for, or weighs what they have answered. */
export function askGuards(state: State, stage: GuardStage): Heard {
  let heard: Heard = { kind: 'silent' }
  for (const binding of state.settings.bindings?.value ?? []) {
    const { target, origin } = binding
    if (target.kind !== 'fastcgi' || !binding.at.includes(stage)) continue
    if (matches(state, binding, 'content') === undefined || !evaluate(binding.when, state).holds) continue
    const about = `${String(state.redirects)} ${state.path}`
    const said = state.history.authorized.find(
      (each) => (each.about ?? about) === about && isSame(each.origin, origin)
    )
    if (said === undefined) return { kind: 'end', result: asked(state, binding, target, about) }
    const weighed = weigh(state, binding, target.verdict ?? defaultAuthorizerRules, said)
    if (weighed.kind === 'end') return weighed
    if (weighed.kind === 'yes') heard = weighed
  }
  return heard
}

function isSame(left: Span, right: Span): boolean {
  return left.file === right.file && left.start === right.start && left.end === right.end
}

function asked(state: State, binding: Binding, target: FastcgiTarget, about: string): StepResult {
  const pool = choosePool(state, target, undefined, binding.origin)
  const member = pool && state.surroundings.pick(pool)
  if (pool === undefined || member === undefined) {
    return statusAnswer(500, 'nobody can be asked whether the request may pass', binding.origin)
  }
  state.trace?.push({ step: 'guards', text: `${pool.name ?? pool.id} is asked`, origin: binding.origin })
  const taken = { kind: 'application', binding, stage: 'content', pool, member, groups: undefined } as const
  const outcome = fastcgiOutcome(state, taken, target)
  return answer(outcome.kind === 'fastcgi' ? { ...outcome, permission: true, about } : outcome)
}

function weigh(state: State, { origin }: Binding, rules: AuthorizerRules, said: AuthorizerAnswer): Heard {
  const headers = said.headers ?? []
  // Of an error's page it is that of the error, unless the guard says one itself.
  const status = said.status ?? state.before?.status ?? 200
  const redirects = headers.some(([name]) => name.toLowerCase() === 'location')
  const allowed =
    said.failed !== true && rules.allows.includes(status) && !(rules.refusesLocation === true && redirects)
  state.trace?.push({ step: 'guards', text: allowed ? 'it says yes' : `it says ${String(status)}`, origin })
  if (rules.toClient === true) {
    state.leftType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? state.leftType
  }
  const forClient = headers.filter(([name]) => !ofTheServer.includes(name.toLowerCase()))
  if (allowed) {
    state.told = [...state.told, ...variablesOf(headers, rules)]
    state.environment = environmentOf(state)
    if (rules.toClient === true) state.clientHeaders = [...state.clientHeaders, ...forClient]
    return { kind: 'yes' }
  }
  if (rules.refusal === 'left-to-others') {
    if (rules.toClient === true) state.clientHeaders = [...state.clientHeaders, ...forClient]
    if (rules.leavesStatus === true && said.failed !== true) state.leftStatus = status
    return { kind: 'silent' }
  }
  return { kind: 'end', result: refusal(state, rules, said, forClient, origin) }
}

/** Headers of an answer that are not about the request that was guarded. */
const ofTheServer: readonly string[] = ['content-type', 'content-length', 'status', 'location']

function refusal(
  state: State,
  rules: AuthorizerRules,
  said: AuthorizerAnswer,
  headers: readonly (readonly [string, string])[],
  origin: Span
): StepResult {
  const { denied } = rules
  const challenges = denied.kind === 'status' && denied.challenge ? challenge(state) : []
  const ownStatus = denied.kind === 'status' ? denied.status : (said.status ?? 403)
  return answer({
    kind: 'status',
    status: said.failed === true ? (said.status ?? 500) : ownStatus,
    why: said.failed === true ? 'the guard did not answer' : 'the guard says no',
    headers: [...(said.failed === true ? [] : headers), ...challenges],
    origin
  })
}

/** What asks a client for a name and a password (RFC 7617). */
export function challenge(state: State): readonly (readonly [string, string])[] {
  const rules = state.settings.authentication?.value
  if (rules?.method !== 'basic') return []
  const realm = renderText(rules.realm, { state }).replaceAll(/["\\]/g, '\\$&')
  const charset = rules.charset === undefined ? '' : `, charset="${rules.charset}"`
  return [['WWW-Authenticate', `Basic realm="${realm}"${charset}`]]
}

const prefix = /^variable-/i

/** Headers of a yes that the application behind it is told as variables. */
function variablesOf(
  headers: readonly (readonly [string, string])[],
  rules: AuthorizerRules
): readonly (readonly [string, string])[] {
  const told = rules.variables === 'all' ? headers : headers.filter(([name]) => prefix.test(name))
  const variables = told.map(([name, value]) => {
    const bare = name.replace(prefix, '')
    return [rules.names === 'upper-case' ? bare.toUpperCase().replaceAll('-', '_') : bare, value] as const
  })
  return rules.repeated === 'apart' ? variables : joined(variables)
}

function joined(variables: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const found = new Map<string, readonly [string, string]>()
  for (const [name, value] of variables) {
    const before = found.get(name.toLowerCase())
    found.set(
      name.toLowerCase(),
      before === undefined ? [name, value] : [before[0], `${before[1]}, ${value}`]
    )
  }
  return [...found.values()]
}
