import type { Rule } from '../rule.js'
import { namedParams, paramsOf } from '../support/params.js'
import { isForPhp } from '../support/php.js'
import { nginx } from '../support/dialects.js'
import { recordsOf } from '../support/records.js'
import { isWhole } from '../support/whole.js'

/** PHP is told which file to run by SCRIPT_FILENAME alone; `fastcgi_params` does not have it. */
export const missingScriptFilename: Rule = {
  code: 'fastcgi/missing-script-filename',
  severity: 'error',
  summary: 'PHP that is not told which file to run',
  dialects: nginx,
  visits(context) {
    const { site } = context
    return {
      binding(placed) {
        if (placed.target.role !== 'responder' || !isForPhp(site, placed)) return
        const isPart = recordsOf(site, 'http').length === 0
        const names = namedParams(paramsOf(placed)).map(({ name }) => name)
        if (names.includes('SCRIPT_FILENAME') || !isWhole(context, placed.place)) return
        // A part of a configuration is included where params may be in force.
        if (isPart && names.length === 0) return
        context.report({
          span: placed.binding.origin,
          message: names.includes('PATH_TRANSLATED')
            ? 'the application gets PATH_TRANSLATED but no SCRIPT_FILENAME: it does not know which file to run'
            : 'the application gets no SCRIPT_FILENAME: it does not know which file to run',
          hint: 'add `fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;` beside it; `fastcgi_params` has none, `fastcgi.conf` has'
        })
      }
    }
  }
}
