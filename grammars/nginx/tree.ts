import type { Comment, Comments, Node, Tree } from '../tree.js'

export type NginxTree = Tree<Directive>

/** One word as nginx splits it. `raw` is how it stands in the text, quotes and escapes included; `value` what it means. */
export interface Word extends Node {
  readonly raw: string
  readonly value: string
}

/** A name, its arguments, and what ends them. An entry of a word list (`map`, `types` …) has this form too. */
export interface Directive extends Node {
  readonly name: Word
  readonly args: readonly Word[]
  readonly comments: Comments
  readonly body: Body
  /** Behind the last word: where the head ends, without `;` or `{`. */
  readonly headEnd: number
}

export type Body =
  /** Ended by `;`. */
  | { readonly kind: 'none' }
  /** The `;` is missing. */
  | { readonly kind: 'missing' }
  | Block
  /** Lua, kept as it is with its braces. */
  | { readonly kind: 'code'; readonly start: number; readonly end: number }

export interface Block extends Node {
  readonly kind: 'block'
  /** `words`: the inside is a list of words, whose first word is not a directive's name. */
  readonly holds: 'directives' | 'words'
  readonly statements: readonly Directive[]
  /** Comments behind its last statement. */
  readonly dangling: readonly Comment[]
  readonly closed: boolean
}

/** Blocks whose inside is a list of words. They change the syntax: no block may stand in them. */
export const wordListBlocks: ReadonlySet<string> = new Set([
  'map',
  'geo',
  'types',
  'split_clients',
  'charset_map',
  'geoip2'
])
