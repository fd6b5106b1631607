import type { Span } from '../../../diagnostics/index.js'
import type { Texts } from './texts.js'
import type { NamedLocations } from './try-files.js'
import type { InstructionPlace } from './instructions.js'
import type {
  ComputedVariable,
  Instruction,
  Ledger,
  Note,
  Pool,
  SettingKey,
  Verdict
} from '../../../model/index.js'

/** What one conversion gathers on its way. */
export interface Context {
  readonly ledger: Ledger
  readonly pools: ReadonlyMap<string, Pool>
  /** Variables that tables give. */
  readonly computed: ReadonlyMap<string, ComputedVariable>
  /** Params that differ without any directive being to blame. */
  readonly differs: Set<string>
  /** Request headers that are told otherwise where they are repeated or odd. */
  readonly headers: Set<string>
  /** Names that the source tells behind its environment, so that what that has of them does not count. */
  readonly toldBehind: ReadonlySet<string>
  /** What cannot be guarded is left open. */
  readonly allowOpen: boolean
  /** A login could not be written, and what it guards is closed. */
  closedLogins: boolean
  /** Params with the name of whoever sent a login, where none is asked for. */
  readonly logins: Set<string>
  /** What becomes of answers here, where it is not as in the source. */
  answers?: Note
  /** Kinds of settings that the source has unasked and lighttpd does otherwise. */
  readonly unasked: Set<SettingKey>
  /** Where instructions stand that are being written. */
  place: InstructionPlace
  readonly texts: Texts
  /** The named locations of the host. */
  named: NamedLocations
  /** Some place of the host sends requests to another URL of it. */
  leadsInside: boolean
  /** Instructions of the host, which come before those of its locations. */
  ofHost: readonly Instruction[]
  /** Pools that were accounted for already. */
  readonly accounted: Set<string>
  /** Pools that some binding names. */
  readonly used: Set<string>
}

/** A verdict for every directive that had a part in a setting. */
export function markAll(
  context: Context,
  setting: { readonly origin?: Span; readonly parts?: readonly Span[] } | undefined,
  verdict: Verdict,
  note?: Note
): void {
  if (setting === undefined) return
  for (const origin of placesOf(setting)) context.ledger.mark(origin, verdict, note)
}

export function placesOf(setting: {
  readonly origin?: Span
  readonly parts?: readonly Span[]
}): readonly Span[] {
  return [...(setting.origin === undefined ? [] : [setting.origin]), ...(setting.parts ?? [])]
}
