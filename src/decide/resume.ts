import { tellAlso } from './environment.js'
import { joined } from './path.js'
import type { State, StepResult } from './state.js'
import { becomeUri, forget } from './steps/redirected.js'

/** Goes on where the last authorizer was asked: from the start, but with all that the request had come to. */
export function resume(state: State): StepResult {
  const last = state.history.authorized.at(-1)
  if (last?.at === undefined) return undefined
  const { request, surroundings, history, trace, path, query, uri } = state
  Object.assign(state, { ...last.at, request, surroundings, history, trace })
  state.authorizerAsked = true
  // Its yes takes the place of whatever the client was to be told so far.
  state.clientHeaders = []
  for (const [name, value] of last.variables) tellAlso(state, name, value)
  forget(state)
  if (last.root !== undefined) {
    settleRoot(state, last.root)
    return undefined
  }
  // The target is read anew, whatever an index file or path info made of its path.
  Object.assign(state, { path, query })
  return state.uri === uri ? undefined : becomeUri(state, state.uri)
}

/** A yes may bring the root along that the application behind it sees. */
function settleRoot(state: State, documentRoot: string): void {
  state.urlSettled = true
  state.scopesSettled = true
  state.mapped = {
    documentRoot,
    context: undefined,
    filename: joined(documentRoot, state.path),
    pathInfo: '',
    located: undefined,
    programs: undefined
  }
}
