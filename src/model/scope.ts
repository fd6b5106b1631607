import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex } from './condition.js'
import type { Setting } from './setting.js'

/**
 * A part of the configuration that holds for some requests. The settings in force for a request are folded from the
 * root and every scope chosen below it, in order of `rank`, then of the text.
 */
export interface Scope {
  /** How a person would name it: `location ~ \.php$`, `$HTTP["host"] == "a"`, `<VirtualHost *:80>`. */
  readonly name: string
  /** Whether it can hold at all. For children of `host` and `location` scopes the match below decides as well. */
  readonly when: Condition
  /** How its children are selected. */
  readonly choose: Choose
  readonly settings: readonly Setting[]
  readonly children: readonly Scope[]
  /** Where several scopes hold, lower ranks are folded first (Apache: Directory, Files, Location, If). 0 where the text's order counts. */
  readonly rank: number
  /** For children of a `host` scope. */
  readonly host?: HostMatch
  /** For children of a `location` scope. */
  readonly location?: LocationMatch
  /** Answered only by internal redirects. */
  readonly origin?: Span
  /** Where the scope's head stands, for code frames (without its body). */
  readonly head?: Span
}

export type Choose =
  /** Every child whose condition holds, in order, later wins. */
  | { readonly kind: 'all' }
  /** The first child whose condition holds. */
  | { readonly kind: 'first' }
  /**
   * One child by listener, then by name. `specific`: exact, longest `*.x`, longest `x.*`, first regex, default.
   * `in-order`: the first child one of whose names fits, else the first of the listener's.
   * `fallback`: what holds where no child serves the listener: nothing (the connection is none of ours) or the parent alone.
   */
  | { readonly kind: 'host'; readonly precedence: 'specific' | 'in-order' }
  /** Exact, then longest prefix (may forbid regexes), then regexes in order; recursively. */
  | { readonly kind: 'location' }

export interface HostMatch {
  readonly listeners: readonly string[]
  readonly names: readonly HostName[]
  readonly isDefault: boolean
}

export type HostName =
  | { readonly kind: 'exact'; readonly value: string; readonly origin: Span }
  /** `*.a.com`; with `bare` also `a.com` itself. */
  | {
      readonly kind: 'leading-wildcard'
      readonly value: string
      readonly bare: boolean
      readonly origin: Span
    }
  | { readonly kind: 'trailing-wildcard'; readonly value: string; readonly origin: Span }
  /** `*` and `?` anywhere. */
  | { readonly kind: 'glob'; readonly value: string; readonly origin: Span }
  | { readonly kind: 'regex'; readonly regex: Regex; readonly origin: Span }

export type LocationMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string; readonly noRegex: boolean }
  | { readonly kind: 'regex'; readonly regex: Regex }
  | { readonly kind: 'named'; readonly name: string }
