import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf, within } from '../support/places.js'
import { uses } from '../support/templates.js'

/** The request that `auth_request` makes shares its variables with the one it is made for. */
export const setAgain: Rule = {
  code: 'routing/set-again',
  severity: 'warning',
  summary: 'A `set` of the server that `auth_request` runs again, with another URL',
  dialects: nginx,
  site(site, { report }) {
    const asking = new Map(
      settingsOf(site, 'authentication').flatMap(({ setting, place }) =>
        setting.value.permission === undefined ? [] : [[place.host, setting.value.permission] as const]
      )
    )
    for (const { setting, place } of settingsOf(site, 'instructions')) {
      const permission = place.scope.host === undefined ? undefined : asking.get(place)
      if (permission === undefined) continue
      for (const one of setting.value) {
        if (one.kind !== 'set' || !uses(one.value, 'path', 'query', 'script.name')) continue
        const user = `{"kind":"user","name":${JSON.stringify(one.name)}}`
        const isUsed = [...within(place)].some((inner) =>
          inner.scope.settings.some(
            ({ key, value }) =>
              (key !== 'instructions' || inner !== place) && JSON.stringify(value).includes(user)
          )
        )
        if (!isUsed) continue
        report({
          span: one.origin,
          message: `\`auth_request\` runs this again for its own URL, and \`$${one.name}\` tells of that from then on`,
          hint: 'use a `map` of the same variable, or set it in the location that needs it',
          related: [{ span: permission.origin, message: 'asked here' }]
        })
      }
    }
  }
}
