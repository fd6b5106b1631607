import type { DialectName } from '../dialects/dialect.js'
import type { Vocabulary } from '../dialects/vocabulary.js'
import type { SourceWord } from '../dialects/words.js'
import type { Diagnostic, Fix, Related, Severity, Span } from '../diagnostics/index.js'
import type { Member, Pool, Scope, Setting, Site } from '../model/index.js'

/** What a rule says of one place; the engine adds the rule's own code, severity and hint. */
export interface Finding {
  readonly span: Span
  /** Where this one is more or less serious than the rule's findings are as a rule. */
  readonly severity?: Severity
  readonly message: string
  readonly hint?: string
  readonly related?: readonly Related[]
  readonly fix?: Fix
}

export interface RuleContext {
  readonly site: Site
  /** To spell a model field in the user's own words, and to suggest names. */
  readonly vocabulary: Vocabulary
  /** The words of a directive or head of a block, its name first; none where the Site came without its source. */
  readonly words: (span: Span) => readonly SourceWord[]
  /** What stands at a place, as it is written; empty where the text is not at hand. */
  readonly text: (span: Span) => string
  /** Where something is included that could not be had: what stands there is not known. */
  readonly missing: readonly Span[]
  readonly report: (finding: Finding) => void
}

/**
 * One lint rule. It names only the parts of the model it wants to see; the engine walks the Site once and calls every
 * rule on what it asked for.
 */
export interface Rule {
  readonly code: string
  readonly severity: Severity
  /** One line for lists of rules. */
  readonly summary: string
  readonly dialects: readonly DialectName[] | 'all'
  site?(site: Site, context: RuleContext): void
  scope?(scope: Scope, parents: readonly Scope[], context: RuleContext): void
  setting?(setting: Setting, scope: Scope, context: RuleContext): void
  pool?(pool: Pool, context: RuleContext): void
  member?(member: Member, pool: Pool, context: RuleContext): void
}

/** What a file or set of files gives to the linter, as a reader left it. */
export interface LintInput {
  readonly site: Site
  /** The reader's own: syntax errors, unknown names, refusals. */
  readonly diagnostics: readonly Diagnostic[]
  /** Absent for a Site that came as JSON: then only the rules for all dialects are asked. */
  readonly name?: DialectName
  /** The text of each file, by the name its spans carry. */
  readonly texts?: ReadonlyMap<string, string>
  /** Where something is included that could not be had, besides what `diagnostics` say of that. */
  readonly missing?: readonly Span[]
}
