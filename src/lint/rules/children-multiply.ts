import type { Rule } from '../rule.js'

/** PHP starts children of its own in each of the processes. */
export const childrenMultiply: Rule = {
  code: 'process/children-multiply',
  severity: 'warning',
  summary: 'Processes of the server times children of PHP',
  dialects: 'all',
  member({ process }, _pool, { report }) {
    const variable = process?.environment.find(({ name }) => name === 'PHP_FCGI_CHILDREN')
    const children = Number(variable?.value ?? 0)
    if (process === undefined || variable === undefined || !(children > 1) || process.maximum < 2) return
    const { maximum } = process
    report({
      span: variable.origin,
      message: `there will be ${maximum * (children + 1)} processes: ${maximum} that the server starts, each with ${children} children`,
      hint: 'start one process (`max-procs` 1) with children, or several without: children share one opcode cache, processes do not'
    })
  }
}
