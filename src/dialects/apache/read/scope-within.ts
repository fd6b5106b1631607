import { allOf, type Condition, type Setting } from '../../../model/index.js'
import { headOf } from './gates.js'
import type { Line } from './line.js'
import type { Place } from './place.js'

interface Within {
  /** The line that asks for it. */
  readonly line: Line
  readonly when: Condition
  readonly rank: number
  readonly settings: readonly Setting[]
}

/** A scope of its own for some of the requests of a place. */
export function scopeWithin(place: Place, { line, when, rank, settings }: Within): void {
  const { context, server, condition } = place
  place.sections.push({
    context,
    server,
    name: headOf(line),
    head: line.span,
    when,
    condition: allOf([condition, when]),
    rank,
    choose: 'all',
    sections: [],
    settings: [...settings]
  })
}
