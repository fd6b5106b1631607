import type { Diagnostic, Severity } from '../diagnostic.js'
import { codeFrame, printable } from '../frame.js'
import { allOf, count, placeFinder } from '../report.js'
import type { Counts, Report, ReportedFile } from '../report.js'
import { lineStarts } from '../span.js'
import type { Style } from './style.js'

/** For people: a header a file, each finding with its code frame, and a line that sums up. */
export function formatText(report: Report, style: Style): string {
  const blocks: string[] = report.general.map(
    (finding) => `${headline('', finding, style)}${below(finding, style)}`
  )
  const place = placeFinder(report)
  for (const file of report.files) {
    if (file.findings.length === 0) continue
    blocks.push(style.bold(style.underline(file.path)))
    // Once a file: thousands of findings must not each look through all of it.
    const starts = lineStarts(file.text ?? '')
    for (const finding of file.findings) {
      const start = finding.span === undefined ? undefined : place(finding.span)?.start
      const where = start === undefined ? '' : `${start.line}:${start.column} `
      blocks.push(
        `${headline(where, finding, style)}${frameOf(file, finding, style, starts)}${around(file, finding)}${below(finding, style)}`
      )
    }
  }
  return `${[...blocks, summary(report, style)].join('\n\n')}\n`

  function around(file: ReportedFile, finding: Diagnostic): string {
    const related = (finding.related ?? []).map(({ span, message }) => `${placed(span)}: ${message}`)
    const trail = file.includedFrom.map((span) => `included from ${placed(span)}`)
    return [...related, ...trail].map((line) => `\n    ${style.dim(printable(line))}`).join('')
  }

  function placed(span: { readonly file: string; readonly start: number; readonly end: number }): string {
    const start = place(span)?.start
    return start === undefined ? span.file : `${span.file}:${start.line}:${start.column}`
  }
}

function headline(where: string, finding: Diagnostic, style: Style): string {
  const level = style.severity(finding.severity, finding.severity)
  return `  ${where}${level} ${printable(finding.message)}  ${style.dim(finding.code)}`
}

function frameOf(file: ReportedFile, finding: Diagnostic, style: Style, starts: readonly number[]): string {
  // Where the file is empty there is nothing to show.
  if (file.text === undefined || finding.span === undefined || file.text.trim() === '') return ''
  const paint = { gutter: style.dim, mark: (text: string) => style.severity(finding.severity, text) }
  return `\n${codeFrame(file.text, finding.span, paint, starts)}`
}

function below(finding: Diagnostic, style: Style): string {
  const hint = finding.hint === undefined ? '' : `\n    ${style.bold('help:')} ${printable(finding.hint)}`
  return `${hint}\n    ${style.dim(`more: fcgi-conf explain ${finding.code}`)}`
}

function summary(report: Report, style: Style): string {
  const counts = count(report)
  const number = report.files.length
  const files = `${number} ${number === 1 ? 'file' : 'files'}`
  if (allOf(report).length === 0) return style.good(`No findings in ${files}.`)
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => part(severity, counts, style))
  const fixable = counts.fixable === 0 ? '' : `; ${counts.fixable} can be fixed`
  return `${parts.join(', ')}${number === 0 ? '' : ` in ${files}`}${fixable}.`
}

function part(severity: Severity, counts: Counts, style: Style): readonly string[] {
  const number = counts[severity]
  if (number === 0) return []
  const word =
    severity === 'info' ? (number === 1 ? 'note' : 'notes') : number === 1 ? severity : `${severity}s`
  return [style.severity(severity, `${number} ${word}`)]
}
