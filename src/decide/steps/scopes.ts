import type { Step } from '../../model/index.js'
import { chooseScopes } from '../scopes/choose.js'
import { foldFolders } from '../scopes/folders.js'
import { statusAnswer, type State, type StepResult } from '../state.js'

/** Folds the scopes whose conditions can be answered by now. */
export function scopes(state: State, { by, folders }: Extract<Step, { step: 'scopes' }>): StepResult {
  chooseScopes(state, by)
  const refused = folders === undefined ? undefined : foldFolders(state, folders)
  if (refused !== undefined) return refused
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
