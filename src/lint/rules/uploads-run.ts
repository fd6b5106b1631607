import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { placesOf } from '../support/places.js'

const folders = /uploads?\b|\bfiles\b|\bmedia\b|\battachments?\b/i

/** Where people put files, scripts are run, or sent as text. */
export const uploadsRun: Rule = {
  code: 'security/uploads-run',
  severity: 'warning',
  summary: 'A folder for uploads whose scripts are run, or sent as text',
  dialects: lighttpd,
  security: 8.1,
  site(site, { report }) {
    for (const place of placesOf(site)) {
      const { when, head } = place.scope
      if (head === undefined || place.parent === undefined || when.kind !== 'test') continue
      if (when.subject.of !== 'path') continue
      const suffix = suffixOf(place.parent)
      if (suffix === undefined) continue
      if (place.get('staticRefused')?.value.includes(suffix) === true || isDenied(place, suffix)) continue
      const own = place.own('bindings')?.value.filter(({ target }) => target.kind === 'fastcgi')
      if (own?.length === 0) {
        report({
          span: place.own('bindings')?.origin ?? head,
          message: `no script is run here any more, and each file with \`${suffix}\` is sent as text, with its passwords`,
          hint: `add \`url.access-deny = ( "${suffix}" )\``
        })
      } else if (own === undefined && folders.test(place.scope.name)) {
        report({
          span: head,
          severity: 'info',
          message: `a file \`x${suffix}\` that somebody puts there is run like any other script`,
          hint: `add \`fastcgi.server = ()\` and \`url.access-deny = ( "${suffix}" )\` here`
        })
      }
    }
  }
}

/** What the scripts end with that are run at a place. */
function suffixOf(place: Place): string | undefined {
  const binding = place
    .get('bindings')
    ?.value.find(({ match, target }) => match.kind === 'suffix' && target.kind === 'fastcgi')
  return binding?.match.kind === 'suffix' && binding.match.value.startsWith('.ph')
    ? binding.match.value
    : undefined
}

function isDenied(place: Place, suffix: string): boolean {
  return (
    place
      .get('access')
      ?.value.rules.some(
        ({ when, allow }) => !allow && JSON.stringify(when).includes(JSON.stringify(suffix))
      ) === true
  )
}
