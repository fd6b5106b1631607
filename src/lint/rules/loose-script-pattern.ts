import type { Regex, Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import type { Span } from '../../diagnostics/index.js'
import { fastcgiBindings, placesOf } from '../support/places.js'

/** In a pattern for scripts a dot that fits everything, or an end that is not said. */
export const looseScriptPattern: Rule = {
  code: 'security/loose-script-pattern',
  severity: 'warning',
  summary: 'A pattern for scripts whose dot fits every character, or that has no end',
  dialects: 'all',
  security: 4.3,
  site(site, context) {
    for (const { span, regex } of patternsOf(site)) check(regex, span, context)
  }
}

function* patternsOf(site: Site): Generator<{ readonly span: Span; readonly regex: Regex }> {
  const asked = new Set(fastcgiBindings(site).map(({ place }) => place))
  for (const place of placesOf(site)) {
    const { location, when, head } = place.scope
    if (head === undefined) continue
    if (location?.kind === 'regex' && asked.has(place)) yield { span: head, regex: location.regex }
    const isHandler = asked.has(place) || place.own('label') !== undefined
    if (when.kind === 'test' && when.test.kind === 'regex' && isHandler) {
      if (when.subject.of === 'path' || when.subject.of === 'basename')
        yield { span: head, regex: when.test.regex }
    }
  }
  for (const { binding } of fastcgiBindings(site)) {
    if (binding.match.kind === 'regex') yield { span: binding.origin, regex: binding.match.regex }
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
