import type { Diagnostic } from '../diagnostic.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'
import { attributes } from './xml.js'

/** Checkstyle's XML, version 4.3. */
export function formatCheckstyle(report: Report): string {
  const place = placeFinder(report)
  const general = report.general.length === 0 ? [] : [{ path: 'fcgi-conf', findings: report.general }]
  const files = [...general, ...report.files].map(({ path, findings }) => {
    const errors = findings.map((finding) => `    <error${attributes(errorOf(finding))}/>\n`)
    return `  <file${attributes({ name: path })}>\n${errors.join('')}  </file>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`

  function errorOf({ span, severity, message, code }: Diagnostic): Readonly<Record<string, string | number>> {
    const start = span === undefined ? undefined : place(span)?.start
    return {
      line: start?.line ?? 1,
      column: start?.column ?? 1,
      severity,
      message,
      source: `fcgi-conf.${code}`
    }
  }
}
