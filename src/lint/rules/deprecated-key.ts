import type { Rule } from '../rule.js'
import { nameSpan } from '../support/records.js'
import { rowOf } from '../vocabulary.js'

/** A directive or option that its server keeps only for old configurations. */
export const deprecatedKey: Rule = {
  code: 'config/deprecated-key',
  severity: 'warning',
  summary: 'A directive or option that has been replaced',
  dialects: 'all',
  site(site, { vocabulary, report }) {
    for (const record of site.directives) {
      // What stands in a section for older versions is right there.
      if (record.state.kind === 'ignored') continue
      const deprecated = rowOf(vocabulary, record)?.deprecated
      if (deprecated === undefined) continue
      const since = deprecated.since === undefined ? '' : ` since ${deprecated.since}`
      const { name } = record
      report({
        span: nameSpan(record),
        message: `\`${name}\` is deprecated${since}`,
        hint:
          deprecated.instead === undefined
            ? 'remove it; nothing takes its place'
            : `use \`${deprecated.instead}\``
      })
    }
  }
}
