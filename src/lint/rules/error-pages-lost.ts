import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** One `error_page` in a block drops all of those around it. */
export const errorPagesLost: Rule = {
  code: 'config/error-pages-lost',
  severity: 'info',
  summary: 'Error pages of an outer block that an inner one silently drops',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'errorPages')) {
      const outer = place.parent?.get('errorPages')
      const first = setting.origin ?? setting.parts?.[0]
      if (outer === undefined || first === undefined) continue
      const own = new Set(setting.value.flatMap(({ statuses }) => statuses))
      const lost = outer.value.flatMap(({ statuses }) => statuses.filter((status) => !own.has(status)))
      const [one] = lost
      const from = outer.value[0]?.origin
      if (one === undefined || from === undefined) continue
      report({
        span: first,
        message: `the error pages given here replace all of those around: ${lost.join(', ')} ${lost.length === 1 ? 'has' : 'have'} none here`,
        hint: 'repeat them here',
        related: [{ span: from, message: 'this is left' }]
      })
    }
  }
}
