import type { Instruction } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { settingsOf } from '../support/places.js'

/** What `try_files` is for. */
export const ifFileExists: Rule = {
  code: 'routing/if-file-exists',
  severity: 'info',
  summary: 'A front controller by way of `if (!-e $request_filename)`',
  dialects: nginx,
  site(site, { report }) {
    for (const { setting, place } of settingsOf(site, 'instructions')) {
      const first = setting.value.find((one) => controllerOf(one) !== undefined)
      const controller = first && controllerOf(first)
      if (first?.kind !== 'if' || controller === undefined) continue
      const isOfServer = place.scope.location === undefined
      report({
        span: first.origin,
        message: isOfServer
          ? 'this looks below the root of the server, whatever root or alias the location has that answers'
          : 'this is what `try_files` is made for, and an `if` in a location takes the place of its other settings',
        hint: `write \`try_files $uri $uri/ ${controller}$is_args$args;\` in \`location /\``
      })
    }
  }
}

/** The script that everything is sent to which is not there. */
function controllerOf(one: Instruction): string | undefined {
  if (one.kind !== 'if' || !/^\{"kind":"not".*"kind":"exists"/.test(JSON.stringify(one.when)))
    return undefined
  const [inner, ...more] = one.then
  if (inner?.kind !== 'rewrite' || more.length > 0) return undefined
  const { match, to, then } = inner.rewrite
  const isAny = /^(?:\^?(?:\/?\(?\.[*+]?\)?)?\$?)$/.test(match.source)
  const path = to?.[0]?.kind === 'text' ? /^\/[^?]*\.php(?=$|[/?])/.exec(to[0].text)?.[0] : undefined
  return isAny && typeof then === 'string' ? path : undefined
}
