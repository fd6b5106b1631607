import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { textsOf, wordsOf } from '../support/source.js'

/** The URL that an Action leads to can be asked for as well. */
export const actionTargetOpen: Rule = {
  code: 'security/action-target-open',
  severity: 'warning',
  summary: 'The target of an `Action`, which everybody may call with a path of his choice',
  dialects: httpd,
  security: 6.5,
  site(site, context) {
    const actions = liveRecordsOf(site, 'Action')
    if (actions.length === 0 || textsOf(context).some((text) => text.includes('REDIRECT_STATUS'))) return
    for (const { span } of actions) {
      const word = wordsOf(context, span)[2]
      if (word === undefined || !/php|cgi/i.test(context.text(span))) continue
      context.report({
        span: word.span,
        message: `\`${word.value}/any/file\` can be asked for directly: the interpreter then runs that file, past the rules for its own URL`,
        hint: `add \`<Location "${word.value}">\` with \`Require env REDIRECT_STATUS\``
      })
    }
  }
}
