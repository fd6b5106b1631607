import { unreachable } from '../diagnostics/index.js'
import type { AnswerHeaderChange } from '../model/index.js'
import { evaluate } from './condition.js'
import { edited } from './edited.js'
import { regexGroups } from './match.js'
import type { State } from './state.js'
import { renderText } from './template.js'
import type { AnswerParts } from './types.js'

type Headers = readonly (readonly [name: string, value: string])[]

/** An answer whose headers are changed. */
export interface ChangedAnswer {
  readonly headers: Headers
  /** A page of the server's own: what does not last is gone. */
  readonly isPage: boolean
  readonly isOfApplication: boolean
  readonly parts: AnswerParts
}

/** The headers of an answer with the changes in force made to them (httpd: `do_headers_fixup`). */
export function changedHeaders(state: State, answer: ChangedAnswer): Headers {
  const changes = state.settings.headerChanges?.value ?? []
  if (changes.length === 0) return answer.headers
  const passing = state.settings.response?.value.passing ?? []
  const lasts = ([name]: Headers[number]): boolean =>
    answer.isOfApplication && !answer.isPage && !passing.includes(name.toLowerCase())
  const made = (among: AnswerHeaderChange['among'], before: Headers): Headers =>
    changes
      .filter((change) => change.among === among)
      .filter(({ when }) => evaluate(when, state, answer.parts).holds)
      .reduce((list, change) => changed(list, change, state, answer.parts), before)
  const lasting = made('lasting', answer.headers.filter(lasts))
  const rest = answer.headers.filter((header) => !lasts(header))
  const others = answer.isPage ? rest : made('others', rest)
  const told = others.find(isType)
  const type = told ?? lasting.find(isType)
  const untyped = [...lasting, ...others].filter((header) => !isType(header))
  return type === undefined ? untyped : [...untyped, type]
}

const isType = ([name]: Headers[number]): boolean => name.toLowerCase() === 'content-type'

function changed(list: Headers, change: AnswerHeaderChange, state: State, answer: AnswerParts): Headers {
  const { how, name, pattern } = change
  const is = ([other]: Headers[number]): boolean => other.toLowerCase() === name.toLowerCase()
  // A media type is only ever replaced.
  if (
    name.toLowerCase() === 'content-type' &&
    (how === 'add' || how === 'append' || how === 'append-new' || how === 'unset')
  )
    return list
  const text = (): string => renderText(change.value, { state, answer })
  switch (how) {
    case 'set':
      return [...list.filter((header) => !is(header)), [name, text()]]
    case 'set-if-absent':
      return list.some(is) ? list : [...list, [name, text()]]
    case 'add':
      return [...list, [name, text()]]
    case 'append':
      return appended(list, is, name, text())
    case 'append-new': {
      const value = text()
      const known = list
        .find(is)?.[1]
        .split(',')
        .map((token) => token.trim())
      return known?.includes(value) === true ? list : appended(list, is, name, value)
    }
    case 'unset':
      return list.filter((header) => !is(header))
    case 'edit':
    case 'edit-all': {
      if (pattern === undefined) return list
      const edit = (value: string): string =>
        edited(value, { pattern, everywhere: how === 'edit-all', value: change.value }, { state, answer })
      return list.map((header) => (is(header) ? [header[0], edit(header[1])] : header))
    }
    case 'echo':
      return pattern === undefined
        ? list
        : [...list, ...state.headerList.filter(([other]) => regexGroups(pattern, other, state) !== undefined)]
    default:
      return unreachable(how)
  }
}

/** To the first of the name, behind a comma. */
function appended(
  list: Headers,
  is: (header: Headers[number]) => boolean,
  name: string,
  value: string
): Headers {
  const at = list.findIndex(is)
  if (at < 0) return [...list, [name, value]]
  return list.map((header, index) => (index === at ? [header[0], `${header[1]}, ${value}`] : header))
}
