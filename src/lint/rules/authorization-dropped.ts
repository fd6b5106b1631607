import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { fastcgiBindings, settingsOf } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { isForPhp } from '../support/php.js'
import { textsOf } from '../support/source.js'

/** httpd keeps the Authorization header from applications, unless it is told otherwise. */
export const authorizationDropped: Rule = {
  code: 'fastcgi/authorization-dropped',
  severity: 'info',
  summary: 'Applications that do not get the Authorization header',
  dialects: httpd,
  site(site, context) {
    const passes =
      settingsOf(site, 'passedHeaders').length > 0 || liveRecordsOf(site, 'CGIPassAuth').length > 0
    if (passes || context.missing.length > 0) return
    // SetEnvIf, RewriteRule with E= and -pass-header all name it.
    const texts = textsOf(context)
    if (texts.some((text) => /authorization/i.test(text)) || !texts.some((text) => /php/i.test(text))) return
    const placed = fastcgiBindings(site).find((one) => one.target.role === 'responder' && isForPhp(site, one))
    const handler = liveRecordsOf(site, 'SetHandler').find(({ span }) =>
      /fcgi:|fcgid-script|fastcgi-script/.test(context.text(span))
    )
    const span = handler?.span ?? placed?.binding.origin
    if (span === undefined) return
    context.report({
      span,
      message: 'the application does not get the header Authorization: logins and tokens of APIs do not work',
      hint: 'add `CGIPassAuth On` to the section (httpd 2.4.13), or `-pass-header Authorization` to the definition, or `FcgidPassHeader Authorization`'
    })
  }
}
