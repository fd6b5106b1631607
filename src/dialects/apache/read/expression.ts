import { allOf, anyOf, not, type Condition, type Template, type TemplatePart } from '../../../model/index.js'
import { always, literal, literalText, variable } from '../../../model/index.js'
import { test } from './patterns.js'

/**
 * The part of httpd's expressions (`<If>`) that the model can ask: comparisons of texts, regular expressions, file
 * tests, `!`, `&&`, `||` and brackets. Undefined for anything else.
 */
export function parseExpression(text: string): Condition | undefined {
  const tokens = tokenize(text)
  if (tokens === undefined) return undefined
  const parser = new ExpressionParser(tokens)
  const condition = parser.either(0)
  return parser.done() ? condition : undefined
}

type Token =
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'word'; readonly template: Template }
  | { readonly kind: 'regex'; readonly source: string; readonly ignoreCase: boolean }

const maximumBrackets = 50

class ExpressionParser {
  private at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  done(): boolean {
    return this.at === this.tokens.length
  }

  either(depth: number): Condition | undefined {
    return this.chain('||', anyOf, () => this.both(depth))
  }

  private both(depth: number): Condition | undefined {
    return this.chain('&&', allOf, () => this.single(depth))
  }

  private chain(
    operator: string,
    join: (of: readonly Condition[]) => Condition,
    next: () => Condition | undefined
  ): Condition | undefined {
    const parts: Condition[] = []
    do {
      const part = next()
      if (part === undefined) return undefined
      parts.push(part)
    } while (this.take(operator))
    return join(parts)
  }

  private single(depth: number): Condition | undefined {
    if (depth > maximumBrackets) return undefined
    if (this.take('!')) {
      const inner = this.single(depth + 1)
      return inner === undefined ? undefined : not(inner)
    }
    if (this.take('(')) {
      const inner = this.either(depth + 1)
      return this.take(')') ? inner : undefined
    }
    if (this.take('true')) return always
    if (this.take('false')) return { kind: 'never' }
    return this.fileTest() ?? this.comparison()
  }

  private fileTest(): Condition | undefined {
    for (const [operator, what] of fileTests) {
      if (!this.take(operator)) continue
      const template = this.word()
      return template && test({ of: 'text', template }, { kind: 'exists', what })
    }
    if (!this.take('-z') && !this.take('-n')) return undefined
    const empty = operatorText(this.tokens[this.at - 1]) === '-z'
    const template = this.word()
    const isEmpty = template && test({ of: 'text', template }, { kind: 'equals', value: '' })
    return isEmpty === undefined || empty ? isEmpty : not(isEmpty)
  }

  private comparison(): Condition | undefined {
    const template = this.word()
    const operator = operatorText(this.tokens[this.at])
    if (template === undefined || operator === undefined) return undefined
    this.at += 1
    const negated = operator.startsWith('!')
    const right = this.tokens[this.at]
    this.at += 1
    const condition = compared(template, operator, right)
    return condition !== undefined && negated ? not(condition) : condition
  }

  private word(): Template | undefined {
    const token = this.tokens[this.at]
    if (token?.kind !== 'word') return undefined
    this.at += 1
    return token.template
  }

  private take(operator: string): boolean {
    if (operatorText(this.tokens[this.at]) !== operator) return false
    this.at += 1
    return true
  }
}

const fileTests = [
  ['-f', 'file'],
  ['-d', 'directory'],
  ['-e', 'any']
] as const

function operatorText(token: Token | undefined): string | undefined {
  return token?.kind === 'operator' ? token.text : undefined
}

function compared(template: Template, operator: string, right: Token | undefined): Condition | undefined {
  const subject = { of: 'text', template } as const
  if (operator === '=~' || operator === '!~') {
    if (right?.kind !== 'regex') return undefined
    const { source, ignoreCase } = right
    return test(subject, { kind: 'regex', regex: { source, ignoreCase } })
  }
  if (right?.kind !== 'word' || !['=', '==', '!='].includes(operator)) return undefined
  const value = literalText(right.template)
  return value === undefined ? undefined : test(subject, { kind: 'equals', value })
}

const token =
  /\s+|(&&|\|\||[!=]=|[!=]~|=|!|\(|\)|-[fdezn](?=\s)|(?:true|false)(?=\s|$|\)))|m?([/#])((?:\\.|(?!\2)[^\\])*)\2(i?)|'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(%\{[^}]+\}|-?\d+)/y

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) return undefined
    const [, operator, , source, flags, single, double, bare] = match
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator })
    else if (source !== undefined) {
      tokens.push({ kind: 'regex', source: source.replace(/\\([/#])/g, '$1'), ignoreCase: flags === 'i' })
    } else {
      const word = single ?? double ?? bare
      if (word === undefined) continue
      const template = interpolated(word)
      if (template === undefined) return undefined
      tokens.push({ kind: 'word', template })
    }
  }
  return tokens
}

/** A text with `%{NAME}` in it. */
export function interpolated(text: string): Template | undefined {
  const parts: TemplatePart[] = []
  for (const [piece, name] of text.matchAll(/%\{([^}]+)\}|[^%]+|%/g)) {
    const template = name === undefined ? literal(piece) : named(name)
    if (template === undefined) return undefined
    parts.push(...template)
  }
  return parts
}

function named(name: string): Template | undefined {
  const [, prefix = '', rest = ''] = /^(\w+):(.*)$/.exec(name) ?? []
  if (['HTTP', 'http', 'req'].includes(prefix)) return [{ kind: 'header', name: rest.toLowerCase() }]
  if (['env', 'ENV', 'reqenv'].includes(prefix)) return [{ kind: 'environment', name: rest }]
  if (name.startsWith('HTTP_')) {
    return [{ kind: 'header', name: name.slice('HTTP_'.length).toLowerCase().replaceAll('_', '-') }]
  }
  return variables.get(name)
}

const variables: ReadonlyMap<string, Template> = new Map([
  ['REQUEST_FILENAME', variable('filename')],
  ['SCRIPT_FILENAME', variable('filename')],
  ['REQUEST_URI', variable('path')],
  ['REQUEST_METHOD', variable('request.method')],
  ['REQUEST_SCHEME', variable('request.scheme')],
  ['QUERY_STRING', variable('query')],
  ['REMOTE_ADDR', variable('remote.address')],
  ['REMOTE_USER', variable('remote.user')],
  ['SERVER_NAME', variable('server.name')],
  ['SERVER_PORT', variable('server.port')],
  ['SERVER_PROTOCOL', variable('request.protocol')],
  ['DOCUMENT_ROOT', variable('document-root')]
])
