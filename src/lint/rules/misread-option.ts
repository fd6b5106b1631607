import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { valuesOf } from '../support/source.js'

/** What options do that are often taken for another one. */
const effects: ReadonlyMap<string, { readonly message: string; readonly hint: string }> = new Map([
  [
    'strip-request-uri',
    {
      message: 'this changes REQUEST_URI alone: SCRIPT_NAME and PATH_INFO keep what is cut off here',
      hint: 'for an application that shall not see its prefix, use the key of `fastcgi.server` and `fix-root-scriptname`'
    }
  ],
  [
    'broken-scriptfilename',
    {
      message:
        'with path info SCRIPT_FILENAME names no file any more: PHP finds its script with `cgi.fix_pathinfo=1` alone',
      hint: 'remove it unless an old PHP needs it'
    }
  ]
])

/** An option that does something else, or less, than its name says. */
export const misreadOption: Rule = {
  code: 'fastcgi/misread-option',
  severity: 'info',
  optional: true,
  summary: 'An option that does less than its name says',
  dialects: lighttpd,
  site(site, context) {
    for (const [name, effect] of effects) {
      for (const { span } of liveRecordsOf(site, name, 'fastcgi.server')) {
        if (valuesOf(context, span)[1] === 'disable') continue
        context.report({ span, ...effect })
      }
    }
  }
}
