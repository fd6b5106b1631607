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
  /** The key in lower case: keys are compared so. */
  readonly folded?: string
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
  const entries = left.entries.slice()
  const find = finder(left, right)
  for (const entry of right.entries) {
    const first = entry.folded === undefined ? undefined : find(entry.folded)
    if (first === undefined) entries.push(entry)
    // Equal texts and numbers are let through; lists never count as equal.
    else if (!sameScalar(first.value, entry.value)) return { mismatch: { kind: 'duplicate', entry, first } }
  }
  return { value: { kind: 'list', entries, span: left.span } }
}

/** Finds an entry by its folded key. Many small additions to a long list must not each index all of it. */
function finder(left: ListValue, right: ListValue): (folded: string) => Entry | undefined {
  if (right.entries.length <= 8) return (folded) => left.entries.find((entry) => entry.folded === folded)
  const known = new Map(left.entries.map((entry) => [entry.folded, entry]))
  return (folded) => known.get(folded)
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
