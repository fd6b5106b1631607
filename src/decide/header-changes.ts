import type { HeaderChange } from '../model/index.js'
import { evaluate } from './condition.js'
import type { State } from './state.js'
import { renderText } from './template.js'

/** The request's headers with changes made to them, in their order. */
export function withChanges(state: State, changes: readonly HeaderChange[]): State['headerList'] {
  let list = state.headerList
  for (const { name, value, how, when } of changes) {
    if (when !== undefined && !evaluate(when, state).holds) continue
    const text = renderText(value, { state })
    const is = ([other]: State['headerList'][number]): boolean => other.toLowerCase() === name.toLowerCase()
    const join = name.toLowerCase() === 'cookie' ? '; ' : ', '
    const known = list.find(is)?.[1]
    if (known === undefined) list = text === '' ? list : [...list, [name, text]]
    else if (how === 'if-absent') continue
    else if (how === 'added-new' && known.split(',').some((token) => token.trim() === text)) continue
    else if (how === 'added' || how === 'added-new')
      list =
        text === '' ? list : list.map((each) => (is(each) ? [each[0], `${each[1]}${join}${text}`] : each))
    else
      list =
        text === ''
          ? list.filter((each) => !is(each))
          : list.map((each) => (is(each) ? [each[0], text] : each))
  }
  return list
}
