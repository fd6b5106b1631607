import type { Setting } from '../../../model/index.js'
import { headOf } from './gates.js'
import type { Line } from './line.js'
import { setting, type Place } from './place.js'
import type { Said } from './reader.js'

/** What a line is that asks for what holds where it is not written. */
export const unasked: Said = { kind: 'ignored', why: 'it asks for what httpd does unasked' }

/** What a line is that no code reads: one that bears on requests leaves them undecided, unless it asks for what is done unasked. */
export function unhandled({ entry, words }: Line): Said {
  if (entry?.row.state.kind !== 'later') return undefined
  const defaults = entry.row.default?.toLowerCase().split(' ') ?? []
  const isUnasked = words.length > 0 && words.every(({ value }) => defaults.includes(value.toLowerCase()))
  return isUnasked ? unasked : 'undecided'
}

/** Requests that the line may have a say in get no answer, rather than a wrong one. */
export function leaveUndecided(line: Line, place: Place): void {
  const { settings } = place.section ?? place
  settings.push(undecided(line))
}

/** For a scope of the requests that it has a say in. */
export function undecided(line: Line): Setting {
  const what = { what: `\`${headOf(line)}\``, at: 'rewrite', origin: line.span } as const
  return { ...setting('undecided', [what], line.span), merge: 'append' }
}
