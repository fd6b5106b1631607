import type { Span } from '../diagnostics/index.js'
import type { Condition } from './condition.js'
import type { HostName, LocationMatch } from './scope.js'
import type { SettingKey, SettingOf } from './setting.js'
import type { Note, Verdict } from './ledger.js'
import type { Listener, Site } from './site.js'

/**
 * A Site seen as what every server has: virtual hosts, each with settings that hold for all of its URLs and rules for
 * some of them. `src/convert/plan.ts` makes it by deciding every condition on host and listener beforehand; writers
 * print it. Origins are kept, so that each setting can be accounted for.
 */
export interface Plan {
  readonly site: Site
  /**
   * For one listener: exact names first, then wildcards (longest first), then regexes in order, the default last, so
   * that both "the first that fits" and nginx's precedence find the right one. Every listener has one default.
   */
  readonly hosts: readonly PlannedHost[]
  /** What deciding hosts beforehand may have changed; the writer's caller puts these into the ledger. */
  readonly notes: readonly PlanNote[]
}

export interface PlanNote {
  readonly origin?: Span
  readonly verdict: Verdict
  readonly note: Note
}

export interface PlannedHost {
  /** At least one. Where two listeners have the same hosts they stand in one. */
  readonly listeners: readonly Listener[]
  /** None: every name that no other host of the listener has. A default may have names as well, for its author's sake. */
  readonly names: readonly HostName[]
  readonly isDefault: boolean
  /**
   * Everything that holds for all of the host's URLs, the whole site's settings included. Those of `reach: 'own'` do
   * not hold inside location rules (`inside` folds so).
   */
  readonly settings: InForce
  readonly rules: readonly PlannedRule[]
  /** The scope, directive or condition that made it a host of its own. */
  readonly origin?: Span
  /** How that is written in the source, for people; absent for what holds everywhere. */
  readonly name?: string
}

/** The settings that hold at one place, folded by their merge rules. */
export type InForce = { readonly [K in SettingKey]?: SettingOf<K> }

/**
 * `condition`: in order, later wins, settings given as changes to the host's; no question about host or listener is
 * left in `when`, and the branches of an else chain carry the negation of those before them. Its own rules hold where
 * both conditions hold. `location`: selected as an nginx location is; settings as changes to those around it.
 * In both, `settings` hold only what the rule itself says (`inside(outer, rule.settings)` is what is in force there),
 * and what a later unconditional setting would hide is gone.
 */
export type PlannedRule = ConditionRule | LocationRule

export interface ConditionRule {
  readonly kind: 'condition'
  readonly when: Condition
  readonly name: string
  readonly settings: InForce
  readonly rules: readonly PlannedRule[]
  readonly origin?: Span
}

export interface LocationRule {
  readonly kind: 'location'
  readonly match: LocationMatch
  readonly name: string
  readonly settings: InForce
  readonly rules: readonly PlannedRule[]
  readonly origin?: Span
}
