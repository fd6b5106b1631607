import type { Span } from '../diagnostics/index.js'
import type { Condition } from './condition.js'
import type { HostName, LocationMatch } from './scope.js'
import type { SettingKey, SettingOf } from './setting.js'
import type { Listener, Site } from './site.js'

/**
 * A Site seen as what every server has: virtual hosts, each with settings that hold for all of its URLs and rules for
 * some of them. `src/convert/plan.ts` makes it by deciding every condition on host and listener beforehand; writers
 * print it. Origins are kept, so that each setting can be accounted for.
 */
export interface Plan {
  readonly site: Site
  readonly hosts: readonly PlannedHost[]
}

export interface PlannedHost {
  readonly listeners: readonly Listener[]
  /** None: every name that no other host of the listener has. */
  readonly names: readonly HostName[]
  readonly isDefault: boolean
  readonly settings: InForce
  readonly rules: readonly PlannedRule[]
  /** The scope, directive or condition that made it a host of its own. */
  readonly origin?: Span
}

/** The settings that hold at one place, folded by their merge rules. */
export type InForce = { readonly [K in SettingKey]?: SettingOf<K> }

/**
 * `condition`: in order, later wins, settings given as changes to the host's. `location`: selected as an nginx
 * location is; settings as changes to those around it.
 */
export type PlannedRule =
  | {
      readonly kind: 'condition'
      readonly when: Condition
      readonly name: string
      readonly settings: InForce
      readonly rules: readonly PlannedRule[]
      readonly origin?: Span
    }
  | {
      readonly kind: 'location'
      readonly match: LocationMatch
      readonly name: string
      readonly settings: InForce
      readonly rules: readonly PlannedRule[]
      readonly origin?: Span
    }
