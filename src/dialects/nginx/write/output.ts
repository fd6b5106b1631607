import type { Span } from '../../../diagnostics/index.js'
import type { ConditionRule, Instruction, Ledger, Listener, Pool, Scope, Site } from '../../../model/index.js'
import { block, type Item } from './document.js'
import type { UrlNode } from './nodes.js'

/**
 * What the parts of one configuration share: definitions that must stand at the `http` level, found on the way and
 * written once, and the ledger.
 */
export interface Output {
  readonly site: Site
  readonly ledger: Ledger
  readonly listeners: readonly Listener[]
  /** What cannot be guarded is left open. */
  readonly allowOpen: boolean
  readonly pools: ReadonlyMap<string, Pool>
  /** Variables that some instruction of the site sets; nginx does not start with others. */
  readonly variables: ReadonlySet<string>
  /** Defines a variable by a map and gives its name. The same map is made once. */
  map(name: string, source: string, cases: readonly (readonly [match: string, value: string])[]): string
  /** Defines a variable that is 1 for clients of a network, and 0 for others. */
  geo(name: string, network: string): string
  /** The variable that an instruction sets is made by a block of its own. */
  isComputed(instruction: Instruction): boolean
  /** Pools that some location hands requests to, or that were told to be lost. */
  readonly used: Set<string>
  /** Addresses at which a program is started, and where it is set up. */
  readonly started: Map<string, Span>
  /** Groups of the pattern on the host's name that the server being written is chosen by. */
  readonly hostGroups: Set<number | string>
  /** Places of the server being written whose rewrites stand in the server. */
  said: ReadonlySet<UrlNode | ConditionRule>
  /** Rules of the server being written that no location could ask. */
  readonly unasked: Set<ConditionRule>
  /** What limits count in, by what it counts and its name. */
  readonly zones: Map<string, Item>
  /** A name nobody has taken, near the one wished. */
  freshName(wish: string): string
  upstream(pool: string, name: string, body: readonly Item[], comments: readonly string[]): string
  readonly httpItems: () => readonly Item[]
}

export function openOutput(
  site: Site,
  listeners: readonly Listener[],
  ledger: Ledger,
  allowOpen: boolean
): Output {
  const maps = new Map<string, { readonly name: string; readonly item: Item }>()
  const upstreams = new Map<string, Upstream>()
  const zones = new Map<string, Item>()
  const computed = site.computed ?? []
  const madeAt = new Set(computed.map(({ origin }) => placeOf(origin)))
  const taken = new Set(computed.map(({ name }) => name))
  const freshName = (wish: string): string => {
    let name = wish
    for (let count = 2; taken.has(name); count++) name = `${wish}_${String(count)}`
    taken.add(name)
    return name
  }
  return {
    site,
    ledger,
    listeners,
    allowOpen,
    variables: new Set([...variablesOf(site.root), ...computed.map(({ name }) => name)]),
    isComputed: (instruction) =>
      (instruction.kind === 'set' || instruction.kind === 'if') && madeAt.has(placeOf(instruction.origin)),
    pools: new Map(site.pools.map((pool) => [pool.id, pool])),
    freshName,
    map(name, source, cases) {
      const key = JSON.stringify([name, source, cases])
      const known = maps.get(key)
      if (known) return known.name
      const variable = `$${freshName(name)}`
      const body = cases.map(([match, value]) => ({ words: [match, value], comments: [] }))
      maps.set(key, { name: variable, item: block(['map', source, variable], body) })
      return variable
    },
    geo(name, network) {
      const known = maps.get(`geo ${network}`)
      if (known) return known.name
      const variable = `$${freshName(name)}`
      const body = [
        { words: [network, '1'], comments: [] },
        { words: ['default', '0'], comments: [] }
      ]
      maps.set(`geo ${network}`, { name: variable, item: block(['geo', variable], body) })
      return variable
    },
    used: new Set(),
    started: new Map(),
    hostGroups: new Set(),
    said: new Set(),
    unasked: new Set(),
    zones,
    upstream(pool, wish, body, comments) {
      const known = upstreams.get(pool)
      if (known) return known.name
      // Pools that differ in what their locations say of them share one block, and so take turns together.
      const same = [...upstreams.values()].find(
        (other) => other.wish === wish && isSame(other.item.body, body)
      )
      const name = same?.name ?? freshName(wish)
      upstreams.set(pool, { wish, name, item: same?.item ?? block(['upstream', name], body, comments) })
      return name
    },
    httpItems: () => [
      ...[...maps.values()].map(({ item }) => item),
      ...new Set([...upstreams.values()].map(({ item }) => item)),
      ...zones.values()
    ]
  }
}

interface Upstream {
  readonly wish: string
  readonly name: string
  readonly item: Item
}

function isSame(one: readonly Item[] | undefined, other: readonly Item[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function placeOf(span: Span | undefined): string {
  return span === undefined ? '' : `${span.file}:${String(span.start)}-${String(span.end)}`
}

function variablesOf(root: Scope): ReadonlySet<string> {
  const names = new Set<string>()
  const look = (instructions: readonly Instruction[]): void => {
    for (const instruction of instructions) {
      // Other names are a reader's own, and nginx cannot spell them.
      if (instruction.kind === 'set' && /^\w+$/.test(instruction.name)) names.add(instruction.name)
      if (instruction.kind === 'if') look(instruction.then)
    }
  }
  const walk = (scope: Scope): void => {
    for (const setting of scope.settings) {
      if (setting.key === 'instructions') look(setting.value)
      if (setting.key === 'authentication') look(setting.value.permission?.sets ?? [])
    }
    scope.children.forEach(walk)
  }
  walk(root)
  return names
}
