import type { Diagnostic } from '../diagnostic.js'
import { printable } from '../frame.js'
import { count, placeFinder } from '../report.js'
import type { Report } from '../report.js'

/** A table a file, for comments and job summaries. */
export function formatMarkdown(report: Report): string {
  const place = placeFinder(report)
  const { error, warning, info } = count(report)
  const counts = [number(error, 'error'), number(warning, 'warning'), number(info, 'note')].join(', ')
  const sum = `**${counts}** in ${number(report.files.length, 'file')}`
  const general = report.general.length === 0 ? [] : [{ path: 'fcgi-conf', findings: report.general }]
  const tables = [...general, ...report.files]
    .filter(({ findings }) => findings.length > 0)
    .map(({ path, findings }) => {
      const rows = findings.map((finding) => `| ${cells(finding).join(' | ')} |\n`)
      return `\n### ${cell(path)}\n\n| line | level | finding | code |\n| ---: | ----- | ------- | ---- |\n${rows.join('')}`
    })
  return `${sum}\n${tables.join('')}`

  function cells({ span, severity, message, hint, code }: Diagnostic): readonly string[] {
    const start = span === undefined ? undefined : place(span)?.start
    const text = hint === undefined ? message : `${message}; ${hint}`
    return [start === undefined ? '' : `${start.line}:${start.column}`, severity, cell(text), `\`${code}\``]
  }
}

function number(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function cell(text: string): string {
  const line = printable(text.replaceAll('\n', ' '))
  return line.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
