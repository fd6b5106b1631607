import type {
  ConditionRule,
  HostName,
  InForce,
  Listener,
  LocationRule,
  Plan,
  PlannedHost,
  PlannedRule,
  PlanNote,
  Scope,
  Setting,
  Site
} from '../model/index.js'
import { allOf, eachTest, foldAll, fold, hides, settingsOf } from '../model/index.js'
import { byUrl, mappingsOf } from './files.js'
import { nameKey, namesOfTest, type NameClass } from './hosts.js'
import { entriesOf, type Entry, type World } from './worlds.js'

/**
 * Evaluates the scope tree for every host name and listener the site tells apart, and keeps what is left: settings that
 * hold for all URLs of a host, and rules for some of them. Names and listeners that lead to the same are put together.
 */
export function plan(site: Site): Plan {
  const notes = new Map<string, PlanNote>()
  const note = (add: PlanNote): void => {
    notes.set(`${add.origin?.file ?? ''}:${String(add.origin?.start)}:${add.note.message}`, add)
  }
  const groups = site.listeners.map((listener) => ({
    listeners: [listener],
    hosts: hostsOf(site, listener, note)
  }))
  const hosts = sameListenersTogether(groups).flatMap(({ listeners, hosts }) =>
    hosts.map((host) => plannedHost(listeners, host))
  )
  return { site, hosts, notes: [...notes.values()] }
}

/** The names that lead to one outcome, with the outcome. */
interface Group {
  readonly key: string
  readonly names: readonly HostName[]
  readonly isDefault: boolean
  readonly entries: readonly Entry[]
  readonly scope: Scope | undefined
}

function hostsOf(site: Site, listener: Listener, note: (note: PlanNote) => void): readonly Group[] {
  const outcome = (of: NameClass): { readonly key: string; readonly world: World } => {
    const world = entriesOf(site.root, listener, of, note)
    return { key: JSON.stringify(world.entries.map(keyOf)), world }
  }
  const others = outcome({ kind: 'other' })
  const groups = new Map<string, { names: HostName[]; world: World }>()
  const ofDefault: HostName[] = []
  const names = namesOf(site.root, listener)
  const patterns = names.some(({ name }) => name.kind !== 'exact')
  for (const { name, declared } of names) {
    const { key, world } = outcome(classOf(name))
    if (key === others.key) {
      if (declared || patterns) ofDefault.push(name)
      continue
    }
    const group = groups.get(key) ?? { names: [], world }
    group.names.push(name)
    groups.set(key, group)
  }
  const rest: Group = {
    key: others.key,
    names: ofDefault,
    isDefault: true,
    entries: others.world.entries,
    scope: others.world.host
  }
  const named = [...groups].map(([key, { names, world }]) => ({
    key,
    names,
    isDefault: false,
    entries: world.entries,
    scope: world.host ?? world.chosen.find((scope) => !others.world.chosen.includes(scope))
  }))
  return [...named.sort((a, b) => precedence(a) - precedence(b)), rest]
}

const kinds = ['exact', 'leading-wildcard', 'trailing-wildcard', 'glob', 'regex'] as const

/** Exact names before wildcards, longer wildcards before shorter ones, patterns last in their order. */
function precedence(group: Pick<Group, 'names'>): number {
  const [name] = group.names
  if (name === undefined) return Infinity
  const length = name.kind === 'leading-wildcard' || name.kind === 'trailing-wildcard' ? name.value.length : 0
  return kinds.indexOf(name.kind) * 1000 - Math.min(length, 999)
}

function classOf(name: HostName): NameClass {
  return name.kind === 'exact'
    ? { kind: 'exact', name: name.value, host: name }
    : { kind: 'pattern', host: name }
}

/** Every name the tree distinguishes on a listener, once. `declared`: as a virtual host's own, not by a condition. */
function namesOf(
  root: Scope,
  listener: Listener
): readonly { readonly name: HostName; readonly declared: boolean }[] {
  const found = new Map<string, { readonly name: HostName; readonly declared: boolean }>()
  const add = (name: HostName, declared: boolean): void => {
    const key = nameKey(name)
    if (!found.has(key) || declared) found.set(key, { name, declared })
  }
  const walk = (scope: Scope): void => {
    const origin = scope.head ?? scope.origin ?? { file: '', start: 0, end: 0 }
    eachTest(scope.when, (subject, test) => {
      if (subject.of !== 'host') return
      // Hosts are compared in lower case, so a capital that counts never fits.
      const capitals = test.kind === 'equals' && test.ignoreCase !== true && /[A-Z]/.test(test.value)
      if (!capitals) for (const name of namesOfTest(test, origin)) add(name, false)
    })
    if (scope.host !== undefined) {
      if (!scope.host.listeners.includes(listener.id)) return
      for (const name of scope.host.names) add(name, true)
    }
    scope.children.forEach(walk)
  }
  walk(root)
  return [...found.values()]
}

