import { allOf, always, anyOf, literalText, never, not } from '../../../model/index.js'
import type { Condition, Template, Test } from '../../../model/index.js'
import { interpolated, spread, type Unclear } from './interpolation.js'
import { test } from './patterns.js'

export type Expression = { readonly condition: Condition } | Unclear

/** An expression of httpd (`<If>`, `Require expr`, ...) as a condition. */
export function parseExpression(text: string): Expression {
  try {
    const parser = new ExpressionParser(text)
    return { condition: parser.whole() }
  } catch (error) {
    if (error instanceof Stop) return error.why
    throw error
  }
}

/** Ends the parsing; caught in `parseExpression`. */
class Stop extends Error {
  constructor(readonly why: Unclear) {
    super()
  }
}

const wrong = (why: string): Stop => new Stop({ wrong: why })
const unread = (what: string): Stop => new Stop({ unread: what })

const maximumBrackets = 50

const relations: ReadonlyMap<
  string,
  { readonly relation: '=' | '<' | '<=' | '>' | '>='; readonly negated: boolean }
> = new Map([
  ['=', { relation: '=', negated: false }],
  ['==', { relation: '=', negated: false }],
  ['!=', { relation: '=', negated: true }],
  ['<', { relation: '<', negated: false }],
  ['<=', { relation: '<=', negated: false }],
  ['>', { relation: '>', negated: false }],
  ['>=', { relation: '>=', negated: false }],
  ['eq', { relation: '=', negated: false }],
  ['ne', { relation: '=', negated: true }],
  ['lt', { relation: '<', negated: false }],
  ['le', { relation: '<=', negated: false }],
  ['gt', { relation: '>', negated: false }],
  ['ge', { relation: '>=', negated: false }]
])

const fileTests: ReadonlyMap<string, 'file' | 'directory' | 'any'> = new Map([
  ['f', 'file'],
  ['d', 'directory'],
  ['e', 'any']
])

/** Operators with one word that ask what is not known here: sizes, links, requests within the request. */
const unknownTests = 'sLhFUA'

class ExpressionParser {
  private at = 0

  constructor(private readonly text: string) {}

  whole(): Condition {
    const condition = this.either(0)
    this.blanks()
    if (this.at < this.text.length) throw wrong(`\`${this.text.slice(this.at)}\` is not expected here`)
    return condition
  }

  private either(depth: number): Condition {
    return this.chain('||', anyOf, () => this.chain('&&', allOf, () => this.single(depth)))
  }

  private chain(
    operator: string,
    join: (of: readonly Condition[]) => Condition,
    next: () => Condition
  ): Condition {
    const parts = [next()]
    while (this.take(operator)) parts.push(next())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : join(parts)
  }

