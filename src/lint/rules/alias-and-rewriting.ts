import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'
import { wordsOf } from '../support/source.js'

/** Under an alias a try list, and a rewrite that stays, look for files in the wrong place. */
export const aliasTryFiles: Rule = {
  code: 'routing/alias-and-rewriting',
  severity: 'warning',
  summary: '`alias` beside a `try_files` or `rewrite … break` that it does not go with',
  dialects: nginx,
  site(site, context) {
    for (const { setting, place } of settingsOf(site, 'root')) {
      const { location } = place.scope
      if (setting.value.kind !== 'alias' || location?.kind !== 'prefix') continue
      const tries = place.own('tryFiles')
      if (tries?.origin !== undefined && tries.value.last.kind === 'uri') {
        const last = wordsOf(context, tries.origin).at(-1)
        if (
          last?.value.includes('$') === true &&
          last.value.startsWith(location.value) &&
          /\$(?!is_args|args|query_string)/.test(last.value)
        ) {
          context.report({
            span: last.span,
            message: `where an alias is in force the front of this is cut off, so that it leads elsewhere`,
            hint: 'use a named location, or a folder that repeats the name with `root`'
          })
        }
      }
      for (const one of place.own('instructions')?.value ?? []) {
        if (one.kind !== 'rewrite' || one.rewrite.then !== 'stop' || one.rewrite.to === undefined) continue
        context.report({
          span: one.rewrite.origin,
          message: 'with `alias` this is answered with 500: the path no longer begins with the location',
          hint: 'use `last`, or `root` in place of `alias`'
        })
      }
    }
  }
}
