import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams, placeOfParams } from '../support/params.js'
import type { Place } from '../support/places.js'
import { fastcgiAt, within } from '../support/places.js'

/** A list of params replaces the one around it as a whole; what only the outer one has is not sent. */
export const paramsLost: Rule = {
  code: 'fastcgi/params-lost',
  severity: 'warning',
  summary: 'Params of an outer block that an inner one silently drops',
  dialects: nginx,
  visits({ report }) {
    return {
      params({ setting, place }) {
        const around = place.parent && placeOfParams(place.parent)
        const outer = namedParams(around?.own('params')?.value)
        const own = namedParams(setting.value)
        const [first] = own
        if (outer.length === 0 || first === undefined || !isUsed(place)) return
        const names = new Set(own.map(({ name }) => name))
        const lost = outer.filter(({ name }) => !names.has(name))
        if (lost.length === 0) return
        const some = [...new Set(lost.map(({ name }) => `\`${name}\``))]
        const shown =
          some.length > 4 ? `${some.slice(0, 3).join(', ')} and ${some.length - 3} more` : some.join(', ')
        report({
          span: first.origin,
          message: `the params given here replace all of those of \`${around?.scope.name ?? 'the outer block'}\`: ${shown} ${some.length === 1 ? 'is' : 'are'} not sent`,
          hint: 'repeat them here, or give all params at one level',
          related: lost
            .slice(0, 1)
            .map(({ origin }) => ({ span: origin, message: 'the first of those lost' }))
        })
      }
    }
  }
}

/** Whether an application is asked with these params: here, or in a block inside that has none of its own. */
function isUsed(place: Place): boolean {
  for (const inner of within(place)) {
    if (inner !== place && placeOfParams(inner) !== place) continue
    if (inner.own('bindings') !== undefined && fastcgiAt(inner).length > 0) return true
  }
  return false
}
