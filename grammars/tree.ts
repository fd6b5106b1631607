import type { Diagnostic, Span } from '../src/diagnostics/index.js'

/**
 * What the syntax trees of all three languages have in common. A tree is lossless: its tokens, white space and
 * comments included, cover every code unit of the text once and in order, for any input.
 */

/** One piece of the text. `kind` is the name of the lexer's token type (`Word`, `Comment`, `Blank`, `Unknown` …). */
export interface Token {
  readonly kind: string
  readonly start: number
  readonly end: number
}

export interface Comment {
  /** With its `#`, without the line's end. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The comments that belong to a statement, so that they can be carried along with it. */
export interface Comments {
  /** On the lines directly before it (no empty line in between, or separated only by other comments' blank lines). */
  readonly before: readonly Comment[]
  /** Behind it on its last line. */
  readonly behind?: Comment
}

export interface Node {
  readonly start: number
  readonly end: number
}

export interface Tree<Statement extends Node> {
  /** The name given to `parse`; every span of the tree carries it. */
  readonly file: string
  readonly text: string
  readonly tokens: readonly Token[]
  readonly body: readonly Statement[]
  /** Comments that stand before nothing: at the end of the file or of a block they are kept by that block. */
  readonly dangling: readonly Comment[]
  /** Syntax errors, each with what was expected. The rest of the file has been read all the same. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The text of a tree, put together again from its tokens. */
export function print(tree: Pick<Tree<Node>, 'text' | 'tokens'>): string {
  return tree.tokens.map((token) => tree.text.slice(token.start, token.end)).join('')
}

export function spanOf(tree: { readonly file: string }, node: Node): Span {
  return { file: tree.file, start: node.start, end: node.end }
}

/**
 * Blocks and lists nested deeper than this are a syntax error (`syntax/too-deep`) and are kept as flat text, so that
 * nobody who walks a tree needs to fear its depth. No server's real configuration comes near it.
 */
export const maximumDepth = 200

/** Larger files are refused before they are parsed (`syntax/too-large`); lighttpd has the same limit. */
export const maximumLength = 32 * 1024 * 1024

/** Finds what it is asked for when it is asked first: hardly anybody asks for tokens, and they take as much room as all the rest. */
export function whenAsked<T>(find: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => (known ??= { value: find() }).value
}
