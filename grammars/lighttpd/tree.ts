import type { Comment, Comments, Node, Tree } from '../tree.js'

/**
 * What a lighttpd.conf says, as the server's own parser takes it: it throws away, without a word, every token that does not fit where
 * it stands. What was thrown away is in `dropped`; the statements are what the server makes of the rest.
 */
export interface LighttpdTree extends Tree<Statement> {
  /** In the order of the text. Neighbours that were dropped at the same place are one. */
  readonly dropped: readonly Dropped[]
}

export type Statement = Assignment | Conditions | Global | Include

interface Commented {
  readonly comments: Comments
}

/** `server.port = 80` */
export interface Assignment extends Node, Commented {
  readonly kind: 'assignment'
  readonly name: Name
  readonly operator: '=' | '+=' | ':='
  readonly value: Expression
}

/** `include "x.conf"`, `include_shell "cmd"` */
export interface Include extends Node, Commented {
  readonly kind: 'include'
  readonly how: 'file' | 'shell'
  readonly argument: Expression
}

/** `global { … }` */
export interface Global extends Node, Commented, Block {
  readonly kind: 'global'
  /** The word alone. */
  readonly head: Node
}

/** `$HTTP["host"] == "a" { … } else $HTTP["url"] =^ "/b" { … } else { … }` */
export interface Conditions extends Node {
  readonly kind: 'conditions'
  readonly branches: readonly Branch[]
}

export interface Block {
  readonly body: readonly Statement[]
  /** Comments behind the last statement of the body. */
  readonly dangling: readonly Comment[]
}

export interface Branch extends Node, Commented, Block {
  /** Absent for a plain `else`. */
  readonly condition?: Condition
  /** From `$` (or `else`) up to the brace, which is not part of it. */
  readonly head: Node
}

/** `$HTTP["host"] == "a"` */
export interface Condition extends Node {
  readonly object: Name
  readonly field: Expression
  readonly operator: ConditionOperator
  readonly value: Expression
}

export type ConditionOperator = '==' | '!=' | '=~' | '!~' | '=^' | '=$'

/** Terms joined by `+`; at least one. */
export interface Expression extends Node {
  readonly terms: readonly Term[]
}

export type Term = StringTerm | IntegerTerm | Name | List

export interface StringTerm extends Node {
  readonly kind: 'string'
  /** With `\"` turned into `"`. */
  readonly text: string
}

export interface IntegerTerm extends Node {
  readonly kind: 'integer'
  readonly digits: string
}

export interface Name extends Node {
  readonly kind: 'name'
  readonly text: string
}

export interface List extends Node {
  readonly kind: 'list'
  readonly elements: readonly Element[]
  /** Comments behind the last element. */
  readonly dangling: readonly Comment[]
}

/** `"key" => value`, or a value alone. */
export interface Element extends Node, Commented {
  readonly key?: Expression
  readonly value: Expression
}

/** Tokens that the server's parser throws away because they do not fit. */
export interface Dropped extends Node {
  /** What stood open where they were dropped. */
  readonly place: Place
  /** What would have fitted, in words. */
  readonly expected: string
  /** Where the last word before it ends that the server did take. */
  readonly after: number
}

export type Place =
  /** Between statements: a stray `}`, a value alone on a line, an `else` without a condition before it. */
  | 'statements'
  /** Behind a name, where an operator belongs. */
  | 'operator'
  /** Where a value belongs. */
  | 'value'
  /** Behind an element of a list, where a comma or the end belongs: the comma was forgotten. */
  | 'list'
  /** In the head of a condition. */
  | 'condition'
  /** Where a `{` belongs. */
  | 'brace'
