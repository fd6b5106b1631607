import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiAt, settingsOf } from '../support/places.js'

/** A POST to the URL without its slash is told to come again as GET. */
export const slashRedirect: Rule = {
  code: 'routing/slash-redirect',
  severity: 'info',
  optional: true,
  summary: 'A location for an application whose URL without the slash is a redirect',
  dialects: nginx,
  site(site, { report }) {
    for (const { place } of settingsOf(site, 'slashRedirect')) {
      const { location, head } = place.scope
      if (location?.kind !== 'prefix' || location.value === '/' || head === undefined) continue
      const bare = location.value.slice(0, -1)
      const [placed] = fastcgiAt(place)
      if (placed === undefined || place.parent === undefined) continue
      const isTaken = place.parent.inside.some(
        ({ scope }) => scope.location?.kind === 'exact' && scope.location.value === bare
      )
      if (isTaken) continue
      report({
        span: head,
        message: `\`${bare}\` is answered with a redirect (301) to \`${location.value}\`, which makes a GET of a POST`,
        hint: `add \`location = ${bare} { … }\` where programs call it`
      })
    }
  }
}
