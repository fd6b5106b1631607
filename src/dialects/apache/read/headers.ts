import {
  always,
  literal,
  not,
  type AnswerHeaderChange,
  type Condition,
  type HeaderChange,
  type Template
} from '../../../model/index.js'
import { parseExpression } from './expression.js'
import { interpolated } from './interpolation.js'
import type { Line } from './line.js'
import { regex, substitution, test } from './patterns.js'
import { setting, type Place } from './place.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'

/** Headers of requests and answers (mod_headers). */
export const headerHandlers: readonly (readonly [string, Handler])[] = [
  ['RequestHeader', requestHeader],
  ['Header', answerHeader]
]

/** One line: `set X-A "text" env=B`. */
interface Change {
  readonly action: string
  readonly name: string
  readonly value: Template
  readonly pattern?: string
  readonly when: Condition
  /** Ahead of all others, as soon as the request is read. */
  readonly early: boolean
}

type Read = Change | { readonly wrong: string } | { readonly unread: string }

const actions = ['set', 'setifempty', 'add', 'append', 'merge', 'unset', 'echo', 'edit', 'edit*', 'note']

function read(words: readonly string[], isOfRequest: boolean): Read {
  const [written = '', name = '', ...rest] = words
  const action = written.toLowerCase()
  if (!actions.includes(action)) return { wrong: `there is no action \`${written}\`` }
  const edits = action === 'edit' || action === 'edit*'
  const hasValue = action !== 'unset' && action !== 'echo'
  const [first, second] = rest
  if (edits && second === undefined) return { wrong: '`edit` needs a pattern and what takes its place' }
  if (hasValue && first === undefined) return { wrong: `\`${action}\` needs a value` }
  if (action === 'echo' && isOfRequest) return { wrong: '`echo` is for `Header` alone' }
  const behind = rest.slice(edits ? 2 : hasValue ? 1 : 0)
  if (behind.length > 1) return { wrong: 'there are too many arguments' }
  const when = conditionOf(behind[0])
  if ('wrong' in when || 'unread' in when) return when
  if (action === 'note') return { unread: 'notes' }
  const value = hasValue ? valueOf(edits ? (second ?? '') : (first ?? ''), edits) : []
  if ('wrong' in value || 'unread' in value) return value
  const pattern = edits ? first : action === 'echo' ? name : undefined
  return {
    action,
    name: name.replace(/:.*$/s, ''),
    value,
    ...(pattern !== undefined && { pattern }),
    when: when.condition,
    early: when.early
  }
}

type When = { readonly condition: Condition; readonly early: boolean } | Exclude<Read, Change>

function conditionOf(clause: string | undefined): When {
  if (clause === undefined) return { condition: always, early: false }
  if (clause.toLowerCase() === 'early') return { condition: always, early: true }
  const [, kind = '', text = ''] = /^(env|expr)=([^]*)$/i.exec(clause) ?? []
  if (kind === '') return { wrong: `\`${clause}\` is no condition` }
  if (kind.toLowerCase() === 'expr') {
    const parsed = parseExpression(text)
    return 'condition' in parsed ? { ...parsed, early: false } : parsed
  }
  const name = text.replace(/^!/, '')
  if (name === '') return { wrong: 'the name of a variable is missing behind `env=`' }
  const isSet = not(
    test({ of: 'text', template: [{ kind: 'environment', name }] }, { kind: 'equals', value: '' })
  )
  return { condition: text.startsWith('!') ? not(isSet) : isSet, early: false }
}

