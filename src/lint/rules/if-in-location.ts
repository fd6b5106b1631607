import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** An `if` that holds takes the place of its location: its try list, and what other ifs set, are left. */
export const ifInLocation: Rule = {
  code: 'routing/if-in-location',
  severity: 'warning',
  summary: 'An `if` whose settings take the place of a try list or of another `if`',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'instructions')) {
      if (place.scope.location === undefined) continue
      const ifs = setting.value.flatMap((one) =>
        one.kind === 'if' && (one.takesOver?.length ?? 0) > 0 ? [one] : []
      )
      const [first] = ifs
      const last = ifs.at(-1)
      const tries = place.own('tryFiles')
      if (first === undefined || last === undefined) continue
      if (tries?.origin !== undefined) {
        report({
          span: first.origin,
          message:
            'where this holds, `try_files` of the location is not done: what stands in the `if` takes its place',
          hint: 'choose with a `map` and one setting, or with a location of its own',
          related: [{ span: tries.origin, message: 'this is left' }]
        })
      } else if (first !== last) {
        report({
          span: last.origin,
          message: 'of several of these that hold the last one counts alone, and what the others set is left',
          hint: 'choose with a `map` and one setting',
          related: [{ span: first.origin, message: 'one of the others' }]
        })
      }
    }
  }
}
