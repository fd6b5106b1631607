import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { isForPhp, takes } from '../support/php.js'
import { fastcgiBindings } from '../support/places.js'
import { fits } from '../support/regexes.js'

/** A script whose name is spelt otherwise is sent as text. */
export const otherScriptSpellings: Rule = {
  code: 'security/other-script-spellings',
  severity: 'info',
  optional: true,
  summary: 'Scripts such as `x.PHP` and `x.phtml`, which are sent as text',
  dialects: nginx,
  security: 5.3,
  site(site, { report }) {
    const said = new Set<unknown>()
    for (const placed of fastcgiBindings(site)) {
      const { place } = placed
      const { location, head } = place.scope
      if (location?.kind !== 'regex' || place.parent === undefined || head === undefined) continue
      if (said.has(place.host) || !isForPhp(site, placed) || takes(place, '/x.php') !== true) continue
      const siblings = place.parent.inside
      const sent = ['/x.PHP', '/x.phtml', '/x.php5'].filter(
        (path) =>
          !siblings.some(
            ({ scope }) => scope.location?.kind === 'regex' && fits(scope.location.regex, path) !== false
          )
      )
      if (sent.length === 0) continue
      said.add(place.host)
      report({
        span: head,
        message: `${sent.map((path) => `\`${path}\``).join(', ')}: nobody takes these, so that their source is sent`,
        hint: 'add `location ~* \\.(?:php\\d?|phtml|phar|inc)$ { return 404; }` behind this one'
      })
    }
  }
}
