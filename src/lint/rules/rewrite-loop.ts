import { literalText } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { takes } from '../support/php.js'
import { settingsOf } from '../support/places.js'
import { fits } from '../support/regexes.js'

/** A rewrite whose result it fits again. */
export const rewriteLoop: Rule = {
  code: 'routing/rewrite-loop',
  severity: 'error',
  summary: 'A rewrite that leads to itself, until the server gives up with 500',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'instructions')) {
      if (place.scope.location === undefined) continue
      for (const one of setting.value) {
        if (one.kind !== 'rewrite' || one.rewrite.then !== 'scopes' || one.rewrite.to === undefined) continue
        const to = literalText(one.rewrite.to)?.replace(/\?.*/, '')
        if (to === undefined || fits(one.rewrite.match, to) !== true || takes(place, to) !== true) continue
        // A pattern or an exact location beside it may take the result.
        const elsewhere = place.parent?.scope.children.some(
          (other) =>
            other !== place.scope &&
            ((other.location?.kind === 'regex' && fits(other.location.regex, to) !== false) ||
              (other.location?.kind === 'exact' && other.location.value === to) ||
              (other.location?.kind === 'prefix' &&
                place.scope.location?.kind === 'prefix' &&
                other.location.value.length > place.scope.location.value.length &&
                to.startsWith(other.location.value)))
        )
        if (elsewhere === true) continue
        report({
          span: one.rewrite.origin,
          message: `\`${to}\` comes here again and is rewritten again, ten times; then the answer is 500`,
          hint: 'use `try_files`, or `break` in place of `last`'
        })
      }
    }
  }
}
