import type { Note } from '../../../model/index.js'
import { assign, list } from './statements.js'
import type { Statement } from './statements.js'

export interface Written {
  readonly statements: readonly Statement[]
  readonly verdict: 'exact' | 'approx' | 'manual' | 'lost'
  readonly note?: Note
}

export const exact = (...statements: readonly Statement[]): Written => ({ statements, verdict: 'exact' })
export const approx = (
  statements: readonly Statement[],
  message: string,
  ...affects: readonly string[]
): Written => ({
  statements,
  verdict: 'approx',
  note: { message, affects }
})
/** The same in words that other writers have as well. */
export const unsaid = (note: Note): Written => ({ statements: [], verdict: 'lost', note })
export const lost = (message: string, affects: readonly string[], advice?: string): Written => ({
  statements: [],
  verdict: 'lost',
  note: { message, affects, ...(advice === undefined ? {} : { advice }) }
})

/** Every request of the place is 403. */
export const closing = assign('url.access-deny', list(''))
