import { group, hardline, indent, join, layout, line, literalline } from '../../layout.js'
import type { Doc } from '../../layout.js'
import { quote } from '../quote.js'

export type Value = string | number | List
export interface List {
  readonly items: readonly { readonly key?: string; readonly value: Value }[]
}

export type Statement =
  | {
      readonly kind: 'assign'
      readonly key: string
      readonly operator: '=' | '+='
      readonly value: Value
      readonly comments: readonly string[]
    }
  | { readonly kind: 'chain'; readonly branches: readonly Branch[]; readonly comments: readonly string[] }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' }

/** One branch of a chain of conditions; the ones behind the first are tried only if those before failed. */
export interface Branch {
  readonly test: Question
  readonly body: readonly Statement[]
}

/** `$HTTP["url"] =^ "/x"` */
export interface Question {
  readonly object: 'HTTP' | 'SERVER' | 'REQUEST_HEADER'
  readonly field: string
  readonly operator: '==' | '!=' | '=~' | '!~' | '=^' | '=$'
  readonly value: string
}

export const blank: Statement = { kind: 'blank' }

export function assign(key: string, value: Value): Statement {
  return { kind: 'assign', key, operator: '=', value, comments: [] }
}

export function list(...values: readonly Value[]): List {
  return { items: values.map((value) => ({ value })) }
}

export function pairs(entries: readonly (readonly [string, Value])[]): List {
  return { items: entries.map(([key, value]) => ({ key, value })) }
}

export function block(test: Question, body: readonly Statement[]): Statement {
  return { kind: 'chain', branches: [{ test, body }], comments: [] }
}

/** Blocks that stand in each other, one for each question. */
export function nest(asked: readonly Question[], body: readonly Statement[]): Statement {
  const [first, ...rest] = asked
  const always: Question = { object: 'HTTP', field: 'url', operator: '=~', value: '' }
  if (first === undefined) return block(always, body)
  return block(first, rest.length === 0 ? body : [nest(rest, body)])
}

export function commented(statement: Statement, comments: readonly string[]): Statement {
  if (comments.length === 0 || statement.kind === 'blank' || statement.kind === 'comment') return statement
  return { ...statement, comments: [...comments, ...statement.comments] }
}

/** Comments above the first of some statements; on their own where there is none. */
export function commentedAll(
  statements: readonly Statement[],
  comments: readonly string[]
): readonly Statement[] {
  const [first, ...rest] = statements
  if (first === undefined) return comments.map((text) => ({ kind: 'comment', text }))
  return [commented(first, comments), ...rest]
}

/**
 * A directive stands once in a block, and a key once in a list; both count without case. What comes later is added, and
 * wins unless the directive tries its entries in order.
 */
export function settled(statements: readonly Statement[]): readonly Statement[] {
  const out: Statement[] = []
  for (const statement of statements) {
    const twin = twinOf(statement, out)
    if (twin !== undefined) {
      out[twin.at] = settledChain(twin.joined)
      continue
    }
    const one = statement.kind === 'chain' ? settledChain(statement) : statement
    const at = out.findIndex(
      (each) => each.kind === 'assign' && one.kind === 'assign' && each.key === one.key
    )
    const before = out[at]
    if (before?.kind === 'assign' && one.kind === 'assign') {
      const value = together(before.key, before.value, one.value)
      out[at] = { ...before, value, comments: [...before.comments, ...one.comments] }
    } else
      out.push(one.kind === 'assign' ? { ...one, value: together(one.key, { items: [] }, one.value) } : one)
  }
  return out
}

/** Two conditions that come to the same are one block to the server, at the place of the first. */
function twinOf(
  statement: Statement,
  before: readonly Statement[]
): { readonly at: number; readonly joined: Extract<Statement, { kind: 'chain' }> } | undefined {
  if (statement.kind !== 'chain' || statement.branches.length !== 1) return undefined
  const [own] = statement.branches
  for (const [at, other] of before.entries()) {
    if (other.kind !== 'chain' || other.branches.length !== 1) continue
    const [first] = other.branches
    if (own === undefined || first === undefined || canonical(own.test) !== canonical(first.test)) continue
    const branches = [{ test: first.test, body: [...first.body, ...own.body] }]
    return { at, joined: { ...other, branches, comments: [...other.comments, ...statement.comments] } }
  }
  return undefined
}

/** Simple patterns are read as beginnings, ends and whole texts. */
function canonical({ object, field, operator, value }: Question): string {
  const plain = /^(\^?)((?:[^\\^$.|?*+()[\]{}]|\\[^\w\s])*)(\$?)$/.exec(value)
  const [, start = '', text = '', end = ''] = plain ?? []
  const simple = operator === '=~' && plain !== null && start + end !== ''
  const short = start === '' ? '=$' : end === '' ? '=^' : '=='
  return simple
    ? [object, field, short, text.replaceAll('\\', '')].join(' ')
    : [object, field, operator, value].join(' ')
}

