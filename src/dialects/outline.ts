import type { Span } from '../diagnostics/index.js'

/** One word behind a name, with its quotes taken off. */
export interface OutlineWord {
  readonly value: string
  /** With its quotes. */
  readonly span: Span
}

/**
 * A statement of a text as it was written, in a form all languages share: what the linter looks at where the model has
 * no more of a text than what it means.
 *
 * - nginx: a directive; `inside` is its block. An entry of `map`, `types` and the like is one too.
 * - Apache httpd: a line, or a section with what stands in it.
 * - lighttpd: `name = value` has the name `name`, and of the value the single texts and numbers as words and the list as
 *   what is inside; an entry of a list has its key as name, which is empty where there is none. A condition is called
 *   as it is written, `$HTTP["host"]`, with or without an `else` before it, and has its value as a word.
 */
export interface Outline {
  /** In the author's case. */
  readonly name: string
  /** With quotes, where the name has any; empty at the start where there is no name. */
  readonly nameSpan: Span
  /** All of it, with what is inside. */
  readonly span: Span
  /** Without what is inside. */
  readonly head: Span
  /** What stands between the name and the value: `=`, `+=`, `==`, `=~`; absent in languages that have none. */
  readonly operator?: string
  readonly words: readonly OutlineWord[]
  readonly inside: readonly Outline[]
  /** What it stands in; absent at the top of a file. */
  readonly parent?: Outline
}

/** An outline that is still being made: its maker adds what is inside. */
export type OpenOutline = Omit<Outline, 'inside'> & { readonly inside: Outline[] }
