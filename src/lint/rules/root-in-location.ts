import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { fastcgiBindings, settingsOf } from '../support/places.js'
import { namedParams, paramsOf } from '../support/params.js'
import { uses } from '../support/templates.js'
import { isWhole } from '../support/whole.js'

/** A root set in `location /` is not in force in the locations beside it. */
export const rootInLocation: Rule = {
  code: 'routing/root-in-location',
  severity: 'warning',
  summary: 'A `root` inside of a location, and applications beside it that look elsewhere',
  dialects: nginx,
  site(site, context) {
    const asked = new Map(fastcgiBindings(site).map((placed) => [placed.place, placed]))
    for (const { setting, place } of settingsOf(site, 'root')) {
      const { parent, scope } = place
      if (scope.location?.kind !== 'prefix' || scope.location.value !== '/' || parent === undefined) continue
      if (
        setting.value.kind !== 'root' ||
        parent.get('root')?.origin !== undefined ||
        !isWhole(context, parent)
      )
        continue
      const other = parent.inside.find((sibling) => {
        const placed = asked.get(sibling)
        if (placed === undefined || sibling.own('root') !== undefined) return false
        return namedParams(paramsOf(placed)).some(
          ({ name, value }) => name === 'SCRIPT_FILENAME' && uses(value, 'document-root', 'filename')
        )
      })
      if (other === undefined || setting.origin === undefined) continue
      context.report({
        span: setting.origin,
        message: `this root does not hold in \`${other.scope.name}\`, where \`$document_root\` is the folder \`html\` that nginx was built with`,
        hint: 'put `root` into the server block',
        ...(other.scope.head && {
          related: [{ span: other.scope.head, message: 'this location has no root' }]
        })
      })
    }
  }
}
