import type { Span } from '../../../diagnostics/index.js'
import type { Condition, Instruction, Rewrite, Subject, Template, Test } from '../../../model/index.js'
import type { Word } from '../../../../grammars/nginx/index.js'
import { refuseValue } from './check.js'
import { readLevel, recordUnread, type Level } from './level.js'
import { nameOf, type Item, type Session } from './session.js'
import { regexProblem } from './values.js'
import { isBuiltIn, maySet, readTemplate, readText } from './variables.js'

/** The directives of the rewrite module at one level, which are done in the order of the text. */
export function readInstructions(session: Session, level: Level): readonly Instruction[] {
  return level.items.flatMap((item) => readInstruction(session, level, item) ?? [])
}

const rewriting: ReadonlySet<string> = new Set(['set', 'rewrite', 'return', 'break', 'if'])

function readInstruction(session: Session, level: Level, item: Item): Instruction | undefined {
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
      return readIf(session, level, item)
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
  // `$args` and the like are set for the rest of the request, which the model has no instruction for.
  if (!complete || isBuiltIn(name)) session.notReadYet(item)
  return { kind: 'set', name, value: template, origin: session.span(item) }
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
  session.defined.add(name)
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
  if (text !== undefined && redirects.has(status)) {
    return { kind: 'answer', target: { kind: 'redirect', status, to: text.template }, origin }
  }
  const body = text === undefined ? {} : { body: text.template }
  return { kind: 'answer', target: { kind: 'status', status, ...body }, origin }
}

/** An `if` that changes more than the request (another handler, headers, a root) is not read yet. */
function readIf(session: Session, level: Level, item: Item): Instruction | undefined {
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
  const then = readInstructions(session, inner)
  const others = inner.items.filter(({ directive }) => !rewriting.has(nameOf(directive)))
  for (const other of others) if (changesAnswer(other)) recordUnread(session, other)
  if (others.some(changesAnswer)) session.notReadYet(item)
  return when === undefined ? undefined : { kind: 'if', when, then, origin: session.head(item) }
}

function changesAnswer({ directive }: Item): boolean {
  return !['include', 'access_log', 'rewrite_log', 'error_log', 'log_not_found'].includes(nameOf(directive))
}

/** `($a)`, `($a = b)`, `($a ~ regex)`, `(!-f $a)`: exactly one test, in parentheses. */
function readCondition(session: Session, item: Item): Condition | undefined {
  const words = conditionWords(item)
  const span = session.head(item)
  if (words === undefined) {
    const hint = 'one test in parentheses: `if ($name = value) { … }`; there is no `&&`, `||` or `else`'
    session.refuse('nginx/invalid-condition', span, 'The condition of this `if` cannot be read', hint)
    return undefined
  }
  const [first = '', operator, third] = words
  const onFile = /^(!?)-([fdex])$/.exec(first)
  if (onFile !== null && operator !== undefined && third === undefined) {
    const what = ({ f: 'file', d: 'directory', e: 'any', x: 'executable' } as const)[
      onFile[2] as 'f' | 'd' | 'e' | 'x'
    ]
    return test(session, item, operator, { kind: 'exists', what }, onFile[1] === '!')
  }
  if (!first.startsWith('$') || first.length === 1) {
    session.refuse(
      'nginx/invalid-condition',
      span,
      `Invalid condition \`${first}\`, expected a variable first`,
      'write `$name`'
    )
    return undefined
  }
  if (operator === undefined) return test(session, item, first, { kind: 'true' }, false)
  if (third === undefined) return refuseOperator(session, item, operator)
  switch (operator) {
    case '=':
    case '!=':
      return equality(session, item, first, third, operator === '!=')
    case '~':
    case '~*':
    case '!~':
    case '!~*':
      if (!checkRegex(session, item, third, span)) return undefined
      return test(
        session,
        item,
        first,
        { kind: 'regex', regex: { source: third, ignoreCase: operator.endsWith('*') } },
        operator.startsWith('!')
      )
    default:
      return refuseOperator(session, item, operator)
  }
}

function refuseOperator(session: Session, item: Item, operator: string): undefined {
  const hint = 'known are `=`, `!=`, `~`, `~*`, `!~` and `!~*`, with a space on each side, and one test alone'
  session.refuse(
    'nginx/invalid-condition',
    session.head(item),
    `Unexpected \`${operator}\` in the condition`,
    hint
  )
}

/** The words between the parentheses, which may be glued to the first and the last of them. */
function conditionWords({ directive }: Item): readonly string[] | undefined {
  const words = directive.args.map(({ value }) => value)
  const [first, last] = [words[0], words.at(-1)]
  if (first?.startsWith('(') !== true || last?.endsWith(')') !== true) return undefined
  words[0] = first.slice(1)
  words[words.length - 1] = (words.at(-1) ?? '').slice(0, -1)
  if (words[0] === '') words.shift()
  if (words.at(-1) === '' && directive.args.at(-1)?.raw === ')') words.pop()
  return words.length >= 1 && words.length <= 3 ? words : undefined
}

function equality(
  session: Session,
  item: Item,
  left: string,
  right: string,
  negated: boolean
): Condition | undefined {
  const { template, complete } = readText(session, right, session.head(item))
  const [only] = template
  if (template.length <= 1 && (only === undefined || only.kind === 'text')) {
    return test(session, item, left, { kind: 'equals', value: only?.text ?? '' }, negated)
  }
  // Compared with another variable: the model compares with plain texts only.
  if (!complete || template.length > 0) session.notReadYet(item)
  return undefined
}

function test(session: Session, item: Item, text: string, against: Test, negated: boolean): Condition {
  const { template, complete } = readText(session, text, session.head(item))
  if (!complete) session.notReadYet(item)
  const condition: Condition = { kind: 'test', subject: subjectOf(template), test: against }
  return negated ? { kind: 'not', of: condition } : condition
}

/** The subject by its own name where it has one, so that others can translate it. */
function subjectOf(template: Template): Subject {
  const [part] = template
  if (template.length === 1 && part?.kind === 'variable') {
    switch (part.name) {
      case 'path':
        return { of: 'path' }
      case 'query':
        return { of: 'query' }
      case 'request.method':
        return { of: 'method' }
      case 'request.scheme':
        return { of: 'scheme' }
      case 'request.host':
        return { of: 'host', port: 'never' }
      case 'remote.address':
        return { of: 'remote-address' }
      default:
        break
    }
  }
  return { of: 'text', template }
}

export function checkRegex(session: Session, item: Item, source: string, span: Span): boolean {
  const problem = regexProblem(source)
  if (problem === undefined) return true
  const message = `Invalid regular expression \`${source}\` in \`${nameOf(item.directive)}\`: it has ${problem}`
  session.refuse(
    'nginx/invalid-regex',
    span,
    message,
    'mind that a backslash takes the special meaning from a character'
  )
  return false
}
