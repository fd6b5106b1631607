import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'
import { optionsIn } from '../support/options.js'

/** An application with a prefix is asked only for files that exist, unless `check-local` is off. */
export const checkLocalOnPrefix: Rule = {
  code: 'fastcgi/check-local-on-prefix',
  severity: 'warning',
  summary: 'An application with a prefix that is asked only for files that exist',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { binding, target } of fastcgiBindings(site)) {
      const { match, origin } = binding
      if (match.kind !== 'prefix' || !target.mustExist || target.role !== 'responder') continue
      // A whole file's name is one that exists, and a docroot or the option itself says that files are meant.
      const options = optionsIn(site, origin)
      if (/\.\w+$/.test(match.value) || options.has('docroot') || options.has('check-local')) continue
      report({
        span: origin,
        message: `paths below \`${match.value}\` that are no files are answered with 404: \`check-local\` is on`,
        hint: 'add `"check-local" => "disable"` for an application with paths of its own'
      })
    }
  }
}
