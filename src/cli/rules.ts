import { rules } from '../lint/index.js'
import type { ExitCode, Io } from './io.js'

export interface RulesOptions {
  readonly format: 'text' | 'json'
}

/** Lists every rule: by name with a line on each, or all that is known of them as JSON. */
export function rulesCommand({ format }: RulesOptions, io: Io): ExitCode {
  const sorted = [...rules].sort((a, b) => (a.code < b.code ? -1 : 1))
  if (format === 'json') {
    const listed = sorted.map((rule) => ({
      code: rule.code,
      severity: rule.severity,
      summary: rule.summary,
      dialects: rule.dialects,
      on: rule.optional !== true,
      security: rule.security ?? null,
      tags: rule.tags ?? [],
      precision: rule.precision ?? 'high',
      options: rule.options ?? {}
    }))
    io.out(`${JSON.stringify({ version: 1, rules: listed }, null, 2)}\n`)
    return 0
  }
  const width = Math.max(...sorted.map(({ code }) => code.length))
  for (const { code, severity, summary, optional } of sorted) {
    const note = optional === true ? ' (off unless turned on)' : ''
    io.out(`${code.padEnd(width)}  ${severity.padEnd(7)}  ${summary}${note}\n`)
  }
  return 0
}
