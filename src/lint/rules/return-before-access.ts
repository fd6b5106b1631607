import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'

/** `return` answers before anybody asks for a login or an address. */
export const returnBeforeAccess: Rule = {
  code: 'security/return-before-access',
  severity: 'warning',
  summary: 'A `return` in a guarded place, which answers before the guard is asked',
  dialects: nginx,
  security: 5.3,
  visits({ report }) {
    return {
      place(place) {
        const answer = place.own('instructions')?.value.find((one) => one.kind === 'answer')
        if (answer?.kind !== 'answer' || (answer.target.kind === 'status' && answer.target.status >= 400))
          return
        const access = place.own('access')
        const login = place.own('authentication')
        const guard = login?.value.method === 'basic' ? login : access
        if (guard?.origin === undefined) return
        report({
          span: answer.origin,
          message:
            'this answers everybody: `return` comes before the access rules and the login of its block',
          hint: 'answer from a location inside, or with `try_files` and a named location',
          related: [{ span: guard.origin, message: 'this is not asked' }]
        })
      }
    }
  }
}
