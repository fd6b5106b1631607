import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { definedPaths } from '../support/definitions.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** The page is asked for with GET, and told the length of a POST that was answered already. */
export const errorDocumentToApplication: Rule = {
  code: 'fastcgi/error-document-to-application',
  severity: 'info',
  optional: true,
  summary: 'An application as ErrorDocument, which may wait for a body',
  dialects: httpd,
  site(site, context) {
    const names = new Set(definedPaths(site, context).flatMap(({ value }) => /[^/]+$/.exec(value)?.[0] ?? []))
    for (const { span } of liveRecordsOf(site, 'ErrorDocument')) {
      const to = wordsOf(context, span)[2]
      const name = /^\/(?:[^/?]*\/)*([^/?]+)/.exec(to?.value ?? '')?.[1]
      if (to === undefined || name === undefined || !(names.has(name) || /\.f?cgi$/.test(name))) continue
      context.report({
        span: to.span,
        message:
          'after a POST this application is told CONTENT_LENGTH and gets no body: libraries that read it wait',
        hint: 'let a file answer, or have the application ignore the body where REDIRECT_STATUS is set'
      })
    }
  }
}
