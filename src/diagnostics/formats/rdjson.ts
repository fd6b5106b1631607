import type { Diagnostic, Severity } from '../diagnostic.js'
import { placeFinder } from '../report.js'
import type { Report } from '../report.js'
import type { Span } from '../span.js'
import type { Tool } from './json.js'

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

/** The Reviewdog Diagnostic Format, with fixes as suggestions. */
export function formatRdjson(report: Report, tool: Tool): string {
  const place = placeFinder(report)
  const diagnostics = [...report.general, ...report.files.flatMap(({ findings }) => findings)].map(describe)
  return `${JSON.stringify({ source: { name: tool.name }, diagnostics }, null, 2)}\n`

  function describe({ message, span, severity, code, fix, related, hint }: Diagnostic): object {
    const edits = fix?.edits.filter((edit) => edit.span.file === span?.file) ?? []
    return {
      message: hint === undefined ? message : `${message}\n${hint}`,
      location: span === undefined ? { path: '' } : location(span),
      severity: severities[severity],
      code: { value: code },
      // An edit of another file cannot be suggested here, and half a fix is none.
      ...(fix !== undefined && edits.length === fix.edits.length
        ? { suggestions: edits.map((edit) => ({ range: range(edit.span), text: edit.text })) }
        : {}),
      ...(related === undefined
        ? {}
        : {
            related_locations: related.map((one) => ({ message: one.message, location: location(one.span) }))
          })
    }
  }

  function location(span: Span): object {
    return { path: span.file, range: range(span) }
  }

  function range(span: Span): object {
    const found = place(span)
    return { start: found?.start ?? { line: 1, column: 1 }, end: found?.end ?? { line: 1, column: 1 } }
  }
}
