import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'
import { partsOf } from '../support/templates.js'

/** The client chooses where his request goes. */
export const userInputInPass: Rule = {
  code: 'security/user-input-in-pass',
  severity: 'error',
  summary: 'An application chosen by what the client sends',
  dialects: nginx,
  security: 8.6,
  site(site, { report }) {
    for (const { target, binding } of fastcgiBindings(site)) {
      if (target.pool.kind !== 'computed') continue
      const parts = [...partsOf(target.pool.from)]
      const input = parts.find(
        (part) => part.kind === 'argument' || part.kind === 'header' || part.kind === 'cookie'
      )
      if (input !== undefined && 'name' in input) {
        report({
          span: binding.origin,
          message: `the client says which address is asked: \`${input.kind} ${input.name}\` is his to choose`,
          hint: 'choose from a `map` with the applications there are'
        })
      } else if (target.pool.hostNames === 'not-looked-up' && parts.every(({ kind }) => kind !== 'text')) {
        report({
          span: binding.origin,
          severity: 'info',
          message:
            'without `resolver` only addresses and names of `upstream` blocks are found here; anything else is a 502',
          hint: 'add a `resolver`, or see that the variable names an upstream'
        })
      }
    }
  }
}
