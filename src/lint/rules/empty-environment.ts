import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf } from '../support/records.js'
import { optionsIn } from '../support/options.js'

/** Programs of mod_fastcgi get no environment but what is written. */
export const emptyEnvironment: Rule = {
  code: 'process/empty-environment',
  severity: 'info',
  summary: 'A program that is started without PATH',
  dialects: httpd,
  site(site, { report, text }) {
    for (const { span } of liveRecordsOf(site, 'FastCgiServer')) {
      if (optionsIn(site, span).has('-initial-env') && /-initial-env\s+"?PATH\b/i.test(text(span))) continue
      report({
        span,
        message:
          'the program is started without PATH and HOME: `#!/usr/bin/env` and what it calls itself may not be found',
        hint: 'add `-initial-env PATH`, which hands on that of the server; `SetEnv` does not reach it'
      })
    }
  }
}
