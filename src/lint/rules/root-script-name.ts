import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { fastcgiBindings } from '../support/places.js'

/** For an application at `/` SCRIPT_NAME is the path's first part, unless it is told otherwise. */
export const rootScriptName: Rule = {
  code: 'fastcgi/root-script-name',
  severity: 'info',
  summary: 'An application at the root whose SCRIPT_NAME is the first part of the path',
  dialects: lighttpd,
  site(site, { report }) {
    for (const { binding, target } of fastcgiBindings(site)) {
      const { match } = binding
      if (match.kind !== 'prefix' || match.value !== '/' || target.mustExist || target.role !== 'responder')
        continue
      if (target.script.split.kind === 'all-path-info') continue
      report({
        span: binding.origin,
        message:
          'for `/a/b` the application is told SCRIPT_NAME `/a` and PATH_INFO `/b`: frameworks then build wrong links',
        hint: 'add `"fix-root-scriptname" => "enable"`, which makes SCRIPT_NAME empty and PATH_INFO the whole path'
      })
    }
  }
}
