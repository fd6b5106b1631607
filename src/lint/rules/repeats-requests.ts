import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** A request that acts is sent twice. */
export const nextUpstreamRepeats: Rule = {
  code: 'pool/repeats-requests',
  severity: 'warning',
  summary: 'Requests that act (POST) and are sent to a second application',
  dialects: nginx,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'fastcgi_next_upstream')) {
      const word = wordsOf(context, span).find(({ value }) => value.toLowerCase() === 'non_idempotent')
      if (word === undefined) continue
      context.report({
        span: word.span,
        message:
          'an order that timed out is placed again: POST, LOCK and PATCH go to the next server as well',
        hint: 'leave `non_idempotent` out'
      })
    }
  }
}
