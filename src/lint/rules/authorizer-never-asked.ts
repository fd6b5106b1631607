import type { Rule, RuleContext } from '../rule.js'
import type { Site } from '../../model/index.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { valuesOf } from '../support/source.js'

/** httpd asks an authorizer only where something is required. */
export const authorizerNeverAsked: Rule = {
  code: 'security/authorizer-never-asked',
  severity: 'error',
  summary: 'An authorizer in a section that requires nothing, so that it is never asked',
  dialects: httpd,
  security: 8.2,
  site(site, context) {
    const names = ['FastCgiAuthorizer', 'FastCgiAuthenticator', 'FcgidAuthorizer', 'FcgidAuthenticator']
    const checkers = names.flatMap((name) => liveRecordsOf(site, name))
    if (checkers.length === 0) return
    const sections = sectionsOf(site, context)
    const required = new Set(
      liveRecordsOf(site, 'Require')
        .filter((record) => wants(record.span, context))
        .map(({ span }) => sectionOf(sections, span))
    )
    const inherited = requiredElsewhere(site, context)
    for (const { span, name } of checkers) {
      const section = sectionOf(sections, span)
      if (required.has(section) || inherited) continue
      context.report({
        span,
        message: `\`${name}\` is never asked: nothing in \`${section?.name ?? 'this place'}\` requires a user`,
        hint: 'add `Require valid-user`, with `AuthType` and `AuthName`'
      })
    }
  }
}

function wants(span: Parameters<RuleContext['words']>[0], context: RuleContext): boolean {
  return /^(?:valid-user|user|group|ldap-\w+|expr)$/i.test(valuesOf(context, span)[1] ?? '')
}

/** Where files are missing, or `.htaccess` rules, the requirement may stand there. */
function requiredElsewhere(_site: Site, { missing }: RuleContext): boolean {
  return missing.length > 0
}
