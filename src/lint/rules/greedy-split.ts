import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** A greedy group takes all up to the last `.php`. */
export const greedySplit: Rule = {
  code: 'fastcgi/greedy-split',
  severity: 'info',
  summary: 'A split at the last `.php` of the path, not at the first',
  dialects: nginx,
  site(site, context) {
    for (const { span } of liveRecordsOf(site, 'fastcgi_split_path_info')) {
      const word = wordsOf(context, span)[1]
      const greedy = word && /\(\.[+*](?!\?)(?:\\?\.|\[\^\/\])/.exec(word.value)
      if (word === undefined || greedy === null || greedy === undefined) continue
      const lazy = `${word.value.slice(0, greedy.index + 3)}?${word.value.slice(greedy.index + 3)}`
      context.report({
        span: word.span,
        message: `for \`/a.php/b.php\` this takes \`/a.php/b.php\` for the script: it goes on to the last \`.php\``,
        hint: `write \`${lazy}\``,
        fix: {
          title: 'split at the first script',
          safety: 'unsafe',
          edits: [{ span: word.span, text: lazy }]
        }
      })
    }
  }
}