/** Equal for entries with the same effect: the scope's number says which settings, the condition what is left open. */
function keyOf(entry: Entry): unknown {
  return [entry.id, entry.when, entry.entries.map(keyOf)]
}

function sameListenersTogether(
  groups: readonly { readonly listeners: readonly Listener[]; readonly hosts: readonly Group[] }[]
): readonly { readonly listeners: readonly Listener[]; readonly hosts: readonly Group[] }[] {
  const together = new Map<string, { listeners: Listener[]; readonly hosts: readonly Group[] }>()
  for (const { listeners, hosts } of groups) {
    const key = JSON.stringify(hosts.map((host) => [host.key, host.names.map(nameKey)]))
    const known = together.get(key)
    if (known) known.listeners.push(...listeners)
    else together.set(key, { listeners: [...listeners], hosts })
  }
  return [...together.values()]
}

function plannedHost(listeners: readonly Listener[], group: Group): PlannedHost {
  const mappings = mappingsOf(certain(group.entries))
  const entries = inOrder(translated(group.entries, (entry) => byUrl(entry.when, mappings)))
  const origin = group.scope?.head ?? group.scope?.origin
  return {
    listeners,
    names: group.names,
    isDefault: group.isDefault,
    settings: certain(entries),
    rules: rulesOf(entries),
    ...(origin ? { origin } : {}),
    ...(group.scope ? { name: group.scope.name } : {})
  }
}

function translated(entries: readonly Entry[], when: (entry: Entry) => Entry['when']): readonly Entry[] {
  return entries.map((entry) => ({
    ...entry,
    when: when(entry),
    entries: translated(entry.entries, when)
  }))
}

/**
 * Entries in the order they are folded in: unconditional ones opened up, and what stands inside a condition but is folded
 * later than all of its level (a Location inside an If) taken out with both conditions.
 */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const opened = entries.flatMap((entry): readonly Entry[] => {
    if (entry.when.kind === 'never') return []
    const inner = inOrder(entry.entries)
    if (entry.location !== undefined) return [{ ...entry, entries: inner }]
    if (entry.when.kind === 'always') return [{ ...entry, entries: [] }, ...inner]
    const later = inner.filter((each) => each.rank > entry.rank && each.location === undefined)
    return [
      { ...entry, entries: inner.filter((each) => !later.includes(each)) },
      ...later.map((each) => ({ ...each, when: allOf([entry.when, each.when]) }))
    ]
  })
  return opened
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => a.entry.rank - b.entry.rank || a.index - b.index)
    .map(({ entry }) => entry)
}

function isCertain(entry: Entry): boolean {
  return entry.when.kind === 'always' && entry.location === undefined
}

function certain(entries: readonly Entry[]): InForce {
  return inOrder(entries)
    .filter(isCertain)
    .reduce<InForce>((settings, entry) => foldAll(settings, entry.settings), {} satisfies InForce)
}

function rulesOf(entries: readonly Entry[]): readonly PlannedRule[] {
  return entries.flatMap((entry, index) => {
    if (isCertain(entry)) return []
    const later = entries.slice(index + 1).filter(isCertain)
    const laterSettings = later.flatMap((each) => each.settings)
    const own = entry.settings.filter(
      (setting) => entry.location !== undefined || !laterSettings.some((each) => hides(each, setting))
    )
    const rule = ruleOf(entry, own)
    return rule.rules.length > 0 || settingsOf(rule.settings).length > 0 || rule.kind === 'location'
      ? [rule]
      : []
  })
}

function ruleOf(entry: Entry, settings: readonly Setting[]): PlannedRule {
  const always = entry.entries.filter(isCertain).flatMap((each) => each.settings)
  const common = {
    name: entry.name,
    settings: [...settings, ...always].reduce<InForce>((folded, setting) => fold(folded, setting), {}),
    rules: rulesOf(entry.entries),
    ...(entry.origin ? { origin: entry.origin } : {})
  }
  return entry.location === undefined
    ? ({ kind: 'condition', when: entry.when, ...common } satisfies ConditionRule)
    : ({ kind: 'location', match: entry.location, ...common } satisfies LocationRule)
}
