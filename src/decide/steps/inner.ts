import type { State } from '../state.js'
import { forget } from './redirected.js'

/** The same request for another URL, without body and arguments. What it sets, it sets for both. */
export function innerRequest(state: State): State {
  const inner: State = {
    ...state,
    history: { authorized: [], redirects: [] },
    inner: true,
    redirects: 0,
    before: undefined,
    errorPaged: false,
    internal: true,
    split: undefined,
    finalStatus: undefined,
    chosen: [],
    chosenBy: 'host',
    settings: {},
    refusal: undefined,
    passed: false,
    environment: [],
    last: undefined
  }
  forget(inner)
  return inner
}
