import type { Rule } from '../rule.js'
import { optionsIn } from '../support/options.js'

/** Programs are started without a shell. */
export const shellInCommand: Rule = {
  code: 'process/shell-in-command',
  severity: 'warning',
  summary: 'A command that only a shell would understand',
  dialects: ['lighttpd'],
  member({ process, origin }, _pool, { site, report }) {
    const sign = process?.command.find((word) =>
      /^(?:&&|\|\|?|;|>|<|2>&1|>>)$|^["'].*|^\$\w|^~\/|\$\{\w/.test(word)
    )
    if (sign === undefined) return
    const program = optionsIn(site, origin).get('bin-path')
    report({
      span: program?.span ?? origin,
      message: `the program is started without a shell, which \`${sign}\` is meant for: it gets it as an argument, as it stands`,
      hint: 'put the command into a script, and start that'
    })
  }
}
