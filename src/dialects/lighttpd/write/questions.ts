import { unreachable } from '../../../diagnostics/index.js'
import { isTextTest, partially } from '../../../model/index.js'
import type { Condition, HostName, Regex, Subject, Template, Test } from '../../../model/index.js'
import type { Question } from './statements.js'
import { confined, piecesOf } from './url-patterns.js'

/** Several sets of questions, one of which must hold whole: a condition as nested blocks. */
export type Alternatives = readonly (readonly Question[])[]

/** A condition as blocks that stand in each other; undefined where lighttpd cannot ask it. */
export function questions(condition: Condition): Alternatives | undefined {
  switch (condition.kind) {
    case 'always':
      return [[]]
    case 'never':
      return []
    case 'all': {
      let product: Alternatives = [[]]
      for (const part of condition.of) {
        const next = questions(part)
        if (next === undefined) return undefined
        product = product.flatMap((before) => next.map((after) => [...before, ...after]))
      }
      return product
    }
    case 'any': {
      const parts = condition.of.map(questions)
      const known = parts.filter((part) => part !== undefined)
      return known.length < parts.length ? undefined : known.flat()
    }
    case 'not':
      return negated(condition.of)
    case 'test': {
      const question = ask(condition.subject, condition.test)
      return question === undefined ? undefined : [[question]]
    }
    default:
      return unreachable(condition)
  }
}

function negated(condition: Condition): Alternatives | undefined {
  switch (condition.kind) {
    case 'always':
      return []
    case 'never':
      return [[]]
    case 'not':
      return questions(condition.of)
    case 'all':
      return questions({ kind: 'any', of: condition.of.map((of) => ({ kind: 'not', of })) })
    case 'any':
      return questions({ kind: 'all', of: condition.of.map((of) => ({ kind: 'not', of })) })
    case 'test': {
      const question = ask(condition.subject, condition.test)
      const opposite = question === undefined ? undefined : reversed(question)
      return opposite === undefined ? undefined : [[opposite]]
    }
    default:
      return unreachable(condition)
  }
}

/** The opposite question; beginnings and ends have none of their own and become patterns. */
function reversed(question: Question): Question {
  switch (question.operator) {
    case '==':
      return { ...question, operator: '!=' }
    case '!=':
      return { ...question, operator: '==' }
    case '=~':
      return { ...question, operator: '!~' }
    case '!~':
      return { ...question, operator: '=~' }
    case '=^':
      return { ...question, operator: '!~', value: `^${escapeRegex(question.value)}` }
    case '=$':
      return { ...question, operator: '!~', value: `${escapeRegex(question.value)}$` }
  }
}

function field(subject: Subject): Pick<Question, 'object' | 'field'> | undefined {
  switch (subject.of) {
    case 'path':
      return { object: 'HTTP', field: 'url' }
    case 'query':
      return { object: 'HTTP', field: 'query-string' }
    case 'host':
      return { object: 'HTTP', field: 'host' }
    case 'method':
      return { object: 'HTTP', field: 'request-method' }
    case 'scheme':
      return { object: 'HTTP', field: 'scheme' }
    case 'remote-address':
      return { object: 'HTTP', field: 'remote-ip' }
    case 'header':
      return { object: 'REQUEST_HEADER', field: subject.name }
    case 'text':
      return textField(subject.template)
    // Decided by the plan, or only known once the file is found.
    case 'listener':
    case 'filename':
    case 'basename':
    case 'passed-to':
      return undefined
    default:
      return unreachable(subject)
  }
}

