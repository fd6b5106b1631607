import type { PathRules } from './path-rules.js'
import type { InForce } from './plan.js'
import { mergeRules, type Setting, type SettingKey, type SettingOf } from './setting.js'

/** The settings in force once `setting` is added to `outer`, by its kind's merge rule. */
export function fold(outer: InForce, setting: Setting): InForce {
  const before = outer[setting.key]
  return { ...outer, [setting.key]: before === undefined ? setting : merged(before, setting) }
}

export function foldAll(outer: InForce, settings: readonly Setting[]): InForce {
  return settings.reduce(fold, outer)
}

/** The settings of a place, as a list. */
export function settingsOf(settings: InForce): readonly Setting[] {
  return Object.values(settings)
}

/** What holds in a scope that says `inner`, inside one where `outer` holds: what reaches no further is left behind. */
export function inside(outer: InForce, inner: InForce): InForce {
  return foldAll(inherited(outer), settingsOf(inner))
}

/** The part of the settings that scopes further in get. */
export function inherited(outer: InForce): InForce {
  return foldAll(
    {},
    settingsOf(outer).filter((setting) => setting.reach === 'inherited')
  )
}

type Grouped = { readonly group?: string }
type Named = {
  readonly name?: string
  readonly extension?: string
  readonly label?: string
  readonly what?: string
}

function merged(outer: Setting, inner: Setting): SettingOf<SettingKey> {
  const value = mergedValue(inner, outer.value)
  const groups = mergedGroups(outer, inner)
  if (value === inner.value && groups === inner.groups) return inner
  const parts = [...origins(outer), ...origins(inner)]
  return { ...inner, value, ...(groups && { groups }), ...(parts.length > 0 ? { parts } : {}) } as Setting
}

/** Whether nothing is left of `earlier` where `later` is folded behind it. */
export function hides(later: Setting, earlier: Setting): boolean {
  if (later.key !== earlier.key) return false
  const rule = later.merge ?? mergeRules[later.key]
  return rule === 'replace' || (rule === 'by-group' && coversGroups(later, earlier))
}

const noGroup = ['']

function coversGroups({ groups = noGroup }: Setting, { groups: others = noGroup }: Setting): boolean {
  return others.every((group) => groups.includes(group))
}

function mergedGroups(outer: Setting, inner: Setting): readonly string[] | undefined {
  if (mergeRules[inner.key] !== 'by-group' || coversGroups(inner, outer)) return inner.groups
  return [...new Set([...(outer.groups ?? noGroup), ...(inner.groups ?? noGroup)])]
}

function mergedValue(inner: Setting, outer: unknown): unknown {
  if (inner.key === 'folderRules') return joinedRules(outer as PathRules, inner.value)
  if (!Array.isArray(outer) || !Array.isArray(inner.value)) return inner.value
  const before: readonly unknown[] = outer
  const after: readonly unknown[] = inner.value
  const rule = inner.merge ?? mergeRules[inner.key]
  switch (rule) {
    case 'replace':
      return inner.value
    case 'by-group': {
      const { groups = noGroup } = inner
      const others = (before as readonly Grouped[]).filter(({ group = '' }) => !groups.includes(group))
      return others.length === 0 ? inner.value : [...others, ...after]
    }
    case 'append':
      return [...before, ...after]
    case 'prepend':
      return [...after, ...before]
    case 'by-key':
      return byKey(before as readonly Named[], after as readonly Named[])
    case 'by-options':
      return inner.value
  }
}

/** Rules of two places where both hold: httpd's `config_perdir_merge`. */
export function joinedRules(outer: PathRules, inner: PathRules): PathRules {
  const options = inner.options ?? outer.options
  const handed = options?.refuses === true ? undefined : outer.options?.handsDown
  const how = options?.inherits ?? handed
  const rules =
    how === undefined
      ? inner.rules
      : how === 'behind'
        ? [...inner.rules, ...outer.rules]
        : [...outer.rules, ...inner.rules]
  const base = inner.base ?? (options?.inheritsBase === true ? outer.base : undefined)
  return {
    ...inner,
    rules,
    ...(base !== undefined && { base }),
    ...(options !== undefined && { options })
  }
}

function byKey(outer: readonly Named[], inner: readonly Named[]): readonly Named[] {
  // An extension has a handler and a media type, each by itself.
  const keyOf = ({ extension, what = '', label, name }: Named): string =>
    extension === undefined ? (label ?? name ?? '') : `${what} ${extension}`
  const own = new Map(inner.map((entry) => [keyOf(entry), entry]))
  const kept = outer.map((entry) => own.get(keyOf(entry)) ?? entry)
  const known = new Set(outer.map(keyOf))
  return [...kept, ...inner.filter((entry) => !known.has(keyOf(entry)))]
}

/** Every directive that had a part in a setting. */
export function origins(setting: Setting): readonly NonNullable<Setting['origin']>[] {
  return [...(setting.origin ? [setting.origin] : []), ...(setting.parts ?? [])]
}
