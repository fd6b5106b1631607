import type { HostName } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'

/** `_` is a name like any other: the first server of an address answers for unknown names. */
export const catchAllNotFirst: Rule = {
  code: 'routing/catch-all-not-first',
  severity: 'warning',
  summary: 'A server meant for unknown names that is not the default one of its address',
  dialects: nginx,
  visits({ report, missing }) {
    // What could not be read may stand before it.
    if (missing.length > 0) return {}
    const first = new Map<string, Place>()
    const settled = new Set<string>()
    const forAnybody: { readonly place: Place; readonly name: HostName }[] = []
    return {
      host(place) {
        const { listeners = [], names = [], isDefault } = place.scope.host ?? {}
        for (const id of listeners) {
          if (!first.has(id)) first.set(id, place)
          if (isDefault === true) settled.add(id)
        }
        const name = names.find((one) => one.kind === 'exact' && /^_+$/.test(one.value))
        if (name !== undefined) forAnybody.push({ place, name })
      },
      end() {
        for (const { place, name } of forAnybody) {
          const listeners = place.scope.host?.listeners ?? []
          const id = listeners.find((one) => !settled.has(one) && first.get(one) !== place)
          const other = id === undefined ? undefined : first.get(id)?.scope.head
          if (other === undefined) continue
          report({
            span: name.origin,
            message:
              'unknown names do not come here: `_` is a name like any other, and the first server of an address answers for them',
            hint: 'write `default_server` behind the `listen` of this server',
            related: [{ span: other, message: 'this one answers' }]
          })
        }
      }
    }
  }
}
