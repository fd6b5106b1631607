import type { Span } from '../../../diagnostics/index.js'
import type { SettingKey, SettingOf, SettingValues } from '../../../model/index.js'

/** A setting with the directives it came from. */
export function setting<K extends SettingKey>(
  key: K,
  value: SettingValues[K],
  reach: 'inherited' | 'own',
  origins: readonly Span[] = []
): SettingOf<K> {
  const [origin, ...parts] = origins
  return {
    key,
    value,
    reach,
    ...(origin === undefined ? {} : { origin }),
    ...(parts.length === 0 ? {} : { parts })
  }
}
