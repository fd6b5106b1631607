import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'
import { valuesOf, wordsOf } from '../support/source.js'

/** mod_fcgid and mod_fastcgi run files only where `ExecCGI` is in force. */
export const programsNotAllowed: Rule = {
  code: 'fastcgi/programs-not-allowed',
  severity: 'warning',
  summary: 'A handler for programs, and `ExecCGI` nowhere in force',
  dialects: httpd,
  site(site, context) {
    const allows = recordsOf(site, 'Options').some(({ span }) =>
      valuesOf(context, span).some((word) => /^\+?(?:ExecCGI|All)$/i.test(word))
    )
    const isDefined =
      liveRecordsOf(site, 'FastCgiServer').length > 0 ||
      liveRecordsOf(site, 'FastCgiExternalServer').length > 0
    const isWhole = recordsOf(site, 'Listen').length > 0 || recordsOf(site, 'VirtualHost').length > 0
    if (
      allows ||
      isDefined ||
      !isWhole ||
      context.missing.length > 0 ||
      liveRecordsOf(site, 'ScriptAlias').length > 0
    )
      return
    for (const record of [...liveRecordsOf(site, 'SetHandler'), ...liveRecordsOf(site, 'AddHandler')]) {
      const word = wordsOf(context, record.span)[1]
      if (word === undefined || !/^(?:fcgid-script|fastcgi-script)$/.test(word.value)) continue
      context.report({
        span: word.span,
        message:
          'programs may not be run from any folder: `Options +ExecCGI` is nowhere set, and the answer is 403',
        hint: 'add `Options +ExecCGI` to the folder of the programs'
      })
    }
  }
}
