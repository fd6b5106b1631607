import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'

/** Keys of `fastcgi.server` are plain text. */
export const patternAsText: Rule = {
  code: 'fastcgi/pattern-as-text',
  severity: 'warning',
  summary: 'A pattern where plain text is compared',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { binding } of fastcgiBindings(site)) {
      const { match, origin } = binding
      if (match.kind !== 'suffix' && match.kind !== 'prefix') continue
      if (!/^[*^]|\*|\\\.|\$$|\(.*\)/.test(match.value)) continue
      report({
        span: origin,
        message: `\`${match.value}\` is compared as plain text, so that no request fits`,
        hint: 'write the end of the name (`.php`), or the beginning of the path (`/app/`)'
      })
    }
  }
}
