import { rules } from '../lint/index.js'
import { nearest } from '../diagnostics/index.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'

/** Prints the page of a finding's code. */
export function explainCommand(code: string, io: Io): ExitCode {
  const page = io.page(code)
  if (page !== undefined) {
    io.out(page)
    return 0
  }
  const meant = nearest(
    code,
    rules.map((rule) => rule.code)
  )
  throw new CommandError(
    `there is no page for \`${code}\``,
    meant === undefined
      ? 'codes stand in the findings of `fcgi-conf lint`, as in config/unknown-key'
      : `did you mean \`${meant}\`?`
  )
}
