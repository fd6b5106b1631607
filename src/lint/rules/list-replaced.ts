import type { Binding } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { settingsOf } from '../support/places.js'

/** `fastcgi.server =` in a block takes the place of the whole list around it. */
export const listReplaced: Rule = {
  code: 'config/list-replaced',
  severity: 'warning',
  summary: 'A `fastcgi.server` in a block that drops the handlers around it',
  dialects: lighttpd,
  security: 5.3,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'bindings')) {
      const outer = place.parent && (handlersOf(place.parent) ?? [])
      const own = setting.value.filter(isFastcgi)
      const [first] = own
      // An empty list switches all handlers off, which is meant.
      if (outer === undefined || first === undefined) continue
      const keys = new Set(own.map(keyOf))
      const lost = outer.find((binding) => !keys.has(keyOf(binding)) && binding.match.kind === 'suffix')
      if (lost === undefined) continue
      report({
        span: setting.origin ?? first.origin,
        message: `this replaces the whole list: in \`${place.scope.name}\` nobody answers for \`${keyOf(lost)}\` any more, and such files are sent as text`,
        hint: 'add to the list with `fastcgi.server +=`',
        related: [{ span: lost.origin, message: 'the handler that is lost' }]
      })
    }
  }
}

function handlersOf(place: Place): readonly Binding[] | undefined {
  return place.get('bindings')?.value.filter(isFastcgi)
}

function isFastcgi({ target }: Binding): boolean {
  return target.kind === 'fastcgi'
}

function keyOf({ match }: Binding): string {
  if (match.kind === 'any') return ''
  return match.kind === 'regex' ? match.regex.source : match.value
}
