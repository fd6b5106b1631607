import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { placeAt } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { literalEnd } from '../support/regexes.js'

/** `fastcgi_index` acts on paths that end in a slash, which a location for `\.php$` never sees. */
export const uselessIndex: Rule = {
  code: 'fastcgi/useless-index',
  severity: 'info',
  summary: '`fastcgi_index` in a location that sees no path with a slash at its end',
  dialects: nginx,
  site(site, { report }) {
    for (const record of liveRecordsOf(site, 'fastcgi_index')) {
      const { location, name } = placeAt(site, record.span).scope
      const end = location?.kind === 'regex' ? literalEnd(location.regex.source) : undefined
      const exact = location?.kind === 'exact' ? location.value : undefined
      const last = end ?? exact
      if (last === undefined || last === '' || last.endsWith('/')) continue
      report({
        span: record.span,
        message: `\`fastcgi_index\` has no effect in \`${name}\`: no path that comes here ends in a slash`,
        hint: 'remove it; what answers for a folder is said by `index`',
        fix: {
          title: 'remove `fastcgi_index`',
          safety: 'safe',
          edits: [{ span: record.span, text: '' }]
        }
      })
    }
  }
}
