import type { Regex } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import type { Span } from '../../diagnostics/index.js'

/** In a pattern for scripts a dot that fits everything, or an end that is not said. */
export const looseScriptPattern: Rule = {
  code: 'security/loose-script-pattern',
  severity: 'warning',
  summary: 'A pattern for scripts whose dot fits every character, or that has no end',
  dialects: 'all',
  security: 4.3,
  visits(context) {
    return {
      place(place) {
        const { location, when, head } = place.scope
        if (head === undefined) return
        const isAsked = place.applications().length > 0
        if (location?.kind === 'regex' && isAsked) check(location.regex, head, context)
        if (when.kind !== 'test' || when.test.kind !== 'regex') return
        if (when.subject.of !== 'path' && when.subject.of !== 'basename') return
        if (isAsked || place.own('label') !== undefined) check(when.test.regex, head, context)
      },
      binding({ binding: { match, origin } }) {
        if (match.kind === 'regex') check(match.regex, origin, context)
      }
    }
  }
}

const script = /(^|[^\\])\.(?:php\d?|phtml|fcgi|cgi|pl|py)\b/

function check({ source }: Regex, span: Span, { report }: RuleContext): void {
  const dot = script.exec(source.replace(/\[[^\]]*\]/g, 'x'))
  if (dot !== null && !/[.\])]$/.test(dot[1] ?? '')) {
    report({
      span,
      message: `the dot in \`${source}\` fits every character, not a dot alone`,
      hint: 'write `\\.`'
    })
  }
  if (/\\\.(?:php\d?|phtml|fcgi|cgi)$/.test(source)) {
    report({
      span,
      message: `\`${source}\` has no end: \`/config.php.bak\`, \`/x.php~\` and \`/x.phps\` fit too, and go to the application`,
      hint: 'end it with `$`, or with `(/|$)` where path info follows'
    })
  }
}
