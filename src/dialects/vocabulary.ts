/**
 * The vocabulary of a dialect: each directive and each option stands once, as a row. Readers, unknown-key checks,
 * value checks, writers, `explain`, the coverage table of the README and editor support all read these rows.
 */
export interface Row<Context extends string = string> {
  /** Where it is allowed. */
  readonly where: readonly Context[]
  /** The words behind the name. */
  readonly shape: Shape
  /** As the server's manual writes it; absent where there is none. */
  readonly default?: string
  /** The server's release that brought it. */
  readonly since?: string
  readonly deprecated?: { readonly since?: string; readonly instead?: string }
  /** The module that must be loaded for it (Apache, lighttpd). */
  readonly module?: string
  /** Another module that takes it as well. */
  readonly orModule?: string
  readonly state: RowState
  /** What the server does with a wrong value. */
  readonly onBadValue?: 'refuses' | 'warns' | 'ignores'
  /** One line, imperative or noun phrase, for people. */
  readonly doc: string
  /** The server's own page, relative to the dialect's documentation root. */
  readonly link?: string
}

export type RowState =
  /** Read into the model; `as` names the field or setting. `undecided`: only that it is asked for; `serve` answers 501 then. */
  | { readonly kind: 'read'; readonly as: string }
  /** Bears on how a request reaches its application, and is not read yet. */
  | { readonly kind: 'later'; readonly as: string }
  /** Known by name; TLS, logging, compression and the like. `served`: conversions leave it out, `serve` and `route` do it. */
  | { readonly kind: 'outside'; readonly topic: string; readonly served?: true }
  /** Holds others together; has its meaning through them. */
  | { readonly kind: 'structure' }

export const read = (as: string): RowState => ({ kind: 'read', as })
export const undecided: RowState = read('undecided')
export const later = (as: string): RowState => ({ kind: 'later', as })
export const outside = (topic: string): RowState => ({ kind: 'outside', topic })
export const served = (topic: string): RowState => ({ kind: 'outside', topic, served: true })
export const structure: RowState = { kind: 'structure' }

/** The form of a value. A dialect's reader turns it into the model's terms; the linter checks it. */
export type Shape =
  | { readonly kind: 'flag' }
  | { readonly kind: 'text' }
  | { readonly kind: 'path' }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'size' }
  | { readonly kind: 'time'; readonly unit: 's' | 'ms' }
  | { readonly kind: 'word'; readonly of: readonly string[] }
  | { readonly kind: 'words'; readonly of: readonly string[] }
  | { readonly kind: 'regex'; readonly groups?: number }
  /** `text`: without keys; `pair`: a text by key; `keyed`: anything by key; `options`, `host`: lists by key. */
  | { readonly kind: 'list'; readonly of: 'text' | 'pair' | 'keyed' | 'options' | 'host' }
  | { readonly kind: 'arguments'; readonly min: number; readonly max: number }
  | { readonly kind: 'block'; readonly arguments: readonly [min: number, max: number] }

export type Vocabulary = ReadonlyMap<string, Row>
