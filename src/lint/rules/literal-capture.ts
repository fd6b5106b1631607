import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** Groups are put in by rewrites and redirects alone. */
export const literalCapture: Rule = {
  code: 'config/literal-capture',
  severity: 'warning',
  summary: 'A `%1` where groups of a condition are not put in',
  dialects: lighttpd,
  site(site, context) {
    for (const { setting } of settingsOf(site, 'root')) {
      const { origin } = setting
      if (origin === undefined || !valuesOf(context, origin).some((value) => /%\d/.test(value))) continue
      if (
        !liveRecordsOf(site, 'server.document-root').some(
          ({ span }) => span.start === origin.start && span.file === origin.file
        )
      )
        continue
      context.report({
        span: origin,
        message: 'the group is not put in: the folder is looked for by this name, `%` and all',
        hint: 'use mod_evhost (`evhost.path-pattern`) or mod_simple_vhost for folders by the name of the host'
      })
    }
  }
}
