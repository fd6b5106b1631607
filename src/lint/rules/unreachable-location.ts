import type { LocationMatch } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { hasOuterAlternative, isPlain, literalEnd, literalStart } from '../support/regexes.js'

/** A location that no request ever comes to, because another one takes all that it matches. */
export const unreachableLocation: Rule = {
  code: 'routing/unreachable-location',
  severity: 'warning',
  summary: 'A location that another one takes all requests from',
  dialects: nginx,
  visits({ report }) {
    return {
      place(place) {
        if (place.scope.choose.kind !== 'location') return
        const siblings = place.inside.filter(({ scope }) => scope.location !== undefined)
        if (siblings.length < 2) return
        const cover = new Cover(siblings)
        for (const sibling of siblings) {
          const taker = cover.of(sibling)
          if (taker === undefined || sibling.scope.head === undefined) continue
          report({
            span: sibling.scope.head,
            message: `no request comes to \`${sibling.scope.name}\`: \`${taker.scope.name}\` takes them all`,
            hint: 'put the narrower one first, or remove it',
            ...(taker.scope.head && { related: [{ span: taker.scope.head, message: 'this one takes them' }] })
          })
        }
      }
    }
  }
}

/** What the locations of one block take, in their order; each is looked at once. */
class Cover {
  private readonly bySource = new Map<string, Place>()
  private readonly byEnd = new Map<string, Place>()
  private readonly byStart = new Map<string, Place>()
  private readonly named = new Map<string, Place>()
  private everything: Place | undefined
  /** Prefixes, and whether they forbid patterns. */
  private readonly prefixes: ReadonlyMap<string, boolean>
  private readonly owners = new Map<string, Place>()

  constructor(siblings: readonly Place[]) {
    const prefixes = new Map<string, boolean>()
    for (const place of siblings) {
      const { location } = place.scope
      if (location?.kind !== 'prefix') continue
      prefixes.set(location.value, location.noRegex)
      this.owners.set(location.value, place)
    }
    this.prefixes = prefixes
  }

  /** The one that takes all of a location's requests; the location counts for those behind it. */
  of(place: Place): Place | undefined {
    const { location } = place.scope
    if (location?.kind === 'named') return this.ofNamed(location.name, place)
    if (location?.kind !== 'regex') return undefined
    const taker =
      this.everything ?? this.bySourceOf(location) ?? this.byTextOf(location) ?? this.byPrefix(location)
    this.add(location, place)
    return taker
  }

  private ofNamed(name: string, place: Place): Place | undefined {
    const first = this.named.get(name)
    if (first === undefined) this.named.set(name, place)
    return first
  }

  private bySourceOf({ regex }: LocationMatch & { kind: 'regex' }): Place | undefined {
    const folded = this.bySource.get(`i ${regex.source}`)
    return folded ?? (regex.ignoreCase ? undefined : this.bySource.get(`  ${regex.source}`))
  }

  /** `\.php$` takes what ends so, and `^/a/` what begins so. */
  private byTextOf({ regex }: LocationMatch & { kind: 'regex' }): Place | undefined {
    if (regex.ignoreCase) return undefined
    const end = literalEnd(regex.source) ?? ''
    for (let at = 0; at < end.length; at++) {
      const taker = this.byEnd.get(end.slice(at))
      if (taker !== undefined) return taker
    }
    return hasOuterAlternative(regex.source)
      ? undefined
      : longest(literalStart(regex.source) ?? '', this.byStart)
  }

  /** A prefix with `^~` takes what begins so, unless a longer prefix stands between them. */
  private byPrefix({ regex }: LocationMatch & { kind: 'regex' }): Place | undefined {
    if (regex.ignoreCase || hasOuterAlternative(regex.source)) return undefined
    const start = literalStart(regex.source) ?? ''
    const taker = longest(start, this.owners)
    const value = taker?.scope.location?.kind === 'prefix' ? taker.scope.location.value : ''
    if (taker === undefined || this.prefixes.get(value) !== true) return undefined
    for (const other of this.prefixes.keys()) {
      if (other.length > value.length && other.startsWith(value)) return undefined
    }
    return taker
  }

  private add({ regex }: LocationMatch & { kind: 'regex' }, place: Place): void {
    const { source, ignoreCase } = regex
    if (/^(?:\^?\/?|\.\*?|\^\/?\.\*\$?)$/.test(source)) this.everything ??= place
    keepFirst(this.bySource, `${ignoreCase ? 'i' : ' '} ${source}`, place)
    if (!isPlain(source) || source.startsWith('^') === source.endsWith('$')) return
    const end = literalEnd(source)
    const start = literalStart(source)
    if (end !== undefined) keepFirst(this.byEnd, end, place)
    else if (start !== undefined && start !== '') keepFirst(this.byStart, start, place)
  }
}

function keepFirst(map: Map<string, Place>, key: string, place: Place): void {
  if (!map.has(key)) map.set(key, place)
}

function longest(text: string, by: ReadonlyMap<string, Place>): Place | undefined {
  for (let end = text.length; end > 0; end--) {
    const found = by.get(text.slice(0, end))
    if (found !== undefined) return found
  }
  return undefined
}
