import type { DialectName } from '../dialects/dialect.js'
import type { Vocabulary } from '../dialects/vocabulary.js'
import type { SourceWord } from '../dialects/words.js'
import type { Diagnostic, Fix, Related, Severity, Span } from '../diagnostics/index.js'
import type { Member, Pool, Scope, Setting, Site } from '../model/index.js'
import type { Place, Placed, PlacedBinding } from './support/places.js'

/** What a rule says of one place; the engine adds the rule's own code and severity. */
export interface Finding {
  readonly span: Span
  /** Where this one is more or less serious than the rule's findings are as a rule. */
  readonly severity?: Severity
  readonly message: string
  readonly hint?: string
  readonly related?: readonly Related[]
  readonly fix?: Fix
}

/** How a rule can be set up by its users, with what holds where they say nothing. */
export type RuleOption =
  | { readonly kind: 'flag'; readonly default: boolean; readonly doc: string }
  | {
      readonly kind: 'number'
      readonly default: number
      readonly min?: number
      readonly max?: number
      readonly doc: string
    }
  | { readonly kind: 'list'; readonly default: readonly string[]; readonly doc: string }

export type OptionValue = boolean | number | readonly string[]

export interface RuleContext {
  readonly site: Site
  /** To spell a model field in the user's own words, and to suggest names. */
  readonly vocabulary: Vocabulary
  /** The release of the server that the users say they have (`1.18`); undefined where they say nothing. */
  readonly serverVersion: string | undefined
  readonly report: (finding: Finding) => void
  /** The words of a directive or head of a block, its name first; none where the Site came without its source. */
  readonly words: (span: Span) => readonly SourceWord[]
  /** Where something is included that could not be had: what stands there is not known. */
  readonly missing: readonly Span[]
  /** What stands at a place, as it is written; empty where the text is not at hand. */
  readonly text: (span: Span) => string
  /** The value of one of the rule's `options`, by name and kind; asking for one it has not declared throws. */
  readonly flag: (option: string) => boolean
  readonly number: (option: string) => number
  readonly list: (option: string) => readonly string[]
}

/** What a rule is, beside what it does. */
export interface RuleInfo {
  /** `topic/what-is-wrong`; stable once it has been released. */
  readonly code: string
  readonly severity: Severity
  /** One line for lists of rules: what is wrong, as a noun phrase. */
  readonly summary: string
  readonly dialects: readonly DialectName[] | 'all'
  /** Of rules about security only: how bad the worst case is, from 0.1 to 10 as CVSS counts. */
  readonly security?: number
  /** Words to find it by, beside the topic of its code: `php`, `performance`. */
  readonly tags?: readonly string[]
  /** How many of its findings are right; `high` where absent. */
  readonly precision?: 'very-high' | 'high' | 'medium' | 'low'
  /** The release of this tool that brought it; the first one where absent. */
  readonly since?: string
  /** Only where a configuration file or the preset `strict` turns it on. */
  readonly optional?: true
  readonly options?: Readonly<Record<string, RuleOption>>
}

/**
 * One lint rule. It names only the parts it wants to see; the engine walks the Site once and calls every
 * rule on what it asked for. A rule keeps nothing between two runs.
 */
export interface Rule extends RuleInfo {
  /** Called first, once. */
  site?(site: Site, context: RuleContext): void
  /** Asked behind `site`, once: what it wants to be shown. */
  visits?(context: RuleContext): Visits
  /** Each setting of each scope; only those with one of the `keys`, where there are any. */
  setting?(setting: Setting, scope: Scope, context: RuleContext): void
  readonly keys?: readonly Setting['key'][]
  pool?(pool: Pool, context: RuleContext): void
  member?(member: Member, pool: Pool, context: RuleContext): void
}

/**
 * What a rule is shown, one by one in the order of the text. All rules look at a place while it is at hand: where there are
 * thousands of places, that takes half of the time of each rule going through all of them.
 */
export interface Visits {
  readonly place?: (place: Place) => void
  /** Those of virtual hosts. */
  readonly host?: (place: Place) => void
  /** Those of nginx's locations. */
  readonly location?: (place: Place) => void
  /** Each binding to a FastCGI application. */
  readonly binding?: (placed: PlacedBinding) => void
  /** Each list of params. */
  readonly params?: (placed: Placed<'params'>) => void
  /** When all has been shown. */
  readonly end?: () => void
}

/** What the users have settled about one rule. */
export interface RuleSettings {
  readonly severity?: Severity | 'off'
  readonly options?: Readonly<Record<string, OptionValue>>
}

/** What a file or set of files gives to the linter, as a reader left it. */
export interface LintInput {
  readonly site: Site
  /** The reader's own: syntax errors, unknown names, refusals. */
  readonly diagnostics: readonly Diagnostic[]
  /** Absent for a Site that came as JSON: then only the rules for all dialects are asked. */
  readonly name?: DialectName
  readonly vocabulary?: Vocabulary
  /** The text of each file, by the name its spans carry. */
  readonly texts?: ReadonlyMap<string, string>
  /** Where something is included that could not be had, besides what `diagnostics` say of that. */
  readonly missing?: readonly Span[]
  readonly serverVersion?: string
  /** By the rule's code; what is not named is as the rule says. */
  readonly settings?: ReadonlyMap<string, RuleSettings>
  /** Told how many milliseconds each rule took, by the given clock. */
  readonly timing?: { readonly now: () => number; readonly add: (code: string, milliseconds: number) => void }
}
