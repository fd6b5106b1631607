import type { Rule } from '../rule.js'
import { nameSpan, recordsByName } from '../support/records.js'
import { rowOf } from '../vocabulary.js'

/** A directive or option that its server keeps only for old configurations. */
export const deprecatedKey: Rule = {
  code: 'config/deprecated-key',
  severity: 'warning',
  summary: 'A directive or option that has been replaced',
  dialects: 'all',
  site(site, { vocabulary, report }) {
    for (const alike of recordsByName(site)) {
      const [first] = alike
      const deprecated = first && rowOf(vocabulary, first)?.deprecated
      if (deprecated === undefined) continue
      const since = deprecated.since === undefined ? '' : ` since ${deprecated.since}`
      for (const record of alike) {
        // What stands in a section for older versions is right there.
        if (record.state.kind === 'ignored') continue
        report({
          span: nameSpan(record),
          message: `\`${record.name}\` is deprecated${since}`,
          hint:
            deprecated.instead === undefined
              ? 'remove it; nothing takes its place'
              : `use \`${deprecated.instead}\``
        })
      }
    }
  }
}
