import type { Diagnostic } from '../diagnostic.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'
import { attributes, xml } from './xml.js'

/** JUnit's XML: a suite a file, a case a rule that found something there; a file without findings is one case that passed. */
export function formatJunit(report: Report): string {
  const place = placeFinder(report)
  const general = report.general.length === 0 ? [] : [{ path: 'fcgi-conf', findings: report.general }]
  const suites = [...general, ...report.files].map(({ path, findings }) => {
    const codes = [...new Set(findings.map(({ code }) => code))]
    const cases = codes.map((code) =>
      caseOf(
        path,
        code,
        findings.filter((finding) => finding.code === code)
      )
    )
    const passed = `    <testcase${attributes({ classname: path, name: 'fcgi-conf' })}/>\n`
    const counts = { name: path, tests: Math.max(1, codes.length), failures: codes.length, errors: 0 }
    return `  <testsuite${attributes(counts)}>\n${cases.join('') || passed}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fcgi-conf">\n${suites.join('')}</testsuites>\n`

  function caseOf(path: string, code: string, findings: readonly Diagnostic[]): string {
    const [first] = findings
    const text = findings.map((finding) => `${where(path, finding)}: ${finding.message}`).join('\n')
    const failure = attributes({ type: first?.severity ?? 'error', message: first?.message ?? '' })
    return (
      `    <testcase${attributes({ classname: path, name: code })}>\n` +
      `      <failure${failure}>${xml(text)}</failure>\n    </testcase>\n`
    )
  }

  function where(path: string, { span }: Diagnostic): string {
    const start = span === undefined ? undefined : place(span)?.start
    return start === undefined ? path : `${path}:${start.line}:${start.column}`
  }
}
