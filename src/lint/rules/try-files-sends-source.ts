import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { literalText } from '../../model/index.js'
import { settingsOf } from '../support/places.js'

/** A file found in a try list is answered where the list stands; no other location is looked for. */
export const tryFilesSendsSource: Rule = {
  code: 'security/try-files-sends-source',
  severity: 'error',
  summary: 'A `try_files` that finds a script and sends it as a file',
  dialects: nginx,
  security: 7.5,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'tryFiles')) {
      if (setting.origin === undefined || place.scope.location === undefined) continue
      if (place.own('bindings') !== undefined) continue
      const script = setting.value.candidates
        .map(({ path }) => literalText(path.slice(-1)))
        .find((text) => text !== undefined && /\.(?:php\d?|fcgi|cgi|pl|py)$/.test(text))
      if (script === undefined) continue
      report({
        span: setting.origin,
        message: `where \`…${script}\` is a file it is sent as it is: only the last word goes on to another location`,
        hint: 'let the script be the last word'
      })
    }
  }
}
