import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'

/** Names that a program's source has; `.map` and the like stand for no file. */
const scripts = /\.(?:php\d?|phtml|inc|f?cgi|pl|py|rb|lua|sh)$/i

/** Where a handler does not take a script, its source is sent as a file. */
export const sourceSent: Rule = {
  code: 'security/source-sent',
  severity: 'info',
  summary: 'Scripts that are sent as text where their handler does not take them',
  dialects: lighttpd,
  security: 5.3,
  site(site, { report }) {
    for (const { binding, target, place } of fastcgiBindings(site)) {
      const { match } = binding
      if (match.kind !== 'suffix' || target.role !== 'responder' || !scripts.test(match.value)) continue
      // A part of a configuration has its document root, and what is not sent from there, in the main file.
      if (place.get('root') === undefined) continue
      if (place.get('staticRefused')?.value.includes(match.value) === true) continue
      report({
        span: binding.origin,
        message: `where this handler does not hold, files with \`${match.value}\` are sent as they are: their source, with its passwords`,
        hint: `add \`static-file.exclude-extensions = ( "${match.value}" )\``
      })
    }
  }
}
