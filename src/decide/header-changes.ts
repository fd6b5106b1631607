import type { HeaderChange } from '../model/index.js'
import { unreachable } from '../diagnostics/index.js'
import { evaluate } from './condition.js'
import { edited } from './edited.js'
import { byName } from './headers.js'
import type { State } from './state.js'
import { renderText } from './template.js'

type Headers = State['headerList']

/** The request's headers with changes made to them, in their order. One that comes several times is one. */
export function withChanges(state: State, changes: readonly HeaderChange[]): Headers {
  return changes.reduce<Headers>((list, change) => {
    // Each sees what those before it made.
    const now = list === state.headerList ? state : { ...state, headerList: list, headers: byName(list) }
    if (change.when !== undefined && !evaluate(change.when, now).holds) return list
    return changed(now, list, change)
  }, state.headerList)
}

function changed(state: State, list: Headers, change: HeaderChange): Headers {
  const { name, plain } = change
  const [first, ...repeated] = list.filter(([other]) => other.toLowerCase() === name.toLowerCase())
  if (first === undefined) return withNew(state, list, change)
  const join = name.toLowerCase() === 'cookie' && plain !== true ? '; ' : ', '
  const before = [first, ...repeated].map(([, each]) => each).join(join)
  const value = changedValue(state, change, before, join)
  if (value === undefined) return list
  const isGone = change.how === 'removed' || (value === '' && plain !== true)
  const others = list.filter((each) => !repeated.includes(each) && (each !== first || !isGone))
  if (change.how !== 'edited' && change.how !== 'edited-everywhere')
    return others.map((each) => (each === first ? [first[0], value] : each))
  // What is edited goes behind all others.
  return isGone ? others : [...others.filter((each) => each !== first), [first[0], value]]
}

function withNew(state: State, list: Headers, { how, name, value, plain }: HeaderChange): Headers {
  if (how === 'removed' || how === 'edited' || how === 'edited-everywhere') return list
  const text = renderText(value, { state })
  return text === '' && plain !== true ? list : [...list, [name, text]]
}

/** Undefined where it stays as it is; empty where it goes. */
function changedValue(state: State, change: HeaderChange, before: string, join: string): string | undefined {
  const { how, value, pattern, plain } = change
  const text = (): string => renderText(value, { state })
  const addedTo = (more: string): string | undefined =>
    more === '' && plain !== true ? undefined : `${before}${join}${more}`
  switch (how) {
    case 'if-absent':
      return undefined
    case 'added-new':
      return before.split(',').some((token) => token.trim() === text()) ? undefined : addedTo(text())
    case 'added':
      return addedTo(text())
    case 'set':
      return text()
    case 'removed':
      return ''
    case 'edited':
    case 'edited-everywhere':
      return pattern === undefined
        ? undefined
        : edited(before, { pattern, everywhere: how === 'edited-everywhere', value }, { state })
    default:
      return unreachable(how)
  }
}
