import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** Without `$1` in its URL a `ProxyPassMatch` appends the whole path, whatever its groups say. */
export const proxyMatchIgnoresGroups: Rule = {
  code: 'fastcgi/proxy-match-ignores-groups',
  severity: 'warning',
  summary: 'A `ProxyPassMatch` whose groups are not used in its URL',
  dialects: httpd,
  site(site, context) {
    for (const record of liveRecordsOf(site, 'ProxyPassMatch')) {
      const [, pattern, url] = wordsOf(context, record.span)
      if (pattern === undefined || url === undefined || !/^(?:unix:[^|]*\|)?fcgi:/i.test(url.value)) continue
      // Groups may also be there for their alternatives alone.
      const isGroup = /(?:^|[^\\])\((?!\?)[^)|]*(?:\.[*+]|\])/.test(pattern.value)
      if (url.value.includes('$') || !isGroup) continue
      const isWhole = /^\^\/?\(.*\)\$$/.test(pattern.value)
      context.report({
        span: url.span,
        severity: isWhole ? 'info' : 'warning',
        message: isWhole
          ? 'the group is not used; the whole path is appended to this URL'
          : 'the groups are not used: the whole path is appended to this URL, not what they match',
        hint: 'end the URL in `/$1`, or leave the parentheses out'
      })
    }
  }
}
