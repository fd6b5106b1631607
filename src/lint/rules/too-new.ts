import { isOlder } from '../../dialects/releases.js'
import type { Rule } from '../rule.js'
import { nameSpan } from '../support/records.js'
import { rowOf } from '../vocabulary.js'

/** A directive or option that the stated version of the server does not have yet. */
export const tooNew: Rule = {
  code: 'config/too-new',
  severity: 'error',
  summary: 'A directive or option that is newer than the server',
  dialects: 'all',
  site(site, { vocabulary, serverVersion, report }) {
    if (serverVersion === undefined) return
    for (const record of site.directives) {
      const since = rowOf(vocabulary, record)?.since
      if (since === undefined || !/^\d/.test(since) || !isOlder(serverVersion, since)) continue
      report({
        span: nameSpan(record),
        message: `\`${record.name}\` came with ${since}, and the server is ${serverVersion}`,
        hint: 'remove it, or use a newer server'
      })
    }
  }
}
