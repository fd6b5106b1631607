import type { Ledger } from '../../../model/index.js'
import { unwritable } from '../quote.js'
import { comment, wordText } from './entries.js'
import type { Entry } from './entries.js'

/** Leaves out what httpd's language has no way to write, and says so. */
export function withoutUnwritable(entries: readonly Entry[], ledger: Ledger): readonly Entry[] {
  return entries.map((entry) => {
    if (entry.kind !== 'directive' && entry.kind !== 'section') return entry
    for (const word of entry.words) {
      const why = unwritable(wordText(word))
      if (why === undefined) continue
      ledger.unasked('lost', {
        message: `${entry.name} was left out: ${why}`,
        affects: ['routing', 'status'],
        advice: 'change the value in the source'
      })
      return comment(`${entry.name} was left out: its value cannot be written here`)
    }
    return entry.kind === 'section' ? { ...entry, body: withoutUnwritable(entry.body, ledger) } : entry
  })
}
