import type { Environment, State } from './state.js'
import { renderText } from './template.js'

/** What was brought along, what authorizers answered, and what the scopes in force set. */
export function environmentOf(state: State): Environment {
  const set = state.settings.environment?.value ?? []
  const answered = state.history.authorized.flatMap((each) => each.variables)
  if (set.length === 0 && answered.length === 0 && state.carried.length === 0) return []
  return [
    ...state.carried,
    ...answered,
    ...set.map(({ name, value }) => [name, renderText(value, { state })] as const)
  ]
}
