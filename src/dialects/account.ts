import type { Span } from '../diagnostics/index.js'
import type { Ledger, Note, Plan, Pool, Verdict } from '../model/index.js'

/** One verdict for all options within some directives that became one of these fields. */
export function markFields(
  ledger: Ledger,
  origins: readonly (Span | undefined)[],
  fields: readonly string[],
  verdict: Verdict,
  note?: Note
): void {
  for (const origin of origins) for (const field of fields) ledger.markPart(origin, field, verdict, note)
}

/** The directives that a pool and its members came from. */
export function poolOrigins(pool: Pool): readonly Span[] {
  return [pool.origin, ...pool.members.map((member) => member.origin)]
}

/** One verdict for every directive that became one of these fields and has no origin of its own in the model. */
export function markDirectives(
  ledger: Ledger,
  plan: Plan,
  fields: readonly string[],
  verdict: Verdict,
  note?: Note
): void {
  for (const { state, span } of plan.site.directives) {
    const as = state.kind === 'read' ? state.as : undefined
    if (as !== undefined && fields.some((field) => as === field || as.startsWith(`${field}.`)))
      ledger.mark(span, verdict, note)
  }
}
