import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { placesOf } from '../support/places.js'

/** `_` is a name like any other: the first server of an address answers for unknown names. */
export const catchAllNotFirst: Rule = {
  code: 'routing/catch-all-not-first',
  severity: 'warning',
  summary: 'A server meant for unknown names that is not the default one of its address',
  dialects: nginx,
  site(site, { report, missing }) {
    // What could not be read may stand before it.
    if (missing.length > 0) return
    const first = new Map<string, Place>()
    const settled = new Set<string>()
    const hosts = placesOf(site).filter(({ scope }) => scope.host !== undefined)
    for (const place of hosts) {
      for (const id of place.scope.host?.listeners ?? []) {
        if (!first.has(id)) first.set(id, place)
        if (place.scope.host?.isDefault === true) settled.add(id)
      }
    }
    for (const place of hosts) {
      const { listeners = [], names = [] } = place.scope.host ?? {}
      const anybody = names.find((name) => name.kind === 'exact' && /^_+$/.test(name.value))
      const id = listeners.find((one) => !settled.has(one) && first.get(one) !== place)
      const other = id === undefined ? undefined : first.get(id)?.scope.head
      if (anybody === undefined || other === undefined) continue
      report({
        span: anybody.origin,
        message:
          'unknown names do not come here: `_` is a name like any other, and the first server of an address answers for them',
        hint: 'write `default_server` behind the `listen` of this server',
        related: [{ span: other, message: 'this one answers' }]
      })
    }
  }
}
