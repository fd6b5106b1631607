import type { EnvironmentEntry, Template, TemplatePart } from '../model/index.js'
import type { Groups } from './regex.js'
import type { Environment, State } from './state.js'
import { renderText } from './template.js'

/** What was brought along, what authorizers answered, and what the scopes in force set. */
export function environmentOf(state: State): Environment {
  const set = state.settings.environment?.value ?? []
  const answered = state.history.authorized.flatMap((each) => each.variables)
  const { carried, told } = state
  if (set.length + answered.length + carried.length + told.length === 0) return []
  const early = set.filter((entry) => entry.early === true)
  const late = set.filter((entry) => entry.early !== true)
  return [...carried, ...answered, ...valuesOf(early, state), ...told, ...valuesOf(late, state)]
}

function valuesOf(entries: readonly EnvironmentEntry[], state: State): Environment {
  return entries.map(({ name, value }) => {
    const scope = value.some(isCapture) ? groupsOf(state, value) : undefined
    return [name, renderText(value, { state, scope })]
  })
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
