import type { Span } from '../../diagnostics/index.js'
import type {
  Binding,
  FastcgiTarget,
  Pool,
  Scope,
  Setting,
  SettingKey,
  SettingOf,
  Site
} from '../../model/index.js'

/** A scope with those around it, so that a rule can ask what is in force there. */
export class Place {
  /** The scopes directly inside it, in the order of the text. */
  readonly inside: Place[] = []

  constructor(
    readonly scope: Scope,
    readonly parent: Place | undefined
  ) {}

  /** What the scope itself says of the setting. */
  own<K extends SettingKey>(key: K): OwnSetting<K> | undefined {
    // Asked a hundred times for each place of a Site: a loop takes half of what `findLast` does.
    const { settings } = this.scope
    for (let index = settings.length - 1; index >= 0; index--) {
      const setting = settings[index]
      if (setting !== undefined && isOf(setting, key)) return setting
    }
    return undefined
  }

  /** What holds here: what the scope says, else the nearest one around it that hands the setting on. */
  get<K extends SettingKey>(key: K): OwnSetting<K> | undefined {
    const own = this.own(key)
    if (own !== undefined) return own
    for (let around = this.parent; around !== undefined; around = around.parent) {
      const setting = around.own(key)
      if (setting?.reach === 'inherited') return setting
    }
    return undefined
  }

  private asked: readonly PlacedBinding[] | undefined

  /** The bindings to FastCGI applications that stand here; most rules ask, so that they are found once. */
  applications(): readonly PlacedBinding[] {
    if (this.asked !== undefined) return this.asked
    const lists = this.scope.settings.filter((setting) => isOf(setting, 'bindings'))
    this.asked = lists.length === 0 ? noneAsked : lists.flatMap(({ value }) => fastcgiOf(value, this))
    return this.asked
  }

  /** The virtual host it belongs to; undefined above all hosts. */
  get host(): Place | undefined {
    if (this.scope.host !== undefined) return this
    return this.parent?.host
  }
}

export function isOf<K extends SettingKey>(setting: Setting, key: K): setting is OwnSetting<K> {
  return setting.key === key
}

export type OwnSetting<K extends SettingKey> = Setting & SettingOf<K>

interface Index {
  readonly places: readonly Place[]
  readonly byKey: ReadonlyMap<SettingKey, readonly Placed<SettingKey>[]>
  readonly pools: ReadonlyMap<string, Pool>
}

export interface Placed<K extends SettingKey> {
  readonly setting: OwnSetting<K>
  readonly place: Place
}

const indexes = new WeakMap<Site, Index>()

/** Made once for each Site, for all rules. */
function indexOf(site: Site): Index {
  const known = indexes.get(site)
  if (known !== undefined) return known
  const places: Place[] = []
  const byKey = new Map<SettingKey, Placed<SettingKey>[]>()
  const open = [new Place(site.root, undefined)]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    places.push(place)
    for (const setting of place.scope.settings) {
      const found = byKey.get(setting.key)
      if (found === undefined) byKey.set(setting.key, [{ setting, place }])
      else found.push({ setting, place })
    }
    const { inside, scope } = place
    for (const child of scope.children) inside.push(new Place(child, place))
    for (let index = inside.length - 1; index >= 0; index--) {
      const next = inside[index]
      if (next !== undefined) open.push(next)
    }
  }
  const made = { places, byKey, pools: new Map(site.pools.map((pool) => [pool.id, pool])) }
  indexes.set(site, made)
  return made
}

/** Every scope, outer ones first, in the order of the text. */
export function placesOf(site: Site): readonly Place[] {
  return indexOf(site).places
}

/** A place and all that lies inside it. */
export function* within(place: Place): Generator<Place> {
  const open = [place]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    open.push(...next.inside.toReversed())
  }
}

/** The kinds of settings that a Site has. */
export function settingKeysOf(site: Site): Iterable<SettingKey> {
  return indexOf(site).byKey.keys()
}

/** Every setting of a kind, with the place that says it. */
export function settingsOf<K extends SettingKey>(site: Site, key: K): readonly Placed<K>[] {
  const found = indexOf(site).byKey.get(key)
  return found !== undefined && areOf(found, key) ? found : []
}

/** Those that stand under one key are of one kind. */
function areOf<K extends SettingKey>(
  found: readonly Placed<SettingKey>[],
  key: K
): found is readonly (Placed<SettingKey> & Placed<K>)[] {
  return found[0]?.setting.key === key
}

const noneAsked: readonly PlacedBinding[] = []

export interface PlacedBinding {
  readonly binding: Binding
  readonly target: FastcgiTarget
  readonly place: Place
}

const pools = new WeakMap<Site, ReadonlySet<Pool>>()

/** The pools that bindings send to. */
export function usedPools(site: Site): ReadonlySet<Pool> {
  const known = pools.get(site)
  if (known !== undefined) return known
  const made = new Set(fastcgiBindings(site).flatMap(({ target }) => poolOf(site, target) ?? []))
  pools.set(site, made)
  return made
}

const bindings = new WeakMap<Site, readonly PlacedBinding[]>()

/** Every binding to a FastCGI application; most rules ask, so that it is made once. */
export function fastcgiBindings(site: Site): readonly PlacedBinding[] {
  const known = bindings.get(site)
  if (known !== undefined) return known
  const made = placesOf(site).flatMap((place) => place.applications())
  bindings.set(site, made)
  return made
}

function fastcgiOf(list: readonly Binding[], place: Place): readonly PlacedBinding[] {
  return list.flatMap((binding) =>
    binding.target.kind === 'fastcgi' ? [{ binding, target: binding.target, place }] : []
  )
}

/** The bindings to FastCGI applications that hold at a place. */
export function fastcgiAt(place: Place): readonly PlacedBinding[] {
  const setting = place.get('bindings')
  return setting === undefined ? [] : fastcgiOf(setting.value, place)
}

/** The pool a target sends to; undefined where each request names one. */
export function poolOf(site: Site, { pool }: FastcgiTarget): Pool | undefined {
  return pool.kind === 'pool' ? indexOf(site).pools.get(pool.id) : undefined
}

/** The innermost scope that a span stands in; the root where it stands in none, or in a file of its own. */
export function placeAt(site: Site, span: Span): Place {
  const places = placesOf(site)
  const [root] = places
  if (root === undefined) throw new Error('a Site has a root')
  const inFile = inTextOrder(places, span.file)
  let low = 0
  let high = inFile.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((inFile[middle]?.scope.origin?.start ?? 0) <= span.start) low = middle + 1
    else high = middle
  }
  let place = inFile[low - 1]
  while (place?.parent !== undefined && (place.scope.origin?.end ?? Infinity) < span.end) place = place.parent
  return place ?? root
}

const inFiles = new WeakMap<readonly Place[], Map<string, readonly Place[]>>()

function inTextOrder(places: readonly Place[], file: string): readonly Place[] {
  let files = inFiles.get(places)
  if (files === undefined) {
    files = new Map()
    inFiles.set(places, files)
  }
  const known = files.get(file)
  if (known !== undefined) return known
  const made = places
    .filter(({ scope }) => scope.origin?.file === file)
    .toSorted((a, b) => (a.scope.origin?.start ?? 0) - (b.scope.origin?.start ?? 0))
  files.set(file, made)
  return made
}
