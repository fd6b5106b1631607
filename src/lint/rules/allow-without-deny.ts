import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** What no rule fits is allowed. */
export const allowWithoutDeny: Rule = {
  code: 'security/allow-without-deny',
  severity: 'warning',
  summary: 'A list of allowed addresses that nobody is denied by',
  dialects: nginx,
  security: 6.5,
  site(site, { report }) {
    for (const { setting } of settingsOf(site, 'access')) {
      const { rules, otherwise } = setting.value
      const [first] = rules
      if (first === undefined || otherwise === 'deny' || rules.some(({ allow }) => !allow)) continue
      if (rules.some(({ when }) => when.kind === 'always')) continue
      report({
        span: first.origin,
        message: 'everybody is allowed: an address that no rule fits is let in',
        hint: 'end the list with `deny all;`'
      })
    }
  }
}
