import type { Step } from '../../model/index.js'
import { withChanges } from '../header-changes.js'
import { byName } from '../headers.js'
import type { State, StepResult } from '../state.js'

/** What is in force where the request is now, however often it was changed before (httpd: `ap_headers_fixup`, `ap_headers_early`). */
export function requestHeaders(
  state: State,
  { at }: Pick<Extract<Step, { step: 'request-headers' }>, 'at'>
): StepResult {
  // An index takes over from a request whose headers were changed already.
  if (at === 'file' && state.ofFolder !== undefined) return undefined
  const changes = state.settings.requestHeaders?.value.filter(
    ({ early }) => (early === true) === (at === 'asked')
  )
  if (changes === undefined || changes.length === 0) return undefined
  state.headerList = withChanges(state, changes)
  state.headers = byName(state.headerList)
  return undefined
}
