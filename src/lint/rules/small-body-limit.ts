import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'

/** mod_fcgid takes bodies of 128 KB. */
export const smallBodyLimit: Rule = {
  code: 'fastcgi/small-body-limit',
  severity: 'info',
  summary: 'Uploads that end at 128 KB, the default of mod_fcgid',
  dialects: httpd,
  site(site, context) {
    const handler = [...liveRecordsOf(site, 'SetHandler'), ...liveRecordsOf(site, 'AddHandler')].find(
      ({ span }) => context.text(span).includes('fcgid-script')
    )
    if (
      handler === undefined ||
      recordsOf(site, 'FcgidMaxRequestLen').length > 0 ||
      context.missing.length > 0
    )
      return
    // A part of a configuration may be included beside the limit.
    if (['Listen', 'VirtualHost'].every((name) => recordsOf(site, name).length === 0)) return
    context.report({
      span: handler.span,
      message: 'a body of more than 131072 bytes is answered with 500: `FcgidMaxRequestLen` is not set',
      hint: 'set it to what uploads may have, in bytes'
    })
  }
}
