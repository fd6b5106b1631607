import type { Instruction } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams } from '../support/params.js'
import { some } from '../support/templates.js'

/** `$1` is of the last pattern that fitted, and that need not be the location's. */
export const captureClobbered: Rule = {
  code: 'fastcgi/capture-clobbered',
  severity: 'warning',
  summary: 'A param with `$1` beside an `if` whose pattern takes that name',
  dialects: nginx,
  visits({ report }) {
    return {
      params({ setting, place }) {
        if (place.scope.location?.kind !== 'regex') return
        const pattern = place.own('instructions')?.value.find(asksPattern)
        if (pattern?.kind !== 'if') return
        const param = namedParams(setting.value).find(({ value }) =>
          some(value, (part) => part.kind === 'capture' && typeof part.group === 'number')
        )
        if (param === undefined) return
        report({
          span: param.origin,
          message: `where the pattern of the \`if\` fits, the numbered groups in \`${param.name}\` are that pattern's`,
          hint: 'give the group of the location a name: `(?<name>…)`',
          related: [{ span: pattern.origin, message: 'this pattern' }]
        })
      }
    }
  }
}

function asksPattern(one: Instruction): boolean {
  return one.kind === 'if' && JSON.stringify(one.when).includes('"kind":"regex"')
}
