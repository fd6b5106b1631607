import type { Step } from '../../model/index.js'
import { mapPath } from '../mapping.js'
import { answer, statusAnswer, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'

/** Shows what lies in a folder, where nobody else answers for it. */
export function listing(state: State, { methods }: Extract<Step, { step: 'listing' }>): StepResult {
  const setting = state.settings.listing
  const form = setting?.value
  if (setting === undefined || form === undefined || form === null || state.taken !== undefined)
    return undefined
  if (!state.path.endsWith('/') || !methods.includes(state.method)) return undefined
  const callback =
    form.form === 'jsonp' ? renderText([{ kind: 'argument', name: 'callback' }], { state }) : ''
  if (!/^[A-Za-z0-9_.]{0,128}$/.test(callback))
    return statusAnswer(400, 'the argument `callback` is no name of a function', setting.origin)
  const folder = (state.mapped ??= mapPath(state)).filename.replace(/(.)\/$/, '$1')
  if (state.surroundings.files.kind(folder) !== 'directory')
    return statusAnswer(404, `${folder} is no folder`, setting.origin)
  return answer({
    kind: 'listing',
    folder,
    title: state.path,
    form: form.form === 'jsonp' && callback === '' ? { ...form, form: 'json' } : form,
    ...(callback !== '' && { callback }),
    ...(setting.origin !== undefined && { origin: setting.origin })
  })
}
