import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { placeAt, within } from '../support/places.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** Answers of the application are taken away for pages that nobody has named. */
export const interceptWithoutPage: Rule = {
  code: 'fastcgi/intercept-without-page',
  severity: 'info',
  summary: 'Errors of the application that are intercepted, and no page to put in their place',
  dialects: nginx,
  site(site, context) {
    // In a part of a configuration the pages may be named in another file.
    if (context.missing.length > 0 || recordsOf(site, 'http').length === 0) return
    for (const { span } of liveRecordsOf(site, 'fastcgi_intercept_errors')) {
      if (valuesOf(context, span)[1]?.toLowerCase() !== 'on') continue
      const place = placeAt(site, span)
      const isNamed = [...within(place)].some((inner) => inner.get('errorPages') !== undefined)
      if (isNamed) continue
      context.report({
        span,
        message: 'this does nothing: no `error_page` is in force here',
        hint: 'add one, or remove this'
      })
    }
  }
}
