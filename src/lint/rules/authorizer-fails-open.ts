import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** Where the checker is not authoritative, one that does not answer lets everybody in. */
export const failsOpen: Rule = {
  code: 'security/authorizer-fails-open',
  severity: 'warning',
  summary: 'An authorizer whose refusal, and whose failure, does not count',
  dialects: httpd,
  security: 6.5,
  site(site, context) {
    const names = [
      'FastCgiAuthorizer',
      'FastCgiAuthenticator',
      'FastCgiAccessChecker',
      'FcgidAuthorizer',
      'FcgidAuthenticator',
      'FcgidAccessChecker'
    ]
    for (const name of names) {
      for (const { span } of liveRecordsOf(site, `${name}Authoritative`)) {
        if (valuesOf(context, span)[1]?.toLowerCase() !== 'off') continue
        context.report({
          span,
          message: `a refusal by the application is left to others to decide, and so is its failure: where nobody else refuses, everybody is let in`,
          hint: 'leave it on, which is the default'
        })
      }
    }
  }
}
