import type { Rule } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { optionsIn } from '../support/options.js'

/** How many processes there are where the configuration does not say, or says half of it. */
export const processCount: Rule = {
  code: 'process/count',
  severity: 'info',
  summary: 'Processes whose number is not said, or not reached',
  dialects: lighttpd,
  member({ process, origin }, _pool, { site, report }) {
    if (process === undefined) return
    const options = optionsIn(site, origin)
    const program = options.get('bin-path')
    const most = options.get('max-procs')
    if (program !== undefined && most === undefined && !(process.command[0] ?? '').includes('php')) {
      report({
        span: program.span,
        message: `${process.maximum} copies of the program are started: \`max-procs\` is not set`,
        hint: 'set `max-procs`, to 1 for a program that keeps sessions or schedules in its memory'
      })
    }
    if (most !== undefined && !options.has('min-procs') && process.minimum < process.maximum) {
      report({
        span: most.span,
        message: `${process.minimum} processes are started at first, not ${process.maximum}`,
        hint: 'set `min-procs` as well'
      })
    }
    const least = options.get('min-procs')
    if (least !== undefined) {
      report({
        span: least.span,
        message: '`min-procs` does nothing in lighttpd 1.4.24 to 1.4.45, which start `max-procs` processes',
        hint: 'leave it out where such a version is in use; since 1.4.46 it acts'
      })
    }
  }
}
