import type { Note } from '../../../model/index.js'
import type { Entry } from './entries.js'

/** What became of a setting: entries with a verdict, or nothing because another part of the writer accounts for it. */
export interface Written {
  readonly entries: readonly Entry[]
  readonly verdict: 'exact' | 'approx' | 'manual' | 'lost'
  readonly note?: Note
}

export const exact = (...entries: readonly Entry[]): Written => ({ entries, verdict: 'exact' })
/** The same in words that other writers have as well. */
export const unsaid = (note: Note): Written => ({ entries: [], verdict: 'lost', note })
export const lost = (message: string, affects: Note['affects'], advice?: string): Written => ({
  entries: [],
  verdict: 'lost',
  note: { message, affects: affects ?? [], ...(advice === undefined ? {} : { advice }) }
})