/** A text of one variable that a condition can see. */
function textField(
  template: Extract<Subject, { of: 'text' }>['template']
): Pick<Question, 'object' | 'field'> | undefined {
  const [only, ...others] = template
  if (only === undefined || others.length > 0) return undefined
  if (only.kind === 'header') return { object: 'REQUEST_HEADER', field: only.name }
  if (only.kind !== 'variable') return undefined
  switch (only.name) {
    case 'path':
      return { object: 'HTTP', field: 'url' }
    case 'query':
      return { object: 'HTTP', field: 'query-string' }
    case 'request.method':
      return { object: 'HTTP', field: 'request-method' }
    case 'request.scheme':
      return { object: 'HTTP', field: 'scheme' }
    case 'remote.address':
      return { object: 'HTTP', field: 'remote-ip' }
    default:
      return undefined
  }
}

/** A text that stands among others of its kind: one argument, one cookie. */
interface Part {
  readonly field: 'query-string' | 'cookie'
  /** What stands ahead of it, and what ends it. */
  readonly start: string
  readonly end: string
  readonly stop: string
}

function partOf([only, ...others]: Template): Part | undefined {
  if (only === undefined || others.length > 0) return undefined
  if (only.kind === 'argument')
    return {
      field: 'query-string',
      start: `(?:^|&)(?i:${escapeRegex(only.name)})=`,
      end: '(?:&|$)',
      stop: '&'
    }
  if (only.kind === 'cookie')
    return {
      field: 'cookie',
      start: `(?:^|; *)(?i:${escapeRegex(only.name)})=`,
      end: '(?: *;|$)',
      stop: ';'
    }
  return undefined
}

function askPart({ field, start, end, stop }: Part, test: Test): Question | undefined {
  const left = { object: 'HTTP', field, operator: '=~' } as const
  switch (test.kind) {
    case 'equals':
      return {
        ...left,
        value: `${start}${test.ignoreCase === true ? '(?i)' : ''}${escapeRegex(test.value)}${end}`
      }
    case 'true':
      return { ...left, value: `${start}(?!0?${end})` }
    case 'regex': {
      const { source, ignoreCase } = test.regex
      const pieces = piecesOf(source)
      const isOpen = pieces[0] !== '^'
      const depths = pieces.map((_, at) => depthAt(pieces, at))
      if (pieces.some((piece, at) => piece === '|' && depths[at] === 0)) return undefined
      const inner = confined(isOpen ? pieces : pieces.slice(1), stop, end)
      return { ...left, value: `${start}${isOpen ? `[^${stop}]*?` : ''}${ignoreCase ? '(?i)' : ''}${inner}` }
    }
    default:
      return undefined
  }
}

/** How many groups are open at a piece of a pattern. */
function depthAt(pieces: readonly string[], at: number): number {
  const before = pieces.slice(0, at)
  return before.filter((piece) => piece === '(').length - before.filter((piece) => piece === ')').length
}

export function canAsk(subject: Subject, test: Test): boolean {
  return ask(subject, test) !== undefined
}

/** Questions about a file's name as questions about the URL, which mostly ends in it; path info may follow. */
export function onUrl(condition: Condition): Condition {
  return partially(condition, (subject, test) => {
    if (subject.of !== 'basename') return undefined
    const pattern = ask({ of: 'path' }, test)
    return pattern === undefined
      ? undefined
      : { kind: 'test', subject: { of: 'path' }, test: { kind: 'regex', regex: inUrl(pattern) } }
  })
}

function inUrl({ operator, value }: Question): Regex {
  const ignoreCase = value.startsWith('(?i)')
  const text = ignoreCase ? value.slice(4) : value
  switch (operator) {
    case '==':
      return { source: `/${escapeRegex(text)}(?:/|$)`, ignoreCase }
    case '=^':
      return { source: `/${escapeRegex(text)}`, ignoreCase }
    case '=$':
      return { source: `${escapeRegex(text)}(?:/|$)`, ignoreCase }
    default: {
      const opened = text.startsWith('^') ? `/${text.slice(1)}` : text
      return { source: /[^\\]\$$/.test(opened) ? `${opened.slice(0, -1)}(?:/|$)` : opened, ignoreCase }
    }
  }
}

