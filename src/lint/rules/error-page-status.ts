import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** Without `=` a page keeps the error's status, whatever the script answers. */
export const errorPageStatus: Rule = {
  code: 'routing/error-page-status',
  severity: 'info',
  summary: 'A script as error page whose status does not count',
  dialects: nginx,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'error_page')) {
      const words = wordsOf(context, span)
      const last = words.at(-1)
      if (last === undefined || !/\.(?:php|fcgi|cgi)(?:$|[?$])/.test(last.value)) continue
      if (words.some(({ value }) => value.startsWith('=')) || !words.some(({ value }) => value === '404'))
        continue
      context.report({
        span,
        message: `all that \`${last.value}\` answers has the status 404, whatever it says itself, and a POST comes to it as GET`,
        hint: 'for a front controller write `error_page 404 = …`, or better `try_files`'
      })
    }
  }
}