function settledChain(chain: Extract<Statement, { kind: 'chain' }>): Extract<Statement, { kind: 'chain' }> {
  return { ...chain, branches: chain.branches.map((branch) => ({ ...branch, body: settled(branch.body) })) }
}

/** What comes of two values of one directive, the later one behind. */
export function together(key: string, before: Value, after: Value): Value {
  if (typeof before !== 'object' || typeof after !== 'object') return after
  const inOrder = key === 'fastcgi.server' || key === 'alias.url' || key.startsWith('url.re')
  const items: List['items'][number][] = []
  for (const item of [...before.items, ...after.items]) {
    const name = item.key?.toLowerCase()
    const at = items.findIndex((each) =>
      name === undefined
        ? each.key === undefined && each.value === item.value
        : each.key?.toLowerCase() === name
    )
    if (at < 0) items.push(item)
    else if (!inOrder) items[at] = item
  }
  return { items }
}

/** Every text of a statement that becomes a string literal. */
export function textsOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'assign':
      return textsOfValue(statement.value)
    case 'chain':
      return statement.branches.map(({ test }) => test.value)
    case 'comment':
    case 'blank':
      return []
  }
}

function textsOfValue(value: Value): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return []
  return value.items.flatMap(({ key, value: inner }) => [
    ...(key === undefined ? [] : [key]),
    ...textsOfValue(inner)
  ])
}

export function printStatements(statements: readonly Statement[]): string {
  return layout([bodyDoc(statements), hardline], { indent: 2, width: 100 })
}

function bodyDoc(statements: readonly Statement[]): Doc {
  return join(hardline, tidied(statements).map(statementDoc))
}

/** No blank lines at either end, never two in a row, and one around each block. */
function tidied(statements: readonly Statement[]): readonly Statement[] {
  const out: Statement[] = []
  for (const statement of statements) {
    const last = out.at(-1)
    if (statement.kind === 'blank') {
      if (last !== undefined && last.kind !== 'blank') out.push(statement)
      continue
    }
    const apart = last?.kind === 'chain' || (statement.kind === 'chain' && last?.kind !== 'comment')
    if (apart && last !== undefined && last.kind !== 'blank') out.push(blank)
    out.push(statement)
  }
  if (out.at(-1)?.kind === 'blank') out.pop()
  return out
}

function statementDoc(statement: Statement): Doc {
  switch (statement.kind) {
    case 'blank':
      return ''
    case 'comment':
      return commentLine(statement.text)
    case 'assign': {
      const head = `${statement.key} ${statement.operator} `
      return [...commentDocs(statement.comments), group([head, valueDoc(statement.value)])]
    }
    case 'chain':
      return [...commentDocs(statement.comments), join(' else ', statement.branches.map(branchDoc))]
  }
}

function branchDoc({ test, body }: Branch): Doc {
  const head = [`$${test.object}[${quote(test.field)}] ${test.operator} `, stringDoc(test.value), ' {']
  return body.length === 0 ? [...head, ' }'] : [...head, indent([hardline, bodyDoc(body)]), hardline, '}']
}

function valueDoc(value: Value): Doc {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return stringDoc(value)
  const [only, ...others] = value.items
  if (only === undefined) return '()'
  // A list of one list, as hosts are written: (( ... ))
  if (others.length === 0 && only.key === undefined && typeof only.value === 'object') {
    return ['(', valueDoc(only.value), ')']
  }
  const keyed = value.items.some(({ key, value: inner }) => key !== undefined && typeof inner === 'object')
  const items = join([',', keyed ? hardline : line], value.items.map(itemDoc))
  return group(['(', indent([keyed ? hardline : line, items]), keyed ? hardline : line, ')'])
}

function itemDoc({ key, value }: List['items'][number]): Doc {
  return key === undefined ? valueDoc(value) : [stringDoc(key), ' => ', valueDoc(value)]
}

/** A string may run over several lines; what follows must not be indented into it. */
function stringDoc(text: string): Doc {
  return join(literalline, quote(text).split('\n'))
}

function commentDocs(comments: readonly string[]): Doc[] {
  return comments.flatMap((text) => [commentLine(text), hardline])
}

function commentLine(text: string): string {
  const plain = text
    .replace(/^#+\s?/, '')
    .replaceAll(/[\r\n]+/g, ' ')
    .trimEnd()
  return plain === '' ? '#' : `# ${plain}`
}
