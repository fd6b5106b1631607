import { chooseScopes } from '../scopes/choose.js'
import { statusAnswer, type State, type StepResult } from '../state.js'

/** Folds the scopes whose conditions can be answered by now. */
export function scopes(state: State, by: 'host' | 'url' | 'file'): StepResult {
  chooseScopes(state, by)
  if (state.trace !== undefined) {
    for (const { compiled } of state.chosen) {
      const { name, head } = compiled.scope
      if (compiled.parent === undefined) continue
      state.trace.push({
        step: 'scopes',
        text: `${name} holds`,
        ...(head === undefined ? {} : { origin: head })
      })
    }
  }
  if (state.namedMissing) return statusAnswer(500, `there is no location ${state.named ?? ''}`, undefined)
  return undefined
}
