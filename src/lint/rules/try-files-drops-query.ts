import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'
import { literalText } from '../../model/index.js'
import { wordsOf } from '../support/source.js'

/** The last of a try list is a new target: what is not written behind its question mark is gone. */
export const tryFilesDropsQuery: Rule = {
  code: 'routing/try-files-drops-query',
  severity: 'info',
  summary: 'A `try_files` that ends in a script and drops the query',
  dialects: nginx,
  site(site, context) {
    for (const { setting } of settingsOf(site, 'tryFiles')) {
      const { last } = setting.value
      const to = last.kind === 'uri' ? literalText(last.to) : undefined
      if (to === undefined || !/\.(?:php\d?|fcgi|cgi|pl|py)$/.test(to) || setting.origin === undefined)
        continue
      const word = wordsOf(context, setting.origin).at(-1)
      context.report({
        span: word?.span ?? setting.origin,
        message: `\`${to}\` gets no query: \`/page?id=1\` arrives without \`id=1\``,
        hint: `write \`${to}$is_args$args\``,
        ...(word && {
          fix: {
            title: 'keep the query',
            safety: 'unsafe' as const,
            edits: [{ span: word.span, text: `${to}$is_args$args` }]
          }
        })
      })
    }
  }
}
