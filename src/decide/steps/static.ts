import type { Step } from '../../model/index.js'
import { mapPath } from '../mapping.js'
import { mediaTypeFor } from '../media-type.js'
import { answer, statusAnswer, type State, type StepResult } from '../state.js'

/** Sends the mapped file as it is. */
export function sendStatic(state: State, step: Extract<Step, { step: 'static' }>): StepResult {
  if (state.taken !== undefined || (step.folders === 'left' && state.path.endsWith('/'))) return undefined
  const mapped = (state.mapped ??= mapPath(state))
  const kind = mapped.located ?? state.surroundings.files.kind(mapped.filename)
  const headers = step.allow === undefined ? [] : [['Allow', step.allow.join(', ')] as const]
  const isThere = kind !== 'missing' || step.known !== undefined
  if (state.method === 'OPTIONS' && step.allow !== undefined && isThere) {
    return answer({ kind: 'status', status: 200, why: 'OPTIONS is answered by the server', headers })
  }
  if (kind === 'forbidden') return statusAnswer(403, `no right to look at ${mapped.filename}`, undefined)
  const isAnswered = step.known === undefined || step.methods.includes(state.method)
  // Where methods are told apart first, only those that are answered get so far.
  if (isAnswered && kind === 'file' && mapped.pathInfo !== '' && !takesPathInfo(state, step)) {
    return statusAnswer(404, `${mapped.filename} is a file and takes no path info`, undefined)
  }
  if (!state.inner && !step.methods.includes(state.method)) {
    if (step.otherwise === undefined) return undefined
    const isKnown = step.known?.methods.includes(state.method) ?? true
    const status = isKnown ? step.otherwise : (step.known?.otherwise ?? step.otherwise)
    const told = step.known === undefined ? {} : { headers }
    return answer({ kind: 'status', status, why: `files do not answer ${state.method}`, ...told })
  }
  const refused = state.settings.staticRefused
  const isRefused = refused?.value.some((suffix) => mapped.filename.endsWith(suffix)) === true
  if (isRefused && step.endsSearch === true) return undefined
  if (kind !== 'file' || mapped.filename.endsWith('/')) {
    if (step.endsSearch !== true) return undefined
    return statusAnswer(403, `${mapped.filename} is no file`, undefined)
  }
  if (isRefused) {
    return statusAnswer(403, 'files with this extension are not sent', refused.origin)
  }
  // Files with path info are none of its business then: the request goes on.
  const hasPathInfo = mapped.pathInfo !== '' || state.leftPathInfo !== ''
  if (hasPathInfo && (state.settings.pathInfoTaken?.value ?? 'by-all') !== 'by-all') return undefined
  return answer({
    kind: 'file',
    path: mapped.filename,
    mediaType: mediaTypeFor(state, mapped.filename) ?? state.leftType,
    status: 200
  })
}

function takesPathInfo({ settings }: State, { pathInfo }: Extract<Step, { step: 'static' }>): boolean {
  return pathInfo === 'sent' || settings.pathInfoTaken?.value === 'by-all'
}

/** Nobody answered. */
export function nobody(state: State, step: Extract<Step, { step: 'answer' }>): StepResult {
  if (state.taken !== undefined) return undefined
  const mapped = (state.mapped ??= mapPath(state))
  const kind = mapped.located ?? state.surroundings.files.kind(mapped.filename.replace(/(.)\/$/, '$1'))
  const isExcepted = step.labelled === 'not-listed' && state.label !== undefined
  const isListed = !isExcepted && (step.listedBy?.includes(state.method) ?? true)
  if (kind === 'directory' && mapped.pathInfo === '' && isListed) {
    return statusAnswer(
      step.directory,
      `${mapped.filename} is a directory that nothing answers for`,
      undefined
    )
  }
  return statusAnswer(step.status, 'nothing answers for the request', undefined)
}
