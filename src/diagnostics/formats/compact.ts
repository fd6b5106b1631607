import { printable } from '../frame.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'

/** One line a finding, as compilers print them and editors read them: `file:line:column: level: message [code]`. */
export function formatCompact(report: Report): string {
  const place = placeFinder(report)
  const general = report.general.map((finding) => ({ where: 'fcgi-conf', finding }))
  const inFiles = report.files.flatMap((file) =>
    file.findings.map((finding) => {
      const start = finding.span === undefined ? undefined : place(finding.span)?.start
      return { where: `${file.path}:${start?.line ?? 1}:${start?.column ?? 1}`, finding }
    })
  )
  return [...general, ...inFiles]
    .map(({ where, finding }) => {
      const level = finding.severity === 'info' ? 'note' : finding.severity
      return `${where}: ${level}: ${printable(finding.message)} [${finding.code}]\n`
    })
    .join('')
}
