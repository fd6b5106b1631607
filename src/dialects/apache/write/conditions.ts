import { unreachable } from '../../../diagnostics/index.js'
import type { Condition, Subject, Test, TextTest } from '../../../model/index.js'
import { escapeRegex, expressionRegex, expressionText, globRegex } from './patterns.js'
import { expressionString } from './templates.js'

/** A condition as an httpd expression for `<If>`; undefined where it has none. */
export function expression(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'always':
      return 'true'
    case 'never':
      return 'false'
    case 'all':
      return joined(condition.of, ' && ')
    case 'any':
      return joined(condition.of, ' || ')
    case 'not': {
      const inner = expression(condition.of)
      return inner === undefined ? undefined : `!(${inner})`
    }
    case 'test':
      return testExpression(condition.subject, condition.test)
    default:
      return unreachable(condition)
  }
}

function joined(conditions: readonly Condition[], operator: string): string | undefined {
  const parts = conditions.map(expression)
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return undefined
  if (known.length === 0) return operator === ' && ' ? 'true' : 'false'
  return known.length === 1 ? known[0] : `(${known.join(operator)})`
}

export function canAsk(subject: Subject, test: Test): boolean {
  return testExpression(subject, test) !== undefined
}

/** What an expression compares for a subject. */
function subjectWord(subject: Subject): string | undefined {
  switch (subject.of) {
    case 'host':
      return subject.port === 'never' ? '%{SERVER_NAME}' : '%{HTTP_HOST}'
    case 'path':
      return '%{REQUEST_URI}'
    case 'query':
      return '%{QUERY_STRING}'
    case 'method':
      return '%{REQUEST_METHOD}'
    case 'scheme':
      return '%{REQUEST_SCHEME}'
    case 'remote-address':
      return '%{REMOTE_ADDR}'
    case 'header':
      return `%{req:${subject.name}}`
    case 'filename':
    case 'basename':
      return '%{REQUEST_FILENAME}'
    case 'text': {
      const text = expressionString(subject.template)
      if (text === undefined) return undefined
      return /^%\{[^{}]*\}$/.test(text) ? text : `'${text.replaceAll("'", String.raw`\'`)}'`
    }
    case 'listener':
    case 'passed-to':
      return undefined
    default:
      return unreachable(subject)
  }
}

function testExpression(subject: Subject, test: Test): string | undefined {
  const word = subjectWord(subject)
  if (word === undefined) return undefined
  if (test.kind === 'address') {
    return subject.of === 'remote-address' ? `-R ${expressionText(test.network)}` : undefined
  }
  if (test.kind === 'same') {
    const other = expressionString(test.as)
    return other === undefined ? undefined : `${word} == ${expressionText(other)}`
  }
  if (test.kind === 'exists') return existsExpression(word, test.what)
  if (test.kind === 'allowed') return `-${test.as === 'url' ? 'U' : 'F'} ${word}`
  if (test.kind === 'compare') return compareExpression(word, test)
  // Groups are asked by `Require group`, not by expressions.
  if (test.kind === 'member') return undefined
  const last = subject.of === 'basename'
  if (test.kind === 'equals' && test.ignoreCase !== true && !last)
    return `${word} == ${expressionText(test.value)}`
  const pattern = testPattern(test)
  return `${word} =~ ${expressionRegex(last ? onBasename(pattern.source) : pattern.source, pattern.flags)}`
}

const numberOperators = { '=': '-eq', '<': '-lt', '<=': '-le', '>': '-gt', '>=': '-ge' } as const

function compareExpression(word: string, test: Extract<Test, { kind: 'compare' }>): string | undefined {
  const to = expressionString(test.to)
  if (to === undefined) return undefined
  if (test.as === 'length') return undefined
  const operator = test.as === 'number' ? numberOperators[test.relation] : test.relation
  return `${word} ${operator} '${to.replaceAll("'", String.raw`\'`)}'`
}

/** The pattern tried on the last name of a path only. */
function onBasename(source: string): string {
  return source.startsWith('^') ? `(?:^|/)(?=[^/]*$)${source.slice(1)}` : `(?=[^/]*$)${source}`
}

function existsExpression(word: string, what: Extract<Test, { kind: 'exists' }>['what']): string | undefined {
  switch (what) {
    case 'file':
      return `-f ${word}`
    case 'directory':
      return `-d ${word}`
    case 'any':
      return `-e ${word}`
    case 'filled':
      return `-s ${word}`
    case 'link':
      return `-L ${word}`
    // Expressions have no test for it.
    case 'executable':
      return undefined
    default:
      return unreachable(what)
  }
}

export interface Pattern {
  readonly source: string
  readonly flags: string
}

/** A test on text as a regular expression. */
export function testPattern(test: TextTest): Pattern {
  switch (test.kind) {
    case 'equals':
      return { source: `^${escapeRegex(test.value)}$`, flags: test.ignoreCase === true ? 'i' : '' }
    case 'prefix':
      return { source: prefixPattern(test.value, test.segments), flags: '' }
    case 'suffix':
      return { source: `${escapeRegex(test.value)}$`, flags: '' }
    case 'regex':
      return { source: test.regex.source, flags: test.regex.ignoreCase ? 'i' : '' }
    case 'glob':
      return {
        source: globRegex(test.pattern, test.crossesSlash, test.below),
        flags: test.ignoreCase === true ? 'i' : ''
      }
    case 'true':
      return { source: '^(?!0?$)', flags: '' }
    default:
      return unreachable(test)
  }
}

export function prefixPattern(value: string, segments: boolean): string {
  const end = segments && !value.endsWith('/') ? '(?:/|$)' : ''
  return `^${escapeRegex(value)}${end}`
}
