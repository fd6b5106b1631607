import { literalText } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { answering } from '../support/answering.js'
import { nginx } from '../support/dialects.js'
import { fastcgiAt, settingsOf } from '../support/places.js'
import { isWhole } from '../support/whole.js'

/** The page for a dead application is asked of that application. */
export const errorPageFromApplication: Rule = {
  code: 'routing/error-page-from-application',
  severity: 'warning',
  summary: 'A page for errors of the application that the application itself is asked for',
  dialects: nginx,
  site(site, context) {
    for (const { setting, place } of settingsOf(site, 'errorPages')) {
      if (place.host === undefined || !isWhole(context, place.host)) continue
      for (const { statuses, to, origin } of setting.value) {
        const path = to.kind === 'uri' ? literalText(to.uri)?.replace(/\?.*/, '') : undefined
        const isOfDead = statuses.some((status) => status === 502 || status === 504)
        // A script may be meant to make the page.
        if (path?.startsWith('/') !== true || !isOfDead || !/\.html?$/.test(path)) continue
        const answers = answering(site, place.host, path)
        const [placed] = answers === undefined ? [] : fastcgiAt(answers)
        if (placed === undefined || placed.place !== answers) continue
        context.report({
          span: origin,
          message: `\`${path}\` is asked of the application, which is what does not answer`,
          hint: `add \`location = ${path} { root …; internal; }\``,
          related: [{ span: placed.binding.origin, message: 'asked here' }]
        })
      }
    }
  }
}
