import type { Rule } from '../rule.js'
import { optionsIn } from '../support/options.js'

/** How long an application is left alone behind one failure. */
export const disableTime: Rule = {
  code: 'pool/disable-time',
  severity: 'info',
  summary: 'A `disable-time` that keeps an application out for long, or not at all',
  dialects: ['lighttpd'],
  member({ failure, process, origin }, _pool, { site, report }) {
    const record = optionsIn(site, origin).get('disable-time')
    if (record === undefined || failure.kind !== 'disable') return
    if (failure.seconds > 10) {
      report({
        span: record.span,
        message: `one refused connection keeps the application out for ${failure.seconds} seconds, and requests get 503 meanwhile`,
        hint: 'leave it out: the default is 1 second since 1.4.24'
      })
    } else if (failure.seconds === 0 && process !== undefined) {
      report({
        span: record.span,
        severity: 'warning',
        message: 'a program that was started and refuses connections is asked again at once, at each request',
        hint: 'leave it out: the default is 1 second'
      })
    }
  }
}
