import type { Instruction } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams } from '../support/params.js'
import { settingsOf } from '../support/places.js'
import { partsOf } from '../support/templates.js'

/** `$1` is of the last pattern that fitted, and that need not be the location's. */
export const captureClobbered: Rule = {
  code: 'fastcgi/capture-clobbered',
  severity: 'warning',
  summary: 'A param with `$1` beside an `if` whose pattern takes that name',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'params')) {
      if (place.scope.location?.kind !== 'regex') continue
      const pattern = place.own('instructions')?.value.find(asksPattern)
      if (pattern?.kind !== 'if') continue
      const param = namedParams(setting.value).find(({ value }) =>
        [...partsOf(value)].some((part) => part.kind === 'capture' && typeof part.group === 'number')
      )
      if (param === undefined) continue
      report({
        span: param.origin,
        message: `where the pattern of the \`if\` fits, the numbered groups in \`${param.name}\` are that pattern's`,
        hint: 'give the group of the location a name: `(?<name>…)`',
        related: [{ span: pattern.origin, message: 'this pattern' }]
      })
    }
  }
}

function asksPattern(one: Instruction): boolean {
  return one.kind === 'if' && JSON.stringify(one.when).includes('"kind":"regex"')
}