/** A text with `%{NAME}e` in it, or `expr=` and an expression's string. */
function valueOf(
  text: string,
  edits: boolean
): Template | { readonly wrong: string } | { readonly unread: string } {
  if (text.startsWith('expr=')) return interpolated(text.slice(5))
  const parts: Template[number][] = []
  for (const [piece, argument, tag] of text.matchAll(
    /%(?:\{([^}]*)\})?([^%{])|%%?|\\([\\rnt])|[^%\\]+|[^]/g
  )) {
    if (tag === 'e' && argument !== undefined)
      parts.push({ kind: 'first-of', of: [[{ kind: 'environment', name: argument }], literal('(null)')] })
    else if (tag === 's' && argument !== undefined)
      parts.push({
        kind: 'first-of',
        of: [[{ kind: 'tls', fact: argument.toLowerCase() }], literal('(null)')]
      })
    else if (tag === 's' && argument === undefined) parts.push(...literal('(null)'))
    else if (tag !== undefined && 'Dtlib'.includes(tag)) return { unread: `\`%${tag}\`` }
    else if (tag !== undefined) return { wrong: `there is no format \`%${tag}\`` }
    else parts.push(...(edits ? substitution(plain(piece)) : literal(plain(piece))))
  }
  return parts
}

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\r': '\r', '\\n': '\n', '\\t': '\t' }

function plain(piece: string): string {
  return piece === '%%' ? '%' : (escapes[piece] ?? piece)
}

function problem(line: Line, why: Exclude<Read, Change>, reader: Reader): Said {
  if ('wrong' in why) {
    reader.report.refuse('bad-arguments', line.span, `\`${line.name}\`: ${why.wrong}`)
    return undefined
  }
  reader.report.warn('header-not-changed', line.span, `\`${line.name}\` is not followed yet: ${why.unread}`)
  return notReadYet
}

const answerActions: ReadonlyMap<string, AnswerHeaderChange['how']> = new Map([
  ['set', 'set'],
  ['setifempty', 'set-if-absent'],
  ['add', 'add'],
  ['append', 'append'],
  ['merge', 'append-new'],
  ['unset', 'unset'],
  ['edit', 'edit'],
  ['edit*', 'edit-all'],
  ['echo', 'echo']
])

/** `Header [always|onsuccess] set X-A "text"` */
function answerHeader(line: Line, place: Place, reader: Reader): Said {
  const words = line.words.map((word) => word.value)
  const table = /^(?:always|onsuccess)$/i.exec(words[0] ?? '')?.[0].toLowerCase()
  const made = read(table === undefined ? words : words.slice(1), false)
  if ('wrong' in made || 'unread' in made) return problem(line, made, reader)
  if (made.early) return problem(line, { unread: 'changes of answers that are made early' }, reader)
  const how = answerActions.get(made.action)
  if (how === undefined) return notReadYet
  const { name, value, when, pattern } = made
  const change: AnswerHeaderChange = {
    how,
    name,
    // What is echoed goes among the others, whatever list is asked for.
    among: table === 'always' && how !== 'echo' ? 'lasting' : 'others',
    value,
    ...(pattern !== undefined && { pattern: regex(pattern, how === 'echo') }),
    when,
    origin: line.span
  }
  place.settings.push(setting('headerChanges', [change], line.span))
  return undefined
}

const requestActions: ReadonlyMap<string, HeaderChange['how']> = new Map([
  ['set', 'set'],
  ['setifempty', 'if-absent'],
  // Of headers that come again the application is told the last one.
  ['add', 'set'],
  ['append', 'added'],
  ['merge', 'added-new'],
  ['unset', 'removed'],
  ['edit', 'edited'],
  ['edit*', 'edited-everywhere']
])

/** `RequestHeader set X-A "text"` */
function requestHeader(line: Line, place: Place, reader: Reader): Said {
  const made = read(
    line.words.map((word) => word.value),
    true
  )
  if ('wrong' in made || 'unread' in made) return problem(line, made, reader)
  const { action, name, value, when, pattern, early } = made
  const how = requestActions.get(action)
  if (how === undefined) return notReadYet
  const change: HeaderChange = {
    name,
    value,
    how,
    ...(pattern !== undefined && { pattern: regex(pattern) }),
    ...(when.kind !== 'always' && { when }),
    ...(early && { early }),
    plain: true
  }
  // In sections they come too late to be heard.
  if (early && place.context !== 'main' && place.context !== 'vhost') return undefined
  place.settings.push({ ...setting('requestHeaders', [change], line.span), merge: 'append' })
  return undefined
}
