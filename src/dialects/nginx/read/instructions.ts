import type { Span } from '../../../diagnostics/index.js'
import type { Assignment, Instruction, Rewrite, Setting, Template } from '../../../model/index.js'
import type { Word } from '../../../../grammars/nginx/index.js'
import { checkRegex, refuseValue } from './check.js'
import { readCondition } from './conditions.js'
import { readLevel, type Level } from './level.js'
import { headText, nameOf, type Item, type Session } from './session.js'
import { isBuiltIn, isOfFamily, maySet, readTemplate, readText } from './variables.js'

/** What an `if` says beside its instructions: how its requests are answered. */
type ReadSettings = (inner: Level) => readonly Setting[]

const names: ReadonlySet<string> = new Set(['set', 'rewrite', 'return', 'break', 'if'])

/** The directives of the rewrite module at one level, which are done in the order of the text. */
export function readInstructions(
  session: Session,
  level: Level,
  settings: ReadSettings
): readonly Instruction[] {
  if (!level.saysAny(names)) return []
  return level.items.flatMap((item) => readInstruction(session, level, item, settings) ?? [])
}

function readInstruction(
  session: Session,
  level: Level,
  item: Item,
  settings: ReadSettings
): Instruction | undefined {
  switch (nameOf(item.directive)) {
    case 'set':
      return readSet(session, item)
    case 'rewrite':
      return readRewrite(session, item)
    case 'return':
      return readReturn(session, item)
    case 'break':
      return { kind: 'stop', origin: session.span(item) }
    case 'if':
      return readIf(session, level, item, settings)
    default:
      return undefined
  }
}

function readSet(session: Session, item: Item): Instruction | undefined {
  const [variable, value] = item.directive.args
  if (variable === undefined || value === undefined) return undefined
  const name = /^\$(\w+)$/.exec(variable.value)?.[1]
  if (name === undefined) {
    refuseVariable(session, item, variable)
    return undefined
  }
  define(session, item, name)
  const { template, complete } = readTemplate(session, item, value)
  const origin = session.span(item)
  if (!complete) session.notReadYet(item)
  // Others of the server's own variables are set for the rest of the request, which the model has no instruction for.
  return assignment(name, template, origin) ?? { kind: 'undecided', what: `\`${headText(item)}\``, origin }
}

/** What giving a variable a value does; undefined for those built in whose value the model has no name for. */
export function assignment(name: string, value: Template, origin: Span): Assignment | undefined {
  if (name === 'args') return { kind: 'set-query', value, origin }
  if (name === 'limit_rate') return { kind: 'set-send-rate', value, origin }
  return isBuiltIn(name) && !isOfFamily(name) ? undefined : { kind: 'set', name, value, origin }
}

export function refuseVariable(session: Session, item: Item, word: Word): void {
  const message = `\`${word.value}\` is no variable`
  session.refuse(
    'nginx/invalid-variable',
    session.word(item, word),
    message,
    `write \`$${word.value.replace(/\W/g, '')}\``
  )
}

/** A variable that a directive defines; those built in belong to nginx. */
export function define(session: Session, item: Item, name: string): void {
  if (nameOf(item.directive) !== 'set' || !isOfFamily(name)) session.defined.add(name)
  if (maySet(name)) return
  const message = `The variable \`$${name}\` is built in and cannot be given another value`
  session.refuse('nginx/duplicate-variable', session.head(item), message, 'use a name of your own')
}

function readRewrite(session: Session, item: Item): Instruction | undefined {
  const [pattern, replacement, flag] = item.directive.args
  if (pattern === undefined || replacement === undefined) return undefined
  if (!checkRegex(session, item, pattern.value, session.word(item, pattern))) return undefined
  if (replacement.value === '') {
    session.refuse(
      'nginx/invalid-value',
      session.head(item),
      'The replacement of `rewrite` is empty',
      'write a path or a URL'
    )
    return undefined
  }
  const away = /^(?:https?:\/\/|\$scheme)/.test(replacement.value)
  const then = thenOf(flag?.value, away)
  if (then === undefined) {
    refuseValue(session, item, flag?.value ?? '', '`last`, `break`, `redirect` or `permanent`')
    return undefined
  }
  const drops = replacement.value.endsWith('?')
  const text = drops ? replacement.value.slice(0, -1) : replacement.value
  const { template, complete } = readText(session, text, session.word(item, replacement))
  if (!complete) session.notReadYet(item)
  const rewrite: Rewrite = {
    match: { source: pattern.value, ignoreCase: false },
    on: 'path',
    when: { kind: 'always' },
    to: template,
    then,
    query: drops ? 'replaced' : text.includes('?') ? 'appended' : 'kept',
    origin: session.span(item)
  }
  return { kind: 'rewrite', rewrite }
}

function thenOf(flag: string | undefined, away: boolean): Rewrite['then'] | undefined {
  switch (flag) {
    case undefined:
      return away ? { redirect: 302 } : 'next'
    case 'last':
      return away ? { redirect: 302 } : 'scopes'
    case 'break':
      return away ? { redirect: 302 } : 'stop'
    case 'redirect':
      return { redirect: 302 }
    case 'permanent':
      return { redirect: 301 }
    default:
      return undefined
  }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function readReturn(session: Session, item: Item): Instruction | undefined {
  const [first, second] = item.directive.args
  if (first === undefined) return undefined
  const origin = session.span(item)
  const isCode = /^\d{1,3}$/.test(first.value)
  if (!isCode && (second !== undefined || !/^(?:https?:\/\/|\$scheme)/.test(first.value))) {
    refuseValue(
      session,
      item,
      first.value,
      'a status up to 999, or one URL that begins with `http://`, `https://` or `$scheme`'
    )
    return undefined
  }
  const status = isCode ? Number(first.value) : 302
  const word = isCode ? second : first
  const text = word === undefined ? undefined : readTemplate(session, item, word)
  if (text?.complete === false) session.notReadYet(item)
  if (redirects.has(status)) {
    return { kind: 'answer', target: { kind: 'redirect', status, to: text?.template ?? [] }, origin }
  }
  // A status that is no error is sent with an empty text; an error without one has a page.
  const isPlain = status < 400 && status !== 204 && status !== 304
  const written = status >= 400 && text?.template.length === 0 ? undefined : text?.template
  const template = written ?? (isPlain ? [] : undefined)
  const body = template === undefined ? {} : { body: template }
  return { kind: 'answer', target: { kind: 'status', status, ...body }, origin }
}

/** In a location a true `if` is one of its own, nameless, which takes over from there; in a server it only acts. */
function readIf(session: Session, level: Level, item: Item, settings: ReadSettings): Instruction | undefined {
  const { body } = item.directive
  const context = level.context === 'server' ? 'if-in-server' : 'if-in-location'
  const when = readCondition(session, item)
  const inner = readLevel(
    session,
    body.kind === 'block' ? body.statements : [],
    item.file,
    context,
    level,
    item
  )
  const then = readInstructions(session, inner, settings)
  const takesOver = context === 'if-in-location' ? { takesOver: settings(inner) } : {}
  return when === undefined ? undefined : { kind: 'if', when, then, ...takesOver, origin: session.head(item) }
}
