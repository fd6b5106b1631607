import type { Element, Expression, Term } from '../../../grammars/lighttpd/index.js'
import type { Span } from '../../diagnostics/index.js'
import type { Block } from './blocks.js'
import { commentsBelow, textsOf } from './comments.js'
import type { Problems } from './problems.js'
import { describe, merge, textOf } from './values.js'
import type { Entry, Mismatch, Value } from './values.js'

/** What expressions are computed from, besides the variables of their block. */
export interface Given {
  readonly problems: Problems
  readonly environment: (name: string) => string | undefined
  /** Told of names that nothing has set; a piece of a configuration may get them from the file around it. */
  readonly onUndefined: (text: string, span: Span) => void
}

/** Computes the expressions of one file. What cannot be computed is undefined, and was reported. */
export class Expressions {
  constructor(
    private readonly file: string,
    private readonly given: Given
  ) {}

  private span(node: { readonly start: number; readonly end: number }): Span {
    return { file: this.file, start: node.start, end: node.end }
  }

  value(expression: Expression, block: Block): Value | undefined {
    let sum: Value | undefined
    for (const [index, term] of expression.terms.entries()) {
      const value = this.term(term, block)
      if (value === undefined) return undefined
      if (index === 0) sum = value
      else if (sum !== undefined) {
        const merged = merge(sum, value)
        if ('mismatch' in merged) {
          this.mismatch(merged.mismatch, this.span(expression), sum, value)
          return undefined
        }
        sum = merged.value
      }
    }
    // Joined from several parts, the value stands where all of them do.
    return sum === undefined || expression.terms.length === 1 ? sum : { ...sum, span: this.span(expression) }
  }

  private term(term: Term, block: Block): Value | undefined {
    const span = this.span(term)
    switch (term.kind) {
      case 'string':
        return { kind: 'string', text: term.text, span }
      case 'integer':
        return this.integer(term.digits, span)
      case 'name':
        return this.variable(term.text, span, block)
      case 'list': {
        const entries = this.entries(term.elements, block)
        return entries && { kind: 'list', entries, span }
      }
    }
  }

  private integer(digits: string, span: Span): Value | undefined {
    if (BigInt(digits.slice(0, 25)) < 2n ** 63n) return { kind: 'integer', number: Number(digits), span }
    this.given.problems.refuse(
      'number',
      span,
      `Unexpected number \`${digits.slice(0, 30)}\`: it is too large`
    )
    return undefined
  }

  private variable(text: string, span: Span, block: Block): Value | undefined {
    if (text.startsWith('env.')) {
      const found = this.given.environment(text.slice(4))
      if (found !== undefined) return { kind: 'string', text: found, span }
      this.given.problems.refuseHere(
        'undefined-environment',
        span,
        `Unexpected \`${text}\`: the environment here has no \`${text.slice(4)}\`, so what is made of it is not checked`,
        {
          hint: 'set it where the server is started, and for this check too'
        }
      )
      return undefined
    }
    const name = text.includes('.') ? text : `var.${text}`
    const held = block.find(name)
    if (held !== undefined) return held.value
    if (!block.isUncomputed(name)) this.given.onUndefined(text, span)
    return undefined
  }

  /** A list with an element that cannot be computed cannot be computed either: half of it would mean something else. */
  private entries(elements: readonly Element[], block: Block): readonly Entry[] | undefined {
    const entries: Entry[] = []
    const known = new Map<string, Entry>()
    let complete = true
    for (const element of elements) {
      const entry = this.entry(element, block)
      if (entry === undefined) {
        complete = false
        continue
      }
      const key = entry.folded
      const first = key === undefined ? undefined : known.get(key)
      if (first !== undefined) this.duplicateKey(entry, first)
      else {
        entries.push(entry)
        if (key !== undefined) known.set(key, entry)
      }
    }
    return complete ? entries : undefined
  }

  private entry(element: Element, block: Block): Entry | undefined {
    const value = this.value(element.value, block)
    const comments = [...textsOf(element.comments), ...commentsBelow(element.value, Infinity)]
    const key = element.key === undefined ? undefined : this.value(element.key, block)
    if (value === undefined || (element.key !== undefined && key === undefined)) return undefined
    if (key === undefined) return { value, span: this.span(element), comments }
    if (key.kind === 'list') {
      this.given.problems.refuse('key', key.span, 'Unexpected list as a key, expected a text')
      return undefined
    }
    const quoted = element.key?.terms[0]?.kind === 'string' ? 1 : 0
    return {
      key: textOf(key),
      folded: textOf(key).toLowerCase(),
      value,
      span: this.span({ start: element.start + quoted, end: element.end }),
      comments
    }
  }

  /** Says why two values cannot be joined. */
  mismatch(mismatch: Mismatch, at: Span, left: Value, right: Value): void {
    if (mismatch.kind === 'duplicate') this.duplicateKey(mismatch.entry, mismatch.first)
    else {
      this.given.problems.refuse('merge', at, `Unexpected ${describe(right)} added to ${describe(left)}`, {
        hint: 'join lists with lists, and texts with texts or numbers'
      })
    }
  }

  private duplicateKey(entry: Entry, first: Entry): void {
    this.given.problems.refuse(
      'duplicate-key',
      entry.span,
      `Unexpected second \`${entry.key ?? ''}\` in one list`,
      {
        hint: 'remove one of the two; keys are compared without case',
        related: [{ span: first.span, message: 'it is set here first' }]
      }
    )
  }
}
