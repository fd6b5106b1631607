import type { Diagnostic, Related, Span } from '../../../diagnostics/index.js'
import type { DirectiveRecord } from '../../../model/index.js'

export type RecordState = DirectiveRecord['state']

interface More {
  readonly hint?: string | undefined
  readonly related?: readonly Related[] | undefined
  readonly ofMachine?: true
}

/** What a reader says beside the Site: findings, and what became of each directive. */
export class Report {
  readonly diagnostics: Diagnostic[] = []
  refused = false
  /** Some of it for what is missing on this machine. */
  refusedHere: true | undefined
  private readonly said = new Set<string>()
  /** By file, then by where they begin. */
  private readonly records = new Map<string, Map<number, DirectiveRecord>>()

  /** httpd does not start on this. */
  refuse(code: string, span: Span, message: string, hint?: string, related?: readonly Related[]): void {
    this.refused = true
    this.add('error', code, span, message, { hint, related })
  }

  /** httpd does not start on this machine; on another one it may. */
  refuseHere(code: string, span: Span, message: string, hint: string): void {
    this.refused = true
    this.refusedHere = true
    this.add('warning', code, span, message, { hint, ofMachine: true })
  }

  /** httpd starts, and does something else than is written there. */
  warn(code: string, span: Span, message: string, hint?: string): void {
    this.add('warning', code, span, message, { hint })
  }

  /** The first word on a directive counts; only one that was passed over is told again (a macro used twice). */
  record(record: DirectiveRecord): void {
    const { file, start } = record.span
    let inFile = this.records.get(file)
    if (inFile === undefined) {
      inFile = new Map()
      this.records.set(file, inFile)
    }
    const known = inFile.get(start)
    if (known === undefined || known.state.kind === 'ignored') inFile.set(start, record)
  }

  /** In the order of the files, then of the text. */
  directives(files: readonly string[]): readonly DirectiveRecord[] {
    return files.flatMap((file) =>
      [...(this.records.get(file)?.values() ?? [])].sort((a, b) => a.span.start - b.span.start)
    )
  }

  private add(
    severity: Diagnostic['severity'],
    code: string,
    span: Span,
    message: string,
    { hint, related, ofMachine }: More = {}
  ): void {
    // A macro's lines are read once for each use.
    const key = `${code} ${span.file} ${span.start} ${message}`
    if (this.said.has(key)) return
    this.said.add(key)
    this.diagnostics.push({
      // A code with a group of its own is common to all languages.
      code: code.includes('/') ? code : `apache/${code}`,
      severity,
      message,
      span,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined ? {} : { related }),
      ...(ofMachine === undefined ? {} : { ofMachine })
    })
  }
}
