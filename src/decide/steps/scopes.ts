import type { Step } from '../../model/index.js'
import { atStandingPath } from '../standing-path.js'
import { chooseScopes } from '../scopes/choose.js'
import { foldFolders } from '../scopes/folders.js'
import { statusAnswer, type State, type StepResult } from '../state.js'

/** Folds the scopes whose conditions can be answered by now. */
export function scopes(state: State, { by, folders, moment }: Extract<Step, { step: 'scopes' }>): StepResult {
  // Where an authorizer settled what file it is, the request goes on as it was.
  if (moment === undefined && state.scopesSettled) return undefined
  const before = moment === undefined ? [] : state.chosen.map(({ compiled }) => compiled)
  if (moment === undefined) {
    state.heard = new Map()
    state.moments = []
    state.startedAgain = state.settled !== undefined
    chooseScopes(state, by)
  } else {
    state.moments = [...state.moments, moment]
    atStandingPath(state, () => {
      chooseScopes(state, by)
    })
  }
  const refused = folders === undefined ? undefined : foldFolders(state, folders)
  if (refused !== undefined) return refused
  if (state.trace !== undefined) {
    for (const { compiled } of state.chosen) {
      const { name, head } = compiled.scope
      if (compiled.parent === undefined || before.includes(compiled)) continue
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
