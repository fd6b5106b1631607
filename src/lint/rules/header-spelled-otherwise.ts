import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** `X_Token` of a client and `X-Token` of the server are one variable to the application. */
export const headerSpelledOtherwise: Rule = {
  code: 'security/header-spelled-otherwise',
  severity: 'info',
  summary: 'A header set for the application that clients can send under another spelling',
  dialects: lighttpd,
  security: 4.8,
  precision: 'medium',
  site(site, context) {
    if (fastcgiBindings(site).length === 0) return
    for (const name of ['setenv.add-request-header', 'setenv.set-request-header']) {
      for (const { span } of liveRecordsOf(site, name)) {
        const words = wordsOf(context, span).slice(1)
        const header = words.find(({ value }, at) => at % 2 === 0 && /^x-/i.test(value))
        if (header === undefined) continue
        context.report({
          span: header.span,
          message: `a client that sends \`${header.value.replaceAll('-', '_')}\` gives the application the same variable, \`HTTP_${header.value.toUpperCase().replaceAll('-', '_')}\``,
          hint: 'let the application trust a variable of its own: `setenv.add-environment`'
        })
      }
    }
  }
}
