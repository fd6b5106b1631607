import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { sectionOf, sectionsOf } from '../support/sections.js'
import { valuesOf } from '../support/source.js'

/** An authorizer that says yes says it in place of `Require`. */
export const authorizerOverrides: Rule = {
  code: 'security/authorizer-overrides',
  severity: 'warning',
  summary: 'An authorizer whose yes lets in users that `Require` does not name',
  dialects: httpd,
  security: 6.5,
  site(site, context) {
    const authorizers = liveRecordsOf(site, 'FastCgiAuthorizer')
    if (authorizers.length === 0) return
    const sections = sectionsOf(site, context)
    const off = new Set(
      liveRecordsOf(site, 'FastCgiAuthorizerAuthoritative')
        .filter(({ span }) => valuesOf(context, span)[1]?.toLowerCase() === 'off')
        .map(({ span }) => sectionOf(sections, span))
    )
    const narrow = liveRecordsOf(site, 'Require').filter(({ span }) =>
      /^(?:user|group)$/i.test(valuesOf(context, span)[1] ?? '')
    )
    for (const { span } of authorizers) {
      const section = sectionOf(sections, span)
      const required = narrow.find((record) => sectionOf(sections, record.span) === section)
      if (required === undefined || off.has(section)) continue
      context.report({
        span,
        message: `whoever this says yes to comes in, also a user that \`${context.text(required.span)}\` does not name`,
        hint: 'let the authorizer look at REMOTE_USER itself, or write `FastCgiAuthorizerAuthoritative Off`',
        related: [{ span: required.span, message: 'not asked then' }]
      })
    }
  }
}
