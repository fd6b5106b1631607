import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams, paramsOf } from '../support/params.js'
import { takes } from '../support/php.js'
import { fastcgiBindings } from '../support/places.js'
import { liveRecordsOf } from '../support/records.js'
import { uses } from '../support/templates.js'

/** Path info is split off where no path with one arrives, or is split off and told nobody. */
export const pathInfoNeverComes: Rule = {
  code: 'fastcgi/path-info-never-comes',
  severity: 'info',
  summary: 'A path info that is split off and never there, or never told',
  dialects: nginx,
  site(site, { report }) {
    const splits = new Map(
      liveRecordsOf(site, 'fastcgi_split_path_info').map((record) => [keyOf(record.span), record])
    )
    if (splits.size === 0) return
    for (const placed of fastcgiBindings(site)) {
      const { target, place } = placed
      if (target.script.split.kind !== 'regex') continue
      const parts = place.own('bindings')?.parts ?? []
      const split = parts.map((part) => splits.get(keyOf(part))).find((found) => found !== undefined)
      if (split === undefined) continue
      if (takes(place, '/index.php') === true && takes(place, '/index.php/info') === false) {
        report({
          span: split.span,
          message: `no path with path info comes here: \`${place.scope.name}\` fits where the script's name ends the path`,
          hint: 'match `[^/]\\.php(/|$)`, or remove the directive',
          ...(place.scope.head && { related: [{ span: place.scope.head, message: 'the location' }] })
        })
      } else if (!isTold(placed)) {
        report({
          span: split.span,
          message: 'the path info is split off, and the application is not told it',
          hint: 'add `fastcgi_param PATH_INFO $fastcgi_path_info;`'
        })
      }
    }
  }
}

function isTold(placed: Parameters<typeof paramsOf>[0]): boolean {
  const named = namedParams(paramsOf(placed))
  const isSet = (placed.place.own('instructions')?.value ?? []).some(
    (one) => one.kind === 'set' && uses(one.value, 'script.path-info')
  )
  return isSet || named.some(({ name, value }) => name === 'PATH_INFO' || uses(value, 'script.path-info'))
}

function keyOf({ file, start }: { readonly file: string; readonly start: number }): string {
  return `${String(start)} ${file}`
}
