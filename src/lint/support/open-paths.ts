import { literalText } from '../../model/index.js'
import type { Access, Site } from '../../model/index.js'
import { allHold, holdsFor } from './path-conditions.js'
import type { Place } from './places.js'
import { placesOf } from './places.js'
import { fits } from './regexes.js'

/**
 * Whether a file below the root that a place gives is surely sent to whoever asks for it: nobody refuses it or asks for a
 * login, and no application, redirect or rule takes its path. For servers whose scopes are asked in order, the later ones
 * over the earlier.
 */
export function isSentBelow(site: Site, from: Place, path: string): boolean {
  const root = from.own('root')?.value
  if (root?.kind !== 'root') return false
  const folder = literalText(root.path)
  if (folder === undefined) return false
  const file = `${folder.replace(/\/$/, '')}${path}`
  let isRefused: boolean | undefined = false
  const around = chainOf(from)
  for (const place of concerned(site, from)) {
    const doesHold = holdsHere(place, around, path, file)
    if (doesHold === false) continue
    if (isTaken(place, path)) return false
    const access = place.own('access')?.value
    if (access === undefined) continue
    const refuses = refusesPath(access, path, file)
    if (doesHold === true) isRefused = refuses
    else if (refuses !== false) isRefused = undefined
  }
  return isRefused === false
}

const domains = new WeakMap<Site, ReadonlyMap<Place, readonly Place[]>>()

/** Which places belong to each host, and to each place with a root of its own, without those that belong to one further in. */
function domainsOf(site: Site): ReadonlyMap<Place, readonly Place[]> {
  const known = domains.get(site)
  if (known !== undefined) return known
  const made = new Map<Place, Place[]>()
  const owners = new Map<Place, Place>()
  for (const place of placesOf(site)) {
    const around = place.parent && owners.get(place.parent)
    const isOwner = around === undefined || place.scope.host !== undefined || place.own('root') !== undefined
    const owner = isOwner ? place : around
    owners.set(place, owner)
    const inside = made.get(owner)
    if (inside === undefined) made.set(owner, [place])
    else inside.push(place)
  }
  domains.set(site, made)
  return made
}

/** All that may have a say in what is asked for below the root of a place, as it is folded: by rank, else as it stands. */
function concerned(site: Site, from: Place): readonly Place[] {
  const found = domainsOf(site)
  return chainOf(from)
    .toReversed()
    .flatMap((place) => found.get(place) ?? [])
    .sort((a, b) => a.scope.rank - b.scope.rank)
}

/** Whether what a place says holds for requests for a path that come to the place `from`. */
function holdsHere(place: Place, from: readonly Place[], path: string, file: string): boolean | undefined {
  const asked = chainOf(place).filter((one) => !from.includes(one))
  return allHold(asked.map(({ scope }) => holdsFor(scope.when, path, file)))
}

function chainOf(place: Place): readonly Place[] {
  return place.parent === undefined ? [place] : [place, ...chainOf(place.parent)]
}

function refusesPath({ rules, otherwise }: Access, path: string, file: string): boolean | undefined {
  for (const { when, allow } of rules) {
    const doesHold = holdsFor(when, path, file)
    if (doesHold === true) return !allow
    if (doesHold === undefined) return undefined
  }
  return otherwise === 'deny'
}

/** Something but the file may answer. */
function isTaken(place: Place, path: string): boolean {
  if (place.own('furtherAccess') !== undefined || place.own('undecided') !== undefined) return true
  const login = place.own('authentication')?.value
  if (login !== undefined && login.method !== 'none') return true
  const mayFit = (regex: Parameters<typeof fits>[0]): boolean =>
    [path, path.slice(1), path.replace(/.*\//, '')].some((text) => fits(regex, text) !== false)
  const rewrites = (place.own('rewrites')?.value ?? []).map(({ match }) => match)
  const redirects = (place.own('redirects')?.value ?? []).map(({ match }) => match)
  const rules = (['urlRules', 'folderRules'] as const).flatMap((key) => place.own(key)?.value.rules ?? [])
  if ([...rewrites, ...redirects].some(mayFit)) return true
  if (rules.some(({ match, negated }) => negated || mayFit(match))) return true
  return (place.get('bindings')?.value ?? []).some(({ match }) => {
    switch (match.kind) {
      case 'prefix':
        return path.startsWith(match.value)
      case 'suffix':
        return path.endsWith(match.value)
      case 'exact':
        return path === match.value
      case 'regex':
        return mayFit(match.regex)
      case 'label':
        return false
      case 'any':
      case 'file-prefix':
        return true
    }
  })
}
