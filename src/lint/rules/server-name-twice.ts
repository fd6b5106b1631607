import type { HostName, Scope } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { placesOf } from '../support/places.js'

/** Of two hosts with one name the second is never asked. */
export const serverNameTwice: Rule = {
  code: 'routing/server-name-twice',
  severity: 'warning',
  summary: 'A name that two hosts of one address have, of which the second never answers',
  dialects: 'all',
  site(site, { report }) {
    const seen = new Map<string, { readonly scope: Scope; readonly name: HostName }>()
    for (const { scope } of placesOf(site)) {
      for (const name of scope.host?.names ?? []) {
        if (name.kind === 'regex' || (name.kind === 'exact' && name.value === '')) continue
        const { kind, value, origin } = name
        const keys = (scope.host?.listeners ?? []).map((id) => `${id} ${kind} ${value.toLowerCase()}`)
        const first = keys.map((key) => seen.get(key)).find((found) => found !== undefined)
        for (const key of keys) if (!seen.has(key)) seen.set(key, { scope, name })
        if (first === undefined || first.scope === scope) continue
        const other = first.name.origin
        if (other.start === origin.start && other.file === origin.file) continue
        report({
          span: origin,
          message: `\`${value}\` is the name of another host at the same address, and that one answers`,
          hint: 'remove the name from one of them',
          related: [{ span: other, message: 'this one answers' }]
        })
      }
    }
  }
}
