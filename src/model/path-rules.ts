import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex, Test } from './condition.js'
import type { Target } from './handler.js'
import type { Template } from './template.js'

/** Rules that change where a request goes, tried in order on the URL's path or on a folder's part of the file name. */
export interface PathRules {
  /** The folder the rules stand in; absent: they are tried on the URL's path, ahead of every mapping. */
  readonly folder?: string
  /** They are tried on the whole name of the file: `folder` is only what stands in front of a relative result. */
  readonly sees?: 'whole-name'
  /** The URL of that folder; found by the document root where absent. */
  readonly base?: string
  readonly rules: readonly PathRule[]
  /** Variables that are known from then on where rules are tried at all, unless a name is known already. */
  readonly told?: readonly { readonly name: string; readonly value: Template }[]
  /** What is said of rules further out and further in; absent: as further out. Looked at when `folderRules` are folded. */
  readonly options?: PathRuleOptions
}

export interface PathRuleOptions {
  /** Rules that hold further out are tried behind these, or ahead of them; not at all where absent. */
  readonly inherits?: 'behind' | 'ahead'
  /** The same for places further in, unless they refuse it. */
  readonly handsDown?: 'behind' | 'ahead'
  readonly refuses?: true
  /** `base` of further out holds where none is said. */
  readonly inheritsBase?: true
  /** The folder asked for without its slash is subject to its rules too. */
  readonly bareFolder?: true
  /** The prefix of an alias is not put back where a result lies in what it leads to. */
  readonly keepsTarget?: true
}

export interface PathRule {
  readonly match: Regex
  readonly negated: boolean
  /** In order; one that is `or` with the next counts as one with it. */
  readonly conditions: readonly PathRuleCondition[]
  /** Captures: `rule` for the rule's own groups, `scope` for those of the last condition that fitted. Absent: the path stays. */
  readonly to?: Template
  /**
   * What becomes of the query where there is a new path: it stays unless the new path brings one, goes in any case, or stands
   * behind what the new path brings. `dropped`: it goes, and a `?` in the new path begins none.
   */
  readonly query: 'kept' | 'replaced' | 'appended' | 'dropped'
  /** The last `?` of the new path begins the query; else the first. */
  readonly lastMark?: true
  /** `end`: no rule is tried in this request any more; a number: so many rules are passed over. */
  readonly then: 'next' | 'last' | 'end' | 'again' | number
  /** With `again`: where rules have started over so often, 500; 10,000 where absent. */
  readonly mostRounds?: number
  /** Where it does not fit, those chained to it are passed over. */
  readonly chained: boolean
  /** A status ends all; with `redirect` the new path becomes a whole URL, which rules behind it may change again. */
  readonly answer?: { readonly kind: 'redirect' | 'status'; readonly status: number }
  /** The handler whose the request becomes. */
  readonly label?: string
  /** Without a value the variable is taken away. */
  readonly environment: readonly { readonly name: string; readonly value?: Template }[]
  /** Not tried where the server only looks up where a request would lead. */
  readonly onlyAsked?: true
  /** Captures of the rule are escaped where they come into the new path. */
  readonly capturesEscaped?: true
  /** What follows the file in the path is forgotten. */
  readonly dropsPathInfo?: true
  /** Without folder: the new path is a URL that aliases see, and no rule behind this one is tried; else it is a file. */
  readonly mapped: boolean
  /** Without folder: the new path may be a file by its full name, whatever of its beginning comes from the request. */
  readonly anyFile?: true
  /**
   * The new path is no place of the site but what an application is asked for: the first of these whose condition holds
   * takes the request as a binding at the stage `url` would. The rule's capture 1 is the new path.
   */
  readonly application?: readonly { readonly when: Condition; readonly target: Target }[]
  /** A redirect's target is escaped: it and its query, unless that is the one that came. */
  readonly escaped: boolean
  /** A `?` that was escaped in the request and comes into the new path by a capture: refused with 403 where absent. */
  readonly escapedMark?: 'kept'
  /** The rule cannot be followed: a request that it fits is not decided. */
  readonly unsupported?: string
  readonly origin: Span
}

/** A text made for the request is tested, or the request itself. */
export type PathRuleCondition = (
  { readonly subject: Template; readonly test: Test } | { readonly when: Condition }
) & {
  readonly negated: boolean
  readonly or: boolean
}
