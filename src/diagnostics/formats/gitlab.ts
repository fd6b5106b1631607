import type { Severity } from '../diagnostic.js'
import { fingerprints } from '../fingerprint.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'

const severities: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' }

/** GitLab's code quality report. Of findings with one fingerprint it keeps only the first, so the path is part of it. */
export function formatGitlab(report: Report): string {
  const place = placeFinder(report)
  const inFiles = report.files.flatMap((file) => {
    const prints = fingerprints(file)
    const path = file.path.replace(/^\.\//, '')
    return file.findings.map((finding) => ({
      description: finding.message,
      check_name: finding.code,
      fingerprint: `${path}:${prints.get(finding) ?? ''}`,
      severity: severities[finding.severity],
      location: { path, lines: { begin: (finding.span && place(finding.span)?.start.line) ?? 1 } }
    }))
  })
  const general = report.general.map(({ message, code, severity }, index) => ({
    description: message,
    check_name: code,
    fingerprint: `fcgi-conf:${code}:${index + 1}`,
    severity: severities[severity],
    location: { path: '.', lines: { begin: 1 } }
  }))
  return `${JSON.stringify([...general, ...inFiles], null, 2)}\n`
}
