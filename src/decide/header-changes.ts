import type { HeaderChange } from '../model/index.js'
import { unreachable } from '../diagnostics/index.js'
import { evaluate } from './condition.js'
import type { State } from './state.js'
import { renderText } from './template.js'

/** The request's headers with changes made to them, in their order. One that comes several times is one. */
export function withChanges(state: State, changes: readonly HeaderChange[]): State['headerList'] {
  let list = state.headerList
  for (const { name, value, how, when } of changes) {
    if (when !== undefined && !evaluate(when, state).holds) continue
    const [first, ...repeated] = list.filter(([other]) => other.toLowerCase() === name.toLowerCase())
    const text = renderText(value, { state })
    if (first === undefined) {
      if (text !== '') list = [...list, [name, text]]
      continue
    }
    const join = name.toLowerCase() === 'cookie' ? '; ' : ', '
    const before = [first, ...repeated].map(([, each]) => each).join(join)
    const changed = changedValue(how, before, text, join)
    if (changed === undefined) continue
    list = list
      .filter((each) => !repeated.includes(each) && (each !== first || changed !== ''))
      .map((each) => (each === first ? [first[0], changed] : each))
  }
  return list
}

/** Undefined where it stays as it is; empty where it goes. */
function changedValue(
  how: HeaderChange['how'],
  before: string,
  text: string,
  join: string
): string | undefined {
  switch (how) {
    case 'if-absent':
      return undefined
    case 'added-new':
      if (before.split(',').some((token) => token.trim() === text)) return undefined
      return addedTo(before, text, join)
    case 'added':
      return addedTo(before, text, join)
    case 'set':
      return text
    default:
      return unreachable(how)
  }
}

function addedTo(before: string, text: string, join: string): string | undefined {
  return text === '' ? undefined : `${before}${join}${text}`
}