function ask(subject: Subject, test: Test): Question | undefined {
  const part = subject.of === 'text' ? partOf(subject.template) : undefined
  if (part !== undefined) return askPart(part, test)
  const left = field(subject)
  if (left === undefined) return undefined
  if (test.kind === 'address')
    return subject.of === 'remote-address' ? { ...left, operator: '==', value: test.network } : undefined
  if (!isTextTest(test)) return undefined
  switch (test.kind) {
    case 'equals':
      return test.ignoreCase === true
        ? { ...left, operator: '=~', value: `(?i)^${escapeRegex(test.value)}$` }
        : { ...left, operator: '==', value: test.value }
    case 'prefix':
      return test.segments && !test.value.endsWith('/')
        ? { ...left, operator: '=~', value: `^${escapeRegex(test.value)}(?:/|$)` }
        : { ...left, operator: '=^', value: test.value }
    case 'suffix':
      return { ...left, operator: '=$', value: test.value }
    case 'regex':
      return { ...left, operator: '=~', value: (test.regex.ignoreCase ? '(?i)' : '') + test.regex.source }
    case 'glob':
      return { ...left, operator: '=~', value: globRegex(test) }
    case 'true':
      return { ...left, operator: '!~', value: '^0?$' }
    default:
      return unreachable(test)
  }
}

function globRegex(test: Extract<Test, { kind: 'glob' }>): string {
  const any = test.crossesSlash ? '.' : '[^/]'
  const body = test.pattern.replaceAll(/\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return `${any}*`
    if (part === '?') return any
    return part.length > 1 ? part.replace(/^\[!/, '[^') : escapeRegex(part)
  })
  return `${test.ignoreCase === true ? '(?i)' : ''}^${body}${test.below ? '(?:/.*)?' : ''}$`
}

export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}

/** A port that is not the scheme's own stands behind the name (manual: `$HTTP["host"]`), except for `==`, which looks away. */
const port = '(?::\\d+)?$'

/** One question for a host's names; lighttpd keeps the name asked for in lower case. */
export function hostQuestion(names: readonly HostName[]): Question | undefined {
  const left = { object: 'HTTP', field: 'host' } as const
  const [first, ...others] = names
  if (first === undefined) return undefined
  if (others.length === 0 && first.kind === 'exact') {
    return { ...left, operator: '==', value: first.value.toLowerCase() }
  }
  const [only] = names.map(namePattern)
  if (others.length === 0 && only !== undefined) return { ...left, operator: '=~', value: only.whole }
  const bodies = names.map((name) => namePattern(name))
  const anchored = bodies.every(({ body }) => body !== undefined)
  const value = anchored
    ? `^(?:${bodies.map(({ body }) => body ?? '').join('|')})${port}`
    : bodies.map(({ whole }) => whole).join('|')
  return { ...left, operator: '=~', value }
}

function namePattern(name: HostName): { readonly body?: string; readonly whole: string } {
  const of = (body: string): { readonly body: string; readonly whole: string } => ({
    body,
    whole: `^${body}${port}`
  })
  switch (name.kind) {
    case 'exact':
      return of(escapeRegex(name.value.toLowerCase()))
    case 'leading-wildcard': {
      const rest = escapeRegex(name.value.replace(/^\*?\./, '').toLowerCase())
      return of(name.bare ? `(?:.+\\.)?${rest}` : `.+\\.${rest}`)
    }
    case 'trailing-wildcard':
      return of(`${escapeRegex(name.value.replace(/\.\*?$/, '').toLowerCase())}\\..+`)
    case 'glob':
      return of(
        name.value
          .toLowerCase()
          .replaceAll(/[\s\S]/g, (part) => (part === '*' ? '.*' : part === '?' ? '.' : escapeRegex(part)))
      )
    case 'regex': {
      const { source, ignoreCase } = name.regex
      const whole = source.endsWith('$') && !source.endsWith('\\$') ? source.slice(0, -1) + port : source
      return { whole: ignoreCase ? `(?i)${whole}` : whole }
    }
  }
}
