import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { isForPhp } from '../support/php.js'
import { fastcgiBindings } from '../support/places.js'
import { recordsOf } from '../support/records.js'

/** nginx takes bodies of one megabyte. */
export const defaultBodyLimit: Rule = {
  code: 'fastcgi/default-body-limit',
  severity: 'info',
  optional: true,
  summary: 'Uploads that end at 1 MB, the default of nginx',
  dialects: nginx,
  site(site, { report, missing }) {
    // Another file may say it for all servers.
    if (missing.length > 0 || recordsOf(site, 'http').length === 0) return
    const said = new Set<unknown>()
    for (const placed of fastcgiBindings(site)) {
      const { binding, place } = placed
      if (said.has(place.host) || place.get('maxBodySize')?.origin !== undefined) continue
      if (!isForPhp(site, placed)) continue
      said.add(place.host)
      report({
        span: binding.origin,
        message: 'an upload of more than 1 MB is answered with 413: `client_max_body_size` is not set',
        hint: 'set it to what PHP takes (`post_max_size`)'
      })
    }
  }
}
