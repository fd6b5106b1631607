import type { Condition, Instruction, Subject, Template, Test } from '../../../model/index.js'
import { checkRegex, refuseValue } from './check.js'
import type { Level } from './level.js'
import type { Item, Session } from './session.js'

/** What the header says behind its scheme; empty where it has none. */
const behindScheme = partOfReferer('^https?://(.*)$')
const host = partOfReferer('^https?://([^/:]*)')
const path = partOfReferer('^https?://[^/]*(/.*)')

function partOfReferer(source: string): Subject {
  const of: Template = [{ kind: 'header', name: 'referer' }]
  return { of: 'text', template: [{ kind: 'part', of, matching: { source, ignoreCase: true } }] }
}

/**
 * `valid_referers none blocked server_names *.example.com ~google;`: `$invalid_referer` is empty where one of them fits,
 * else `1`.
 */
export function readReferers(session: Session, level: Level): readonly Instruction[] {
  for (const item of level.own('valid_referers')) checkReferers(session, item)
  const items = level.inForce('valid_referers')
  const [first] = items
  if (first === undefined || (level.context !== 'server' && level.context !== 'location')) return []
  const of = items.flatMap((item) =>
    item.directive.args.flatMap(({ value }) =>
      value.toLowerCase() === 'server_names'
        ? serverNames(session, level)
        : (accepted(session, item, value) ?? [])
    )
  )
  const origin = session.span(first)
  const set = (text: string): Instruction => ({
    kind: 'set',
    name: 'invalid_referer',
    value: text === '' ? [] : [{ kind: 'text', text }],
    origin
  })
  return [set('1'), { kind: 'if', when: { kind: 'any', of }, then: [set('')], origin }]
}

function serverNames(session: Session, level: Level): readonly Condition[] {
  return level
    .inForce('server_name')
    .flatMap((item) => item.directive.args.flatMap(({ value }) => ofHost(session, item, value) ?? []))
}

function accepted(session: Session, item: Item, value: string): Condition | undefined {
  const header: Subject = { of: 'header', name: 'referer' }
  switch (value.toLowerCase()) {
    case 'none':
      return test(header, { kind: 'equals', value: '' })
    case 'blocked':
      return {
        kind: 'all',
        of: [not(test(header, { kind: 'equals', value: '' })), not(test(header, withScheme))]
      }
    default:
      return value.startsWith('~')
        ? ofRegex(session, item, value, behindScheme)
        : ofHost(session, item, value)
  }
}

const withScheme: Test = { kind: 'regex', regex: { source: '^https?://', ignoreCase: true } }

/** A host name as in `server_name`; a text behind it must begin the path. */
function ofHost(session: Session, item: Item, text: string): Condition | undefined {
  if (text.startsWith('~')) return ofRegex(session, item, text, host)
  const slash = text.indexOf('/')
  const name = slash < 0 ? text : text.slice(0, slash)
  const named = test(host, hostTest(name))
  if (slash < 0) return named
  const below = test(path, { kind: 'prefix', value: text.slice(slash), segments: false })
  return { kind: 'all', of: [named, below] }
}

function hostTest(name: string): Test {
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const source = name.startsWith('*.')
    ? `.${quoted(name.slice(1))}$`
    : name.startsWith('.')
      ? `(?:^|\\.)${quoted(name.slice(1))}$`
      : name.endsWith('.*')
        ? `^${quoted(name.slice(0, -1))}.`
        : undefined
  return source === undefined
    ? { kind: 'equals', value: name, ignoreCase: true }
    : { kind: 'regex', regex: { source, ignoreCase: true } }
}

function ofRegex(session: Session, item: Item, value: string, subject: Subject): Condition | undefined {
  const source = value.slice(1)
  if (!checkRegex(session, item, source, session.head(item))) return undefined
  return {
    kind: 'all',
    of: [
      test({ of: 'header', name: 'referer' }, withScheme),
      test(subject, { kind: 'regex', regex: { source, ignoreCase: true } })
    ]
  }
}

function test(subject: Subject, against: Test): Condition {
  return { kind: 'test', subject, test: against }
}

function not(of: Condition): Condition {
  return { kind: 'not', of }
}

/** Names beside `none` and `blocked` are asked for, each once. */
function checkReferers(session: Session, item: Item): void {
  const words = item.directive.args.filter(({ value }) => !/^(?:none|blocked)$/i.test(value))
  if (words.length === 0) {
    const message = '`valid_referers` has `none` or `blocked` alone, and no names'
    session.refuse('nginx/invalid-value', session.head(item), message, 'add the names that may link here')
  }
  const known = new Set<string>()
  for (const word of words) {
    const { value } = word
    const name = value.startsWith('~') ? value : value.replace(/\/[^]*$/, '').toLowerCase()
    if (value === '' || known.has(name))
      refuseValue(session, item, value, 'each name once, and none empty', session.word(item, word))
    known.add(name)
  }
}
