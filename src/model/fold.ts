import type { InForce } from './plan.js'
import { mergeRules, type Setting, type SettingKey, type SettingOf, type SettingValues } from './setting.js'

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

type Named = { readonly name?: string; readonly extension?: string; readonly label?: string }

function merged(outer: Setting, inner: Setting): SettingOf<SettingKey> {
  const value = inner.merge === 'replace' ? inner.value : mergedValue(inner.key, outer.value, inner.value)
  if (value === inner.value) return inner
  const parts = [...origins(outer), ...origins(inner)]
  return { ...inner, value, ...(parts.length > 0 ? { parts } : {}) } as Setting
}

function mergedValue<K extends SettingKey>(key: K, outer: unknown, inner: SettingValues[K]): unknown {
  if (!Array.isArray(outer) || !Array.isArray(inner)) return inner
  const before: readonly unknown[] = outer
  const after: readonly unknown[] = inner
  const rule = mergeRules[key]
  switch (rule) {
    case 'replace':
      return inner
    case 'append':
      return [...before, ...after]
    case 'prepend':
      return [...after, ...before]
    case 'by-key':
      return byKey(before as readonly Named[], after as readonly Named[])
  }
}

function byKey(outer: readonly Named[], inner: readonly Named[]): readonly Named[] {
  const keyOf = (entry: Named): string => entry.extension ?? entry.label ?? entry.name ?? ''
  const own = new Map(inner.map((entry) => [keyOf(entry), entry]))
  const kept = outer.map((entry) => own.get(keyOf(entry)) ?? entry)
  const known = new Set(outer.map(keyOf))
  return [...kept, ...inner.filter((entry) => !known.has(keyOf(entry)))]
}

/** Every directive that had a part in a setting. */
export function origins(setting: Setting): readonly NonNullable<Setting['origin']>[] {
  return [...(setting.origin ? [setting.origin] : []), ...(setting.parts ?? [])]
}
