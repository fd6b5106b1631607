import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { settingsOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'

/** One `add_header` in a block drops all of those around it. */
export const headersLost: Rule = {
  code: 'config/headers-lost',
  severity: 'warning',
  summary: 'Headers of an outer block that an inner one silently drops',
  dialects: nginx,
  security: 4.3,
  site(site, { report }) {
    // With `add_header_inherit merge` (1.29.3) they add up.
    if (liveRecordsOf(site, 'add_header_inherit').length > 0) return
    for (const { setting, place } of settingsOf(site, 'responseHeaders')) {
      const outer = place.parent && outerOf(place.parent)
      const first = setting.origin ?? setting.parts?.[0]
      if (outer === undefined || first === undefined) continue
      const names = new Set(setting.value.map(({ name }) => name.toLowerCase()))
      const lost = outer.filter(({ name }) => guarding.test(name) && !names.has(name.toLowerCase()))
      const [one] = lost
      if (one === undefined) continue
      report({
        span: first,
        message: `the headers given here replace all of those around: \`${lost.map(({ name }) => name).join('`, `')}\` ${lost.length === 1 ? 'is' : 'are'} not sent`,
        hint: 'repeat them here, or put them all into a file that each block includes'
      })
    }
  }
}

const guarding =
  /^(?:strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy|permissions-policy|access-control-allow-origin|cross-origin-\w+-policy)$/i

function outerOf(place: Place) {
  return place.get('responseHeaders')?.value
}
