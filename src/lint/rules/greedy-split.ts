import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** Which of them goes wrong depends on what must come behind the script. */
const examples = ['/a.php/b.php', '/a.php/b.php/c']

/** What the split takes for the script; nothing for a pattern that is no JavaScript as it stands. */
function scriptOf(pattern: string, path: string): string | undefined {
  try {
    return new RegExp(pattern).exec(path)?.[1]
  } catch {
    return undefined
  }
}

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
      const example = examples.find((path) => scriptOf(word.value, path) === '/a.php/b.php')
      if (example === undefined) continue
      const lazy = `${word.value.slice(0, greedy.index + 3)}?${word.value.slice(greedy.index + 3)}`
      context.report({
        span: word.span,
        message: `for \`${example}\` this takes \`/a.php/b.php\` for the script: it goes on to the last \`.php\``,
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
