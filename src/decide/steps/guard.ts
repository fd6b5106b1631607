import { evaluate, folderOf, isSameFolder } from '../condition.js'
import type { State, StepResult } from '../state.js'

type Guard = 'access' | 'authenticate' | 'permission'

/**
 * Access rules, a login and a permission guard the request that a client made, not those that are made to ask for
 * something; what is only looked up is held against them as well. Where one of them is enough, a yes ends the asking, and a no waits for the others.
 */
export function guarded(state: State, guard: Guard, ask: () => StepResult): StepResult {
  if (state.inner && !state.lookedUp) return undefined
  if (state.settings.authentication?.value.enough !== 'any') return ask()
  if (guard === 'access') {
    state.passed = false
    state.refusal = undefined
  }
  if (state.passed) return undefined
  const result = ask()
  if (result === undefined) state.passed = asks(state, guard)
  else if (!isRefusal(result)) return result
  else if (statusOf(state.refusal) !== 401) state.refusal = result
  return guard === 'permission' && !state.passed ? state.refusal : undefined
}

/**
 * Nobody is asked again where the same holds as ahead of an internal redirect, nor where an index file was found that was
 * looked up as a request of its own.
 */
export function hasPassed(state: State): boolean {
  const { left, cleared } = state
  if (left === undefined || !(cleared || isAsLeft(state, left))) return false
  state.user = left.user
  return true
}

function isAsLeft(state: State, left: NonNullable<State['left']>): boolean {
  const rule = state.site.site.request.accessAfterRedirect
  if (rule === undefined) return false
  const { chosen } = state
  const isSame =
    left.scopes.length === chosen.length &&
    left.scopes.every(({ compiled }, index) => compiled === chosen[index]?.compiled)
  if (!isSame || rule === 'unless-same') return isSame
  const isFresh = chosen.some(({ compiled }) => compiled.scope.rank >= rule.freshFrom)
  return !isFresh && state.mapped?.located !== 'missing' && isSameFolder(left.folder, folderOf(state.mapped))
}

/** Whether no objection is a yes: rules that none fits, and a login that is not asked for, say nothing. */
function asks(state: State, guard: Guard): boolean {
  const login = state.settings.authentication?.value
  switch (guard) {
    case 'access':
      return state.settings.access?.value.rules.some(({ when }) => evaluate(when, state).holds) === true
    case 'authenticate':
      return login !== undefined && login.method !== 'none' && evaluate(login.when, state).holds
    case 'permission':
      return login?.permission !== undefined
  }
}

function isRefusal(result: StepResult): boolean {
  return statusOf(result) === 401 || statusOf(result) === 403
}

function statusOf(result: StepResult): number | undefined {
  return result?.kind === 'answer' && result.outcome.kind === 'status' ? result.outcome.status : undefined
}
