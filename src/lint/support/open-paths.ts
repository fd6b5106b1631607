import { literalText } from '../../model/index.js'
import type { Access, Match, PathRule, Regex, Setting, Site } from '../../model/index.js'
import { allHold, holdsFor } from './path-conditions.js'
import type { Place } from './places.js'
import { placesOf } from './places.js'
import { fits } from './regexes.js'

/**
 * Those of some files below the root that a place gives that are surely sent to whoever asks for them: nobody refuses them
 * or asks for a login, and no application, redirect or rule takes their paths. For servers whose scopes are asked in order,
 * the later ones over the earlier.
 */
export function sentBelow(site: Site, from: Place, paths: readonly string[]): readonly string[] {
  const root = from.own('root')?.value
  const folder = root?.kind === 'root' ? literalText(root.path)?.replace(/\/$/, '') : undefined
  if (folder === undefined) return []
  const around = chainOf(from)
  const places = concerned(site, around)
  return paths.filter((path) => new Asking(around, path, `${folder}${path}`).isSent(places))
}

/** One request for a path that leads to a file and comes to a place. */
class Asking {
  private readonly answers = new Map<Place, boolean | undefined>()

  constructor(
    private readonly around: readonly Place[],
    private readonly path: string,
    private readonly file: string
  ) {}

  isSent(places: readonly Place[]): boolean {
    let isRefused: boolean | undefined = false
    for (const place of places) {
      const { settings } = place.scope
      if (settings.length === 0 || this.holds(place) === false) continue
      if (settings.some((setting) => this.isTaken(setting))) return false
      const access = place.own('access')?.value
      if (access === undefined) continue
      const refuses = this.isRefused(access)
      if (this.holds(place) === true) isRefused = refuses
      else if (refuses !== false) isRefused = undefined
    }
    return isRefused === false
  }

  /** Whether what a place says holds for the request. */
  private holds(place: Place): boolean | undefined {
    if (this.around.includes(place)) return true
    if (this.answers.has(place)) return this.answers.get(place)
    const own = holdsFor(place.scope.when, this.path, this.file)
    const answer = place.parent === undefined ? own : allHold([own, this.holds(place.parent)])
    this.answers.set(place, answer)
    return answer
  }

  private isRefused({ rules, otherwise }: Access): boolean | undefined {
    for (const { when, allow } of rules) {
      const doesHold = holdsFor(when, this.path, this.file)
      if (doesHold === true) return !allow
      if (doesHold === undefined) return undefined
    }
    return otherwise === 'deny'
  }

  /** Something but the file may answer, or ask for a login. */
  private isTaken(setting: Setting): boolean {
    switch (setting.key) {
      case 'furtherAccess':
      case 'undecided':
        return true
      case 'authentication':
        return setting.value.method !== 'none'
      case 'rewrites':
      case 'redirects':
        return setting.value.some(({ match }) => this.mayFit(match))
      case 'urlRules':
      case 'folderRules':
        return setting.value.rules.some((rule: PathRule) => rule.negated || this.mayFit(rule.match))
      case 'bindings':
        return setting.value.some(({ match }) => this.isBound(match))
      default:
        return false
    }
  }

  private isBound(match: Match): boolean {
    switch (match.kind) {
      case 'prefix':
        return this.path.startsWith(match.value)
      case 'suffix':
        return this.path.endsWith(match.value)
      case 'exact':
        return this.path === match.value
      case 'regex':
        return this.mayFit(match.regex)
      case 'label':
        return false
      case 'any':
      case 'file-prefix':
        return true
    }
  }

  /** Patterns are tried on the path, on the path without its slash, or on the name. */
  private mayFit(regex: Regex): boolean {
    return [this.path, this.path.slice(1), this.path.replace(/.*\//, '')].some(
      (text) => fits(regex, text) !== false
    )
  }
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
function concerned(site: Site, around: readonly Place[]): readonly Place[] {
  const found = domainsOf(site)
  return around
    .toReversed()
    .flatMap((place) => found.get(place) ?? [])
    .sort((a, b) => a.scope.rank - b.scope.rank)
}

function chainOf(place: Place): readonly Place[] {
  return place.parent === undefined ? [place] : [place, ...chainOf(place.parent)]
}
