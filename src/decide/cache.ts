import type { State } from './state.js'
import { renderText } from './template.js'

/** What the store of answers says that this program does not keep: nothing is found in it. */
export function cacheStatus(state: State): string | undefined {
  const rules = state.settings.cache?.value
  if (rules === undefined || renderText(rules.zone, { state }) === '') return undefined
  if (!rules.methods.includes(state.method)) return undefined
  const isPassedOver = rules.bypass.some((template) => !['', '0'].includes(renderText(template, { state })))
  return isPassedOver ? 'BYPASS' : 'MISS'
}
