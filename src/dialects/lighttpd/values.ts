import type { Span } from '../../diagnostics/index.js'

/** What an expression gives. Each part knows where it was written, even after it went through variables and merges. */
export type Value = StringValue | IntegerValue | ListValue

export interface StringValue {
  readonly kind: 'string'
  readonly text: string
  readonly span: Span
}

export interface IntegerValue {
  readonly kind: 'integer'
  readonly number: number
  readonly span: Span
}

export interface ListValue {
  readonly kind: 'list'
  readonly entries: readonly Entry[]
  readonly span: Span
}

export interface Entry {
  readonly key?: string
  readonly value: Value
  /** From the first letter of the key, or of the value, to the end of the value. */
  readonly span: Span
  readonly comments: readonly string[]
}

/** Why two values cannot be joined. */
export type Mismatch =
  { readonly kind: 'types' } | { readonly kind: 'duplicate'; readonly entry: Entry; readonly first: Entry }

export type Merged = { readonly value: Value } | { readonly mismatch: Mismatch }

/** `left + right` and `+=` (configparser_merge_data): texts and numbers are joined, lists put one behind the other. */
export function merge(left: Value, right: Value): Merged {
  if (left.kind === 'list' && right.kind === 'list') return mergeLists(left, right)
  if (left.kind === 'list' || right.kind === 'list') return { mismatch: { kind: 'types' } }
  if (left.kind === 'integer' && right.kind === 'integer') {
    return { value: { ...left, number: left.number + right.number } }
  }
  return { value: { kind: 'string', text: textOf(left) + textOf(right), span: left.span } }
}

function mergeLists(left: ListValue, right: ListValue): Merged {
  const entries = [...left.entries]
  const known = new Map(entries.map((entry) => [entry.key?.toLowerCase(), entry]))
  for (const entry of right.entries) {
    const first = entry.key === undefined ? undefined : known.get(entry.key.toLowerCase())
    if (first !== undefined) {
      // Equal texts and numbers are let through; lists never count as equal.
      if (sameScalar(first.value, entry.value)) continue
      return { mismatch: { kind: 'duplicate', entry, first } }
    }
    entries.push(entry)
    if (entry.key !== undefined) known.set(entry.key.toLowerCase(), entry)
  }
  return { value: { kind: 'list', entries, span: left.span } }
}

function sameScalar(left: Value, right: Value): boolean {
  if (left.kind === 'string') return right.kind === 'string' && left.text === right.text
  return left.kind === 'integer' && right.kind === 'integer' && left.number === right.number
}

/** A text, or a number as text. */
export function textOf(value: StringValue | IntegerValue): string {
  return value.kind === 'string' ? value.text : String(value.number)
}

/** As a message names it. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'string':
      return `string \`"${value.text.replaceAll('"', '\\"')}"\``
    case 'integer':
      return `number \`${value.number}\``
    case 'list':
      return 'list'
  }
}
