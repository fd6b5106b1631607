import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** Of several authorizers that fit a request only the first is asked. */
export const onlyFirstAuthorizer: Rule = {
  code: 'security/only-first-authorizer',
  severity: 'error',
  summary: 'Two authorizers for the same requests, of which only the first is asked',
  dialects: lighttpd,
  security: 7.5,
  site(site, { report }) {
    for (const { setting } of settingsOf(site, 'bindings')) {
      const seen: { readonly value: string; readonly origin: (typeof setting.value)[number]['origin'] }[] = []
      for (const { match, target, origin } of setting.value) {
        if (target.kind !== 'fastcgi' || target.role !== 'authorizer' || match.kind !== 'prefix') continue
        const first = seen.find(({ value }) => match.value.startsWith(value) || value.startsWith(match.value))
        if (first === undefined) seen.push({ value: match.value, origin })
        else {
          report({
            span: origin,
            message: `only one authorizer is asked for a request: below \`${longer(match.value, first.value)}\` that is \`${first.value}\`, and this one is not`,
            hint: 'give each part of the site one authorizer, the narrower one first',
            related: [{ span: first.origin, message: 'this one is asked' }]
          })
        }
      }
    }
  }
}

function longer(a: string, b: string): string {
  return a.length >= b.length ? a : b
}
