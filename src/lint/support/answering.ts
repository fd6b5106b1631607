import type { Site } from '../../model/index.js'
import type { Place } from './places.js'
import { fits } from './regexes.js'

/** The place that nginx chooses in a server for a path; undefined where it has a pattern that only PCRE can read. */
export function answering(site: Site, server: Place, path: string): Place | undefined {
  return choose(site, server, path)?.place
}

interface Chosen {
  readonly place: Place
  /** No pattern around is tried any more. */
  readonly isFinal: boolean
}

/** Exact, then the longest prefix with what stands in it, then patterns in their order. */
function choose(site: Site, around: Place, path: string): Chosen | undefined {
  const patterns: Place[] = []
  let longest: { readonly place: Place; readonly length: number; readonly noRegex: boolean } | undefined
  for (const place of around.inside) {
    const { location } = place.scope
    if (location?.kind === 'exact' && location.value === path) return { place, isFinal: true }
    if (location?.kind === 'regex') patterns.push(place)
    if (location?.kind !== 'prefix' || !path.startsWith(location.value)) continue
    if (location.value.length >= (longest?.length ?? 0))
      longest = { place, length: location.value.length, noRegex: location.noRegex }
  }
  const inner = longest === undefined ? { place: around, isFinal: false } : choose(site, longest.place, path)
  if (inner === undefined || inner.isFinal || longest?.noRegex === true) return inner
  for (const place of patterns) {
    const { location } = place.scope
    const does = location?.kind === 'regex' ? fits(location.regex, path) : false
    if (does === undefined) return undefined
    if (!does) continue
    const deeper = choose(site, place, path)
    return deeper && { place: deeper.place, isFinal: true }
  }
  return inner
}
