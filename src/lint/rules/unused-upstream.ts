import type { Rule, RuleContext } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { textsOf, wordsOf } from '../support/source.js'

/** An upstream that nothing sends a request to. */
export const unusedUpstream: Rule = {
  code: 'pool/unused',
  severity: 'warning',
  summary: 'An upstream that is never used',
  dialects: nginx,
  site(site, context) {
    const upstreams = liveRecordsOf(site, 'upstream')
    // A file of upstreams alone is used elsewhere, and what could not be read may use them.
    const isPart = ['fastcgi_pass', 'proxy_pass'].every((name) => liveRecordsOf(site, name).length === 0)
    if (upstreams.length === 0 || isPart || context.missing.length > 0) return
    const counts = countWords(context)
    for (const { span } of upstreams) {
      const name = wordsOf(context, span)[1]
      if (name === undefined || (counts.get(name.value.toLowerCase()) ?? 0) > 1) continue
      context.report({
        span: { ...span, end: name.span.end },
        message: `no directive uses the upstream \`${name.value}\``,
        hint: 'name it in a `fastcgi_pass`, or remove it'
      })
    }
  }
}

/** How often each word stands in all files: a name may be used in a `map`, a `set` or by a module of others. */
function countWords(context: RuleContext): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of textsOf(context)) {
    for (const [word] of text.matchAll(/[^\s;{}"']+/g)) {
      const name = word
        .replace(/^.*?:\/\//, '')
        .replace(/[:/].*/, '')
        .toLowerCase()
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return counts
}
