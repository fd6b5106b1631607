import type { Rule } from '../rule.js'
import { optionsIn } from '../support/options.js'

/** Programs made with libfcgi end at once at SIGTERM, and behind their request at SIGUSR1. */
export const killSignal: Rule = {
  code: 'process/kill-signal',
  severity: 'info',
  summary: 'A signal that ends an application in the middle of a request, or not at all',
  dialects: ['lighttpd'],
  member({ process, origin }, _pool, { site, report }) {
    const record = optionsIn(site, origin).get('kill-signal')
    if (record === undefined || process === undefined) return
    const { killSignal: signal } = process
    if (signal === 9 || signal === 6 || signal === 11) {
      report({
        span: record.span,
        severity: 'warning',
        message: `signal ${signal} ends the application in the middle of a request, and it cannot tidy up`,
        hint: 'use 10 (SIGUSR1) for programs made with libfcgi, 15 (SIGTERM) for others'
      })
    } else if (signal === 1 || signal === 12 || signal === 17) {
      report({
        span: record.span,
        message: `signal ${signal} does not end most programs: they are left behind when the server ends`,
        hint: 'use 10 (SIGUSR1) for programs made with libfcgi, 15 (SIGTERM) for others'
      })
    }
  }
}
