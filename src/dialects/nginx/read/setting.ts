import type { Span } from '../../../diagnostics/index.js'
import type { SettingKey, SettingOf, SettingValues } from '../../../model/index.js'

/** A setting with the directives it came from. */
export function setting<K extends SettingKey>(
  key: K,
  value: SettingValues[K],
  reach: 'inherited' | 'own',
  origins: readonly Span[] = []
): SettingOf<K> {
  const [origin] = origins
  if (origin === undefined) return { key, value, reach }
  if (origins.length === 1) return { key, value, reach, origin }
  return { key, value, reach, origin, parts: origins.slice(1) }
}
