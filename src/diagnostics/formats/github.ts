import type { Diagnostic, Severity } from '../diagnostic.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/** GitHub shows so many of each kind in one step, and drops the others without a word. */
const shownOfAKind = 10

/**
 * Workflow commands, which GitHub Actions shows beside the lines of a pull request. The worst come first; of those that
 * GitHub would not show, a last line tells how many there are.
 */
export function formatGithub(report: Report): string {
  const place = placeFinder(report)
  const all = [...report.general, ...report.files.flatMap(({ findings }) => findings)]
  const kinds = (['error', 'warning', 'info'] as const).map((severity) =>
    all.filter((finding) => finding.severity === severity)
  )
  const lines = kinds.flatMap((findings) => findings.slice(0, shownOfAKind).map(lineOf))
  const left = all.length - lines.length
  const rest =
    left === 0 ? [] : [`::notice title=fcgi-conf::${data(`${left} more findings are not shown here`)}\n`]
  return [...lines, ...rest].join('')

  function lineOf(finding: Diagnostic): string {
    const found = finding.span === undefined ? undefined : place(finding.span)
    const isOneLine = found?.start.line === found?.end.line
    const properties: readonly (readonly [string, string | number | undefined])[] = [
      ['file', finding.span?.file],
      ['line', found?.start.line],
      ['endLine', found?.end.line],
      // GitHub shows columns only where both lines are the same.
      ['col', isOneLine ? found?.start.column : undefined],
      ['endColumn', isOneLine ? found?.end.column : undefined],
      ['title', finding.code]
    ]
    const given = properties.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${property(String(value))}`]
    )
    const hint = finding.hint === undefined ? '' : `\n${finding.hint}`
    return `::${commands[finding.severity]} ${given.join(',')}::${data(`${finding.message}${hint}`)}\n`
  }
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
