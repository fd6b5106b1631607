import type { Diagnostic, Severity } from './diagnostic.js'
import { lineStarts, positionAt } from './span.js'
import type { Position, Span } from './span.js'

/** What a format prints: the findings of one run, ordered, with the texts they point into. */
export interface Report {
  /** The files looked at, whether or not something was found in them. */
  readonly files: readonly ReportedFile[]
  /** What is to be said about no file: a wrong option, nothing to do. */
  readonly general: readonly Diagnostic[]
}

export interface ReportedFile {
  /** As a person would write it. */
  readonly path: string
  readonly dialect?: string
  /** Absent where it could not be read. */
  readonly text?: string
  readonly findings: readonly Diagnostic[]
  /** Found, and not to be told: only reports for programs have them. */
  readonly suppressed: readonly Diagnostic[]
  /** The place that included this file, and so on outwards. */
  readonly includedFrom: readonly Span[]
}

/** Everything a report is made of, as a command has it at hand. */
export interface ReportParts {
  readonly diagnostics: readonly Diagnostic[]
  /** The texts of the files read, by the name their spans carry. */
  readonly texts: ReadonlyMap<string, string>
  /** The files that were asked for: listed even when nothing was found. */
  readonly asked: readonly { readonly path: string; readonly dialect?: string }[]
  readonly includedFrom?: ReadonlyMap<string, Span>
  readonly dialectOf?: ReadonlyMap<string, string>
}

/** The same order in every run: files as asked for, then by name; in a file by place, then by code. */
export function report(parts: ReportParts): Report {
  const byFile = new Map<string, Diagnostic[]>(parts.asked.map((file) => [file.path, []]))
  const general: Diagnostic[] = []
  for (const diagnostic of parts.diagnostics) {
    if (diagnostic.span === undefined) general.push(diagnostic)
    else listOf(byFile, diagnostic.span.file).push(diagnostic)
  }
  const asked = new Map(parts.asked.map((file) => [file.path, file.dialect]))
  const others = [...byFile.keys()].filter((path) => !asked.has(path)).sort(byText)
  const files = [...asked.keys(), ...others].map((path): ReportedFile => {
    const dialect = asked.get(path) ?? parts.dialectOf?.get(path)
    const text = parts.texts.get(path)
    const found = withoutTwins((byFile.get(path) ?? []).sort(byPlace))
    return {
      path,
      ...(dialect === undefined ? {} : { dialect }),
      ...(text === undefined ? {} : { text }),
      findings: found.filter(({ suppressed }) => suppressed === undefined),
      suppressed: found.filter(({ suppressed }) => suppressed !== undefined),
      includedFrom: trail(path, parts.includedFrom ?? new Map<string, Span>())
    }
  })
  return { files, general }
}

function listOf(map: Map<string, Diagnostic[]>, key: string): Diagnostic[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The order of the findings of one file. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.span?.start ?? 0) - (b.span?.start ?? 0) ||
    (a.span?.end ?? 0) - (b.span?.end ?? 0) ||
    byText(a.code, b.code) ||
    byText(a.message, b.message)
  )
}

/** A file that is included twice says everything twice. */
function withoutTwins(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  return sorted.filter((diagnostic, index) => {
    const previous = sorted[index - 1]
    return previous === undefined || byPlace(previous, diagnostic) !== 0 || previous.code !== diagnostic.code
  })
}

function trail(file: string, includedFrom: ReadonlyMap<string, Span>): readonly Span[] {
  const seen = new Set([file])
  const spans: Span[] = []
  for (let span = includedFrom.get(file); span !== undefined && !seen.has(span.file);) {
    spans.push(span)
    seen.add(span.file)
    span = includedFrom.get(span.file)
  }
  return spans
}

export interface Counts {
  readonly error: number
  readonly warning: number
  readonly info: number
  readonly fixable: number
}

export function count(report: Report): Counts {
  const all = allOf(report)
  const of = (severity: Severity): number => all.filter((finding) => finding.severity === severity).length
  return {
    error: of('error'),
    warning: of('warning'),
    info: of('info'),
    fixable: all.filter((finding) => finding.fix !== undefined).length
  }
}

export function allOf(report: Report): readonly Diagnostic[] {
  return [...report.general, ...report.files.flatMap((file) => file.findings)]
}

/** Finds lines and columns, and computes where a file's lines begin only once. */
export function placeFinder(report: Report): (span: Span) => { start: Position; end: Position } | undefined {
  const texts = new Map(report.files.map((file) => [file.path, file.text]))
  const known = new Map<string, readonly number[]>()
  return (span) => {
    const text = texts.get(span.file)
    if (text === undefined) return undefined
    const starts = known.get(span.file) ?? lineStarts(text)
    known.set(span.file, starts)
    return { start: positionAt(starts, span.start), end: positionAt(starts, span.end) }
  }
}
