import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** The handler for errors as front controller. */
export const errorHandlerAsController: Rule = {
  code: 'routing/error-handler-as-controller',
  severity: 'info',
  summary: 'A script for errors that answers all pretty URLs',
  dialects: lighttpd,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'server.error-handler-404')) {
      const word = wordsOf(context, span)[1]
      if (word === undefined || !/\.(?:php|fcgi|cgi|pl|py|rb)(?:$|\?)/.test(word.value)) continue
      context.report({
        span: word.span,
        message:
          'this answers what is missing, and what is forbidden, with 200 unless it says otherwise, and gets no query',
        hint: 'use `url.rewrite-if-not-file`, with the query in the pattern'
      })
    }
    for (const { span } of liveRecordsOf(site, 'fastcgi.map-extensions')) {
      const words = wordsOf(context, span).slice(1)
      const keys = new Set(
        liveRecordsOf(site, 'fastcgi.server').flatMap((server) =>
          wordsOf(context, server.span).map(({ value }) => value)
        )
      )
      for (const word of words.filter((_, at) => at % 2 === 1)) {
        if (keys.has(word.value) || keys.size === 0) continue
        context.report({
          span: word.span,
          severity: 'warning',
          message: `\`fastcgi.server\` has no \`${word.value}\`: the extension is mapped to nothing, and such files are sent as text`,
          hint: 'name a key of `fastcgi.server`'
        })
      }
    }
  }
}
