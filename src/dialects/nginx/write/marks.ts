import type { Note, Setting, Verdict } from '../../../model/index.js'
import { origins } from '../../../model/index.js'
import type { Item } from './document.js'
import type { Output } from './output.js'

/** What became of a setting, said of every directive that had a part in it. */
export function markSetting(setting: Setting, verdict: Verdict, out: Output, note?: Note): void {
  for (const origin of origins(setting)) out.ledger.mark(origin, verdict, note)
}

/** What is not written stands in the ledger: with its directive, or else as something the source does unasked. */
export function unwritten(
  setting: Setting,
  verdict: 'approx' | 'lost',
  note: Note,
  out: Output
): readonly Item[] {
  if (origins(setting).length > 0) markSetting(setting, verdict, out, note)
  else out.ledger.unasked('approx', note)
  return []
}

/** nginx cannot say it. */
export function lost(setting: Setting, message: string, out: Output): readonly Item[] {
  markSetting(setting, 'lost', out, { message, affects: ['routing', 'status'] })
  return []
}
