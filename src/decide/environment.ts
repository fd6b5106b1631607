import type { Template, TemplatePart } from '../model/index.js'
import type { Groups } from './regex.js'
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
    ...set.map(
      ({ name, value }) =>
        [
          name,
          renderText(value, { state, scope: value.some(isCapture) ? groupsOf(state, value) : undefined })
        ] as const
    )
  ]
}

function isCapture(part: TemplatePart): boolean {
  return part.kind === 'capture' && part.from === 'scope'
}

/** What the scope that holds the variable captured. */
function groupsOf(state: State, value: Template): Groups | undefined {
  return state.chosen.find(({ compiled }) =>
    compiled.scope.settings.some(
      (setting) => setting.key === 'environment' && setting.value.some((entry) => entry.value === value)
    )
  )?.groups
}
