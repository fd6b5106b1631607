import { withChanges } from '../header-changes.js'
import { byName } from '../headers.js'
import type { State, StepResult } from '../state.js'

/** The first time only: what is in force elsewhere later on comes too late. */
export function changeHeaders(state: State): StepResult {
  if (state.settled !== undefined) return undefined
  const { environment, responseHeaders, requestHeaders } = state.settings
  state.settled = { environment, responseHeaders }
  if (requestHeaders === undefined) return undefined
  state.headerList = withChanges(state, requestHeaders.value)
  state.headers = byName(state.headerList)
  return undefined
}
