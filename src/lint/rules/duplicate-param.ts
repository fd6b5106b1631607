import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { NamedParam } from '../support/params.js'
import { namedParams } from '../support/params.js'
import { settingsOf } from '../support/places.js'

/** The same param given twice: both are sent, and the application decides which one it sees. */
export const duplicateParam: Rule = {
  code: 'fastcgi/duplicate-param',
  severity: 'warning',
  summary: 'A param that is given twice in one place',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting } of settingsOf(site, 'params')) {
      const named = namedParams(setting.value)
      const given = new Map<string, NamedParam>()
      for (const param of named) {
        const first = given.get(param.name)
        if (first === undefined) {
          given.set(param.name, param)
          continue
        }
        const one = isIncluded(first, named) ? param : first
        const other = one === first ? param : first
        // What a shared file says is often meant to be overruled, and the last one counts for most applications.
        const isOverruled = isIncluded(other, named) || other.origin.file !== one.origin.file
        const isSame = JSON.stringify(first.value) === JSON.stringify(param.value)
        report({
          span: isOverruled ? one.origin : param.origin,
          severity: isOverruled || isSame ? 'info' : 'warning',
          message: isSame
            ? `\`${param.name}\` is sent twice`
            : `\`${param.name}\` is sent twice, with different values: the application decides which one counts`,
          hint: 'leave one of them; nginx does not replace the first by the second',
          related: [{ span: isOverruled ? other.origin : first.origin, message: 'it is given here as well' }]
        })
      }
    }
  }
}

/** Params of a file that is read as it is shipped all have the place of its inclusion. */
function isIncluded({ origin }: NamedParam, all: readonly NamedParam[]): boolean {
  return (
    all.filter((other) => other.origin.start === origin.start && other.origin.file === origin.file).length > 1
  )
}
