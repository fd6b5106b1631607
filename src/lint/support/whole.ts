import type { Span } from '../../diagnostics/index.js'
import type { RuleContext } from '../rule.js'
import type { Place } from './places.js'
import { placeAt } from './places.js'

const found = new WeakMap<readonly Span[], ReadonlySet<Place>>()

/** Whether all that is said at a place and around it could be read, so that what is missing there is really missing. */
export function isWhole({ site, missing }: RuleContext, place: Place): boolean {
  if (missing.length === 0) return true
  let holes = found.get(missing)
  if (holes === undefined) {
    holes = new Set(missing.map((span) => placeAt(site, span)))
    found.set(missing, holes)
  }
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    if (holes.has(around)) return false
  }
  return true
}
