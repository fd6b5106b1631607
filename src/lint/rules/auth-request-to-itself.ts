import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** The URL that decides is answered by the guarded location itself. */
export const authRequestToItself: Rule = {
  code: 'security/auth-request-to-itself',
  severity: 'error',
  summary: 'An `auth_request` that no location of its own answers',
  dialects: nginx,
  security: 7.5,
  site(site, { report, missing }) {
    for (const { setting, place } of settingsOf(site, 'authentication')) {
      const permission = setting.value.permission
      if (permission === undefined || place.host === undefined || missing.length > 0) continue
      const path = permission.to.replace(/\?.*/, '')
      const fits = place.host.inside.filter(({ scope: { location } }) => {
        if (location?.kind === 'exact') return location.value === path
        return location?.kind === 'prefix' ? path.startsWith(location.value) : location?.kind === 'regex'
      })
      const own =
        fits.some((other) => other !== place && other.scope.location?.kind !== 'prefix') ||
        fits.some(
          (other) =>
            other !== place &&
            other.scope.location?.kind === 'prefix' &&
            other.scope.location.value.length > 1
        )
      if (own) continue
      report({
        span: permission.origin,
        message: `no location answers \`${path}\` but the guarded one: a file there, or the index, says yes to everybody`,
        hint: `add \`location = ${path} { internal; … }\` with what decides`
      })
    }
  }
}
