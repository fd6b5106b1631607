import type { Condition, Subject, TemplatePart, Test } from '../model/index.js'
import { unreachable } from '../diagnostics/index.js'
import { inNetwork } from './address.js'
import { globMatches } from './glob.js'
import { baseName, covers } from './path.js'
import { regexGroups } from './match.js'
import type { Groups } from './regex.js'
import type { State } from './state.js'
import { renderText } from './template.js'
import type { AnswerParts } from './types.js'

/** Whether a condition holds, and the groups of the last regular expression in it that did. */
export interface Holding {
  readonly holds: boolean
  readonly groups?: Groups | undefined
}

const yes: Holding = { holds: true }
const no: Holding = { holds: false }

/** `rule`: what the match captured that the condition belongs to. */
export function evaluate(condition: Condition, state: State, answer?: AnswerParts, rule?: Groups): Holding {
  switch (condition.kind) {
    case 'always':
      return yes
    case 'never':
      return no
    case 'not':
      return evaluate(condition.of, state, answer, rule).holds ? no : yes
    case 'all': {
      let groups: Groups | undefined
      for (const part of condition.of) {
        const result = evaluate(part, state, answer, rule)
        if (!result.holds) return no
        groups = result.groups ?? groups
      }
      return groups === undefined ? yes : { holds: true, groups }
    }
    case 'any': {
      for (const part of condition.of) {
        const result = evaluate(part, state, answer, rule)
        if (result.holds) return result
      }
      return no
    }
    case 'test':
      return condition.once === undefined
        ? holds(condition.subject, condition.test, state, answer, rule)
        : heardOnce(condition, condition.once, state)
    default:
      return unreachable(condition)
  }
}

type Question = Extract<Condition, { kind: 'test' }>

function heardOnce({ subject, test }: Question, once: NonNullable<Question['once']>, state: State): Holding {
  const known = state.heard.get(once.id)
  if (known !== undefined) return known
  const found = holds(subject, test, state, undefined)
  const from = state.startedAgain ? once.fromAgain : once.from
  if (from === undefined || state.moments.includes(from)) state.heard.set(once.id, found)
  return found
}

function holds(
  subject: Subject,
  test: Test,
  state: State,
  answer: AnswerParts | undefined,
  rule?: Groups
): Holding {
  if (subject.of === 'host' && subject.port === 'if-both-have-one' && test.kind === 'equals') {
    return sameHost(state.host.authority, test.value) ? yes : no
  }
  const text = subjectText(subject, state, answer, rule)
  return text === undefined ? no : testText(text, test, state)
}

/** Whether a text passes a test. */
export function testText(text: string, test: Test, state: State): Holding {
  const result = (value: boolean): Holding => (value ? yes : no)
  switch (test.kind) {
    case 'equals':
      return result(
        test.ignoreCase === true ? text.toLowerCase() === test.value.toLowerCase() : text === test.value
      )
    case 'prefix':
      return result(covers(test.value, text, test.segments))
    case 'suffix':
      return result(text.endsWith(test.value))
    case 'regex': {
      const groups = regexGroups(test.regex, text, state)
      return groups === undefined ? no : { holds: true, groups }
    }
    case 'glob':
      return result(globMatches(test, text))
    case 'address':
      return result(inNetwork(text, test.network))
    case 'exists':
      return result(exists(text, test.what, state))
    case 'allowed':
      return result(text !== '' && state.looks.allows(state, text, test.as))
    case 'same':
      return result(text === renderText(test.as, { state }))
    case 'compare':
      return result(compares(text, test, state))
    case 'member':
      return result(isMember(text, test, state))
    case 'true':
      return result(text !== '' && text !== '0')
    default:
      return unreachable(test)
  }
}