  private single(depth: number): Condition {
    if (depth > maximumBrackets) throw wrong('too many brackets')
    if (this.take('!')) return not(this.single(depth + 1))
    if (this.take('(')) {
      const inner = this.either(depth + 1)
      if (!this.take(')')) throw wrong('a `)` is missing')
      return inner
    }
    const constant = this.match(/(true|false)(?![\w(])/y)
    if (constant !== undefined) return constant[1] === 'true' ? always : never
    const unary = this.match(/-([a-zA-Z])(?=[\s'"%$])/y)
    if (unary?.[1] !== undefined) return this.unary(unary[1])
    return this.comparison()
  }

  private unary(operator: string): Condition {
    const template = this.word()
    const subject = { of: 'text', template } as const
    const what = fileTests.get(operator)
    if (what !== undefined) return test(subject, { kind: 'exists', what })
    switch (operator) {
      case 'z':
        return test(subject, { kind: 'equals', value: '' })
      case 'n':
        return not(test(subject, { kind: 'equals', value: '' }))
      case 'T':
        return not(
          test(subject, { kind: 'regex', regex: { source: '^(?:0|off|false|no)?$', ignoreCase: true } })
        )
      case 'R':
        return test({ of: 'remote-address' }, { kind: 'address', network: constant(template) })
      default:
        if (unknownTests.includes(operator)) throw unread(`the test \`-${operator}\``)
        throw wrong(`there is no test \`-${operator}\``)
    }
  }

  private comparison(): Condition {
    const template = this.word()
    const subject = { of: 'text', template } as const
    const regexOperator = this.match(/[=!]~/y)
    if (regexOperator !== undefined) {
      const condition = test(subject, this.regex())
      return regexOperator[0] === '!~' ? not(condition) : condition
    }
    const text = this.match(/==|!=|<=|>=|=|<|>/y)
    const number = text === undefined ? this.match(/-?(eq|ne|lt|le|gt|ge)(?=\s)/y) : undefined
    const how = relations.get(text?.[0] ?? number?.[1] ?? '')
    if (how !== undefined) {
      const as = text === undefined ? 'number' : 'text'
      const condition = test(subject, compared(as, how.relation, this.word()))
      return how.negated ? not(condition) : condition
    }
    if (this.match(/in(?=[\s{])/y) !== undefined) return this.listed(template)
    const matching = this.match(/-(ipmatch|strmatch|strcmatch|fnmatch)(?=\s)/y)
    if (matching?.[1] !== undefined) return test(subject, matched(matching[1], constant(this.word())))
    throw wrong(`an operator is expected in \`${this.text}\``)
  }

  /** `in { 'a', 'b' }` */
  private listed(template: Template): Condition {
    if (!this.take('{')) throw unread('lists made by functions')
    const conditions: Condition[] = []
    do conditions.push(test({ of: 'text', template }, compared('text', '=', this.word())))
    while (this.take(','))
    if (!this.take('}')) throw wrong('a `}` is missing')
    return anyOf(conditions)
  }

  private regex(): Test {
    const head = this.match(/m([^\w\s])|([/#])/y)
    const mark = head?.[1] ?? head?.[2]
    if (mark === undefined) throw wrong('a regular expression is expected behind `=~`')
    let source = ''
    for (;;) {
      const unit = this.text[this.at]
      if (unit === undefined) throw wrong('the end of a regular expression is missing')
      this.at += 1
      if (unit === mark) break
      const next = this.text[this.at]
      if (unit === '\\' && next !== undefined) {
        this.at += 1
        source += next === mark ? next : unit + next
      } else source += unit
    }
    const flags = this.match(/[a-z]*/y)?.[0] ?? ''
    if (/[^ismg]/.test(flags)) throw wrong(`\`${flags}\` are no flags of a regular expression`)
    const inline = [...new Set(flags)].filter((flag) => flag === 's' || flag === 'm').join('')
    return {
      kind: 'regex',
      regex: {
        source: inline === '' ? source : `(?${inline})${source}`,
        ignoreCase: flags.includes('i')
      }
    }
  }

  private word(): Template {
    const parts = [this.piece()]
    while (this.match(/\.(?=\s*['"%$a-zA-Z])/y) !== undefined) parts.push(this.piece())
    return parts.flat()
  }

  private piece(): Template {
    const quoted = this.match(/'((?:\\[^]|[^'\\])*)'|"((?:\\[^]|[^"\\])*)"/y)
    if (quoted !== undefined) return clear(interpolated(quoted[1] ?? quoted[2] ?? ''))
    const bare = this.match(/%\{(?:[^{}]|\{[^{}]*\})+\}|\$\d|-?\d+/y)
    if (bare !== undefined) return clear(interpolated(bare[0]))
    const called = this.match(/([a-zA-Z][\w-]*)\s*\(/y)
    if (called?.[1] === undefined) {
      throw wrong(`a word is expected at \`${this.text.slice(this.at).trim()}\``)
    }
    const inner = this.word()
    if (!this.take(')')) throw wrong(`the call of \`${called[1]}\` does not end`)
    return clear(spread(called[1], inner))
  }

  private take(operator: string): boolean {
    this.blanks()
    if (!this.text.startsWith(operator, this.at)) return false
    // `!` in front of `~` or `=` belongs to those.
    if (operator === '!' && /[~=]/.test(this.text[this.at + 1] ?? '')) return false
    this.at += operator.length
    return true
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    this.blanks()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found === null) return undefined
    this.at = pattern.lastIndex
    return found
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1
  }
}

function clear(read: Template | Unclear): Template {
  if ('wrong' in read || 'unread' in read) throw new Stop(read)
  return read
}

function constant(template: Template): string {
  const text = literalText(template)
  if (text === undefined) throw unread('a pattern made of variables')
  return text
}

function compared(as: 'text' | 'number', relation: '=' | '<' | '<=' | '>' | '>=', to: Template): Test {
  const value = literalText(to)
  return as === 'text' && relation === '=' && value !== undefined
    ? { kind: 'equals', value }
    : { kind: 'compare', as, relation, to }
}

function matched(operator: string, pattern: string): Test {
  if (operator === 'ipmatch') return { kind: 'address', network: pattern }
  return {
    kind: 'glob',
    pattern,
    crossesSlash: operator !== 'fnmatch',
    below: false,
    ...(operator === 'strcmatch' ? { ignoreCase: true } : {})
  }
}

/** What a value is filled with that `$1` of its condition may stand in. */
export function filledValue(text: string): Template | Unclear {
  const read = interpolated(text)
  if ('wrong' in read || 'unread' in read) return read
  return read.map((part) => (part.kind === 'capture' ? { ...part, from: 'rule' as const } : part))
}
