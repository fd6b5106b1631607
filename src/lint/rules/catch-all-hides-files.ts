import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'

/** An application that takes every path takes those of static files too. */
export const catchAllHidesFiles: Rule = {
  code: 'fastcgi/catch-all-hides-files',
  severity: 'warning',
  summary: 'An application that takes every request although an alias has files to send',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { binding, target, place } of fastcgiBindings(site)) {
      const { match } = binding
      const isAll =
        (match.kind === 'prefix' && match.value === '/') ||
        (match.kind === 'suffix' && match.value === '') ||
        match.kind === 'any'
      const alias = place.own('aliases')?.value[0]
      if (!isAll || target.mustExist || target.role !== 'responder' || alias === undefined) continue
      report({
        span: alias.origin,
        message:
          'the application takes every path, these too: the alias only changes what it is told as SCRIPT_FILENAME',
        hint: 'put `fastcgi.server` into a condition that leaves these paths out, as in `$HTTP["url"] !~ "^/static/"`',
        related: [{ span: binding.origin, message: 'this takes every path' }]
      })
    }
  }
}