/** A group may have several lines, and a line go on behind a backslash; without a file nobody is in any. */
function isMember(user: string, { file, groups }: Extract<Test, { kind: 'member' }>, state: State): boolean {
  const text = state.surroundings.files.readText(renderText(file, { state })) ?? ''
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split('\n')
  return lines.some((line) => {
    const [, group = '', members = ''] = /^\s*([^\s#:][^:]*):(.*)$/.exec(line) ?? []
    return groups.includes(group.trim()) && wordsOf(members).includes(user)
  })
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
}

type Compare = Extract<Test, { kind: 'compare' }>

function compares(text: string, { as, relation, to }: Compare, state: State): boolean {
  const other = renderText(to, { state })
  const order = orderOf(as, text, other)
  switch (relation) {
    case '=':
      return order === 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return unreachable(relation)
  }
}

function orderOf(as: Compare['as'], text: string, other: string): number {
  switch (as) {
    case 'number':
      return leadingNumber(text) - leadingNumber(other)
    case 'length':
      return text.length === other.length ? byBytes(text, other) : text.length - other.length
    case 'text':
      return byBytes(text, other)
    default:
      return unreachable(as)
  }
}

/** As C's atoi. */
function leadingNumber(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0)
}

function byBytes(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1
}

/** Undefined where the subject is not known (yet). */
function subjectText(
  subject: Subject,
  state: State,
  answer: AnswerParts | undefined,
  rule: Groups | undefined
): string | undefined {
  switch (subject.of) {
    case 'host':
      return subject.port === 'unless-default' ? authorityWithPort(state) : state.host.name
    case 'path':
      return subject.slashes === 'merged' ? state.path.replace(/\/{2,}/g, '/') : state.path
    case 'query':
      return state.query ?? ''
    case 'method':
      return state.method
    case 'scheme':
      return state.request.tls ? 'https' : 'http'
    case 'remote-address':
      return state.remote.address
    case 'listener':
      return state.request.listener
    case 'header':
      return state.headers.get(subject.name)?.join(subject.join ?? ', ') ?? ''
    case 'filename':
      if (state.mapped?.passedTo !== undefined) return undefined
      return subject.folder === true ? folderOf(state.mapped) : state.mapped?.filename
    case 'basename':
      if (state.mapped === undefined || state.mapped.passedTo !== undefined) return undefined
      return baseName(state.mapped.filename)
    case 'passed-to':
      return state.mapped?.passedTo
    case 'text':
      return renderText(subject.template, { state, answer, rule })
    default:
      return unreachable(subject)
  }
}

/** A name that is missing is no folder. */
export function folderOf(mapped: State['mapped']): string | undefined {
  if (mapped === undefined || mapped.located === undefined || mapped.located === 'directory')
    return mapped?.filename
  return mapped.filename.slice(0, Math.max(1, mapped.filename.lastIndexOf('/')))
}

/** One is written with a slash behind it where a URL was. */
export function isSameFolder(one: string | undefined, other: string | undefined): boolean {
  return one?.replace(/(.)\/$/, '$1') === other?.replace(/(.)\/$/, '$1')
}

/** `name:port` where the port is not the scheme's own; a header that is kept in normal form says so itself. */
function authorityWithPort(state: State): string {
  const { name, port, authority } = state.host
  if (state.site.site.request.host.normalised) return authority
  const usual = state.request.tls ? '443' : '80'
  return port === '' || port === usual ? name : `${name}:${port}`
}

/** A port counts only where both sides have one. */
function sameHost(asked: string, written: string): boolean {
  if (asked === written) return true
  const portOf = (text: string): number => /:\d+$/.exec(text)?.index ?? -1
  const [left, right] = [portOf(asked), portOf(written)]
  if (left >= 0 === right >= 0) return false
  return (left < 0 ? asked : asked.slice(0, left)) === (right < 0 ? written : written.slice(0, right))
}

function exists(path: string, what: Extract<Test, { kind: 'exists' }>['what'], state: State): boolean {
  const { files } = state.surroundings
  const kind = files.kind(path)
  switch (what) {
    case 'any':
      return kind !== 'missing'
    case 'executable':
      // The right to search a folder is the same bit.
      return kind === 'directory' || files.isExecutable(path)
    case 'filled':
      return kind === 'file' && files.size(path) !== 0
    case 'link':
      return files.isLink(path)
    case 'file':
    case 'directory':
      return kind === what
    default:
      return unreachable(what)
  }
}

/** When a condition can be answered: by the connection and its headers, by the URL, or once a file is known. */
export type Needs = 'host' | 'url' | 'file'
const order: readonly Needs[] = ['host', 'url', 'file']

export function needs(condition: Condition): Needs {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return 'host'
    case 'not':
      return needs(condition.of)
    case 'all':
    case 'any':
      return condition.of.map(needs).reduce(later, 'host')
    case 'test':
      return needsOf(condition.subject)
    default:
      return unreachable(condition)
  }
}

/** Variables that say how the request came, whatever becomes of it. */
const sentVariables =
  /^(?:request\.(?:uri|target|protocol)|uri\.path|remote\.(?:address|port)|server\.address)$/
/** Variables that a file must be known for. */
const fileVariables = /^(?:filename|path-info|handler\.name|context\..*|path\.so-far.*)$/

function needsOf(subject: Subject): Needs {
  switch (subject.of) {
    case 'filename':
    case 'basename':
    case 'passed-to':
      return 'file'
    case 'text':
      return subject.template.map(neededFor).reduce(later, 'host')
    case 'path':
    case 'query':
      return 'url'
    default:
      return 'host'
  }
}

function neededFor(part: TemplatePart): Needs {
  switch (part.kind) {
    case 'text':
    case 'header':
    case 'header-like':
      return 'host'
    case 'variable':
      return fileVariables.test(part.name) ? 'file' : sentVariables.test(part.name) ? 'host' : 'url'
    default:
      return 'url'
  }
}

export function later(left: Needs, right: Needs): Needs {
  return order.indexOf(left) > order.indexOf(right) ? left : right
}
