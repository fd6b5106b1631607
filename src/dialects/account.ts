import type { Span } from '../diagnostics/index.js'
import type { Ledger, Note, Pool, Verdict } from '../model/index.js'

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
