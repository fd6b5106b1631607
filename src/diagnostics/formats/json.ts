import type { Diagnostic, Fix, Related } from '../diagnostic.js'
import { fingerprints } from '../fingerprint.js'
import { count, placeFinder } from '../report.js'
import type { Report, ReportedFile } from '../report.js'
import type { Span } from '../span.js'
import type { JsonFinding, JsonRange, JsonReport } from './json-report.js'

/** Where the project is published; codes have their pages in the command (`fcgi-conf explain`). */
export const homepage = 'https://www.npmjs.com/package/fcgi-conf'

export interface Tool {
  readonly name: string
  readonly version: string
}

/** For programs; parses whatever was found or went wrong. What `further` holds stands beside the findings. */
export function formatJson(report: Report, tool: Tool, further: Pick<JsonReport, 'shard'> = {}): string {
  const { findingsOf, describe } = describing(report)
  const document: JsonReport = {
    version: 1,
    schema: 'https://fcgi-conf.dev/schema/report-1.json',
    tool,
    files: report.files.map((file) => ({
      path: file.path,
      dialect: file.dialect ?? null,
      findings: findingsOf(file)
    })),
    general: report.general.map((finding) => describe(finding, undefined)),
    summary: { files: report.files.length, ...count(report) },
    ...further
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** One finding a line, each with the file it stands in; those of no file have none. */
export function formatJsonLines(report: Report): string {
  const { findingsOf, describe } = describing(report)
  const general = report.general.map((finding) => ({ path: null, ...describe(finding, undefined) }))
  const inFiles = report.files.flatMap((file) =>
    findingsOf(file).map((finding) => ({ path: file.path, dialect: file.dialect ?? null, ...finding }))
  )
  return [...general, ...inFiles].map((finding) => `${JSON.stringify(finding)}\n`).join('')
}

function describing(report: Report) {
  const place = placeFinder(report)
  return { findingsOf, describe }

  function findingsOf(file: ReportedFile): JsonFinding[] {
    const all = [...file.findings, ...file.suppressed]
    const prints = fingerprints(file)
    return all.map((finding) => describe(finding, prints.get(finding)))
  }

  function describe(finding: Diagnostic, fingerprint: string | undefined): JsonFinding {
    return {
      ruleId: finding.code,
      level: finding.severity,
      helpUri: homepage,
      message: finding.message,
      ...(finding.span === undefined ? {} : { range: range(finding.span) }),
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
      related: (finding.related ?? []).map(relatedOf),
      ...(finding.fix === undefined ? {} : { fix: fixOf(finding.fix) }),
      ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
      ...(fingerprint === undefined ? {} : { fingerprint })
    }
  }

  function relatedOf({ span, message }: Related): JsonFinding['related'][number] {
    return { path: span.file, range: range(span), message }
  }

  function fixOf({ title, safety, edits }: Fix): NonNullable<JsonFinding['fix']> {
    const described = edits.map(({ span, text }) => ({ path: span.file, range: range(span), text }))
    return { title, safety, edits: described }
  }

  function range(span: Span): JsonRange {
    const found = place(span)
    return {
      start: { ...(found?.start ?? { line: 1, column: 1 }), offset: span.start },
      end: { ...(found?.end ?? { line: 1, column: 1 }), offset: span.end }
    }
  }
}
