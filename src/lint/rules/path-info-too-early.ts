import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiBindings, settingsOf } from '../support/places.js'
import { uses } from '../support/templates.js'

/** The name of the script is worked out once, and stays what it was when it was first asked for. */
export const pathInfoTooEarly: Rule = {
  code: 'fastcgi/path-info-too-early',
  severity: 'warning',
  summary: 'The script’s name asked for above the location that splits the path',
  dialects: nginx,
  site(site, { report }) {
    const splitting = new Map(
      fastcgiBindings(site).flatMap(({ binding, target, place }) =>
        target.script.split.kind === 'regex' && place.scope.host === undefined
          ? [[place.host, binding.origin] as const]
          : []
      )
    )
    for (const { setting, place } of settingsOf(site, 'instructions')) {
      const binding = place.scope.host === undefined ? undefined : splitting.get(place)
      const early = setting.value.find(
        (one) => one.kind === 'set' && uses(one.value, 'script.name', 'script.path-info')
      )
      if (binding === undefined || early?.kind !== 'set') continue
      report({
        span: early.origin,
        message: `this works out the script's name for the whole request, before the location splits the path: a later \`set\` of \`$fastcgi_path_info\` finds it empty`,
        hint: 'set it in the location, behind `fastcgi_split_path_info`',
        related: [{ span: binding, message: 'asked here' }]
      })
    }
  }
}
