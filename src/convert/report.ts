import type { DialectName } from '../dialects/dialect.js'
import type { Position, Span } from '../diagnostics/index.js'
import type { RequestKind, Verdict } from '../model/index.js'
import { verdicts } from '../model/index.js'
import type { Conversion, ConvertOptions } from './index.js'
import type { LedgerLine, UnaskedLine } from './ledger.js'

/** The ledger of one conversion as data: what `--report FILE.json` writes, and what its published schema describes. */
export interface ConversionReport {
  /** Grows by one when a reader of an older version could no longer read it. */
  readonly version: 1
  readonly tool: { readonly name: string; readonly version: string }
  /** `ir`: a model that came as JSON. */
  readonly from: DialectName | 'ir'
  readonly to: DialectName
  /** The release of the target that was asked for; absent: the one that Debian's stable release has. */
  readonly targetVersion?: string
  /** What was written, the main file first, relative to the output folder. */
  readonly files: readonly string[]
  /** Each directive of the source once, in its order. */
  readonly ledger: readonly ReportLine[]
  /** Differences that no directive is to blame for: what the servers do unasked. */
  readonly unasked: readonly UnaskedLine[]
  /** How many directives have each verdict. */
  readonly summary: Readonly<Record<Verdict, number>>
}

export interface ReportLine extends LedgerLine {
  /** The file as it was named on the command line. */
  readonly file: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

/** Where a directive stands, for people. */
export interface Places {
  readonly shown: (file: string) => string
  readonly place: (span: Span) => Position
}

export function reportOf(
  conversion: Conversion,
  { from, to, version }: ConvertOptions,
  tool: ConversionReport['tool'],
  { shown, place }: Places
): ConversionReport {
  const { files, ledger, unasked, summary } = conversion
  return {
    version: 1,
    tool,
    from,
    to,
    ...(version !== undefined && { targetVersion: version }),
    files: files.map(({ path }) => path),
    ledger: ledger.map((line) => ({ ...line, file: shown(line.span.file), ...place(line.span) })),
    unasked,
    summary
  }
}

/** The kinds as they stand behind "requests". */
export const kindTexts: Readonly<Record<RequestKind, string>> = {
  'odd-host': 'whose Host is missing or not in its plainest form',
  'odd-target': 'whose target is not in its plainest form',
  'whole-url': 'whose target is no path',
  'bad-path': 'whose path has characters that do not belong there, leads above the root, or is very long',
  'odd-query': 'whose query is not in its plainest form',
  'repeated-header': 'with a header that comes twice',
  'odd-header': 'with an unusual header name or an empty or padded value',
  'other-method': 'with another method than GET, HEAD and POST',
  'unknown-method': 'with a method that neither HTTP nor WebDAV has, or TRACE or CONNECT',
  'odd-body': 'with a body of unknown length or where none is expected',
  'post-to-file': 'with another method than GET and HEAD for a file',
  range: 'with a range or a condition',
  'range-of-answer': 'with a range or a condition for what an application answers',
  'path-behind-file': 'whose path goes on behind a file',
  folder: 'for a folder',
  'dotted-folder': 'for a folder whose name has a dot in it',
  'unusual-answer': 'that the application answers with a status or headers of its own',
  'broken-answer': 'whose answer is broken, late or missing, or has an odd status',
  'location-answer': 'whose answer has a Location',
  'not-found': 'for what is not there',
  error: 'that end in an error, or in a page for it',
  'large-body': 'with a body that is too large for the source',
  'with-body': 'with a body',
  'with-login': 'with a login',
  forwarded: 'in which a proxy names the client',
  'taken-path': 'whose path an application takes with what is behind a file or a folder',
  'sendfile-answer': 'whose answer names a file to be sent in its place',
  'accel-answer': 'whose answer names a URL to be sent in its place'
}

function affected({ affects, only }: Pick<UnaskedLine, 'affects' | 'only'>): string {
  const words = affects.join(', ')
  return only === undefined
    ? words
    : `${words} (only requests ${only.map((kind) => kindTexts[kind]).join(', or ')})`
}

/** The order in which people want to hear of them. */
const worstFirst: readonly Verdict[] = [...verdicts].reverse()

const titles: Readonly<Record<Verdict, string>> = {
  lost: 'Lost: the target cannot do it',
  manual: 'Manual: someone must act',
  approx: 'Approx: close, not the same',
  outside: 'Outside: not about how a request reaches its application',
  exact: 'Exact: the target does the same'
}

/** The same for people: a summary, what needs a person, and the rest folded away. */
export function reportMarkdown(report: ConversionReport): string {
  const { from, to, targetVersion, ledger, unasked, summary, files } = report
  const of = (verdict: Verdict): readonly ReportLine[] => ledger.filter((line) => line.verdict === verdict)
  const open = (['lost', 'manual', 'approx'] as const).flatMap((verdict) =>
    section(`## ${titles[verdict]}`, of(verdict))
  )
  const folded = (['exact', 'outside'] as const).flatMap((verdict) => {
    const lines = of(verdict)
    return lines.length === 0
      ? []
      : [
          '<details>',
          `<summary>${titles[verdict]} (${String(lines.length)})</summary>`,
          '',
          ...table(lines),
          '',
          '</details>',
          ''
        ]
  })
  return [
    `# Conversion from ${from} to ${to}${targetVersion === undefined ? '' : ` ${targetVersion}`}`,
    '',
    `${String(ledger.length)} directives; written: ${files.map((file) => `\`${file}\``).join(', ')}.`,
    '',
    '| Verdict | Directives |',
    '| --- | ---: |',
    ...worstFirst.map((verdict) => `| ${verdict} | ${String(summary[verdict])} |`),
    '',
    ...open,
    ...unaskedSection(unasked),
    ...folded
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function section(title: string, lines: readonly ReportLine[]): readonly string[] {
  return lines.length === 0 ? [] : [title, '', ...table(lines), '']
}

function table(lines: readonly ReportLine[]): readonly string[] {
  return [
    '| Where | Directive | What | Affects | Advice |',
    '| --- | --- | --- | --- | --- |',
    ...lines.map((each) => {
      const { file, line, column, directive, message, advice = '' } = each
      return row([
        `${file}:${String(line)}:${String(column)}`,
        `\`${directive}\``,
        message,
        affected(each),
        advice
      ])
    })
  ]
}

function unaskedSection(lines: readonly UnaskedLine[]): readonly string[] {
  if (lines.length === 0) return []
  return [
    '## Not asked for: what the servers do otherwise of themselves',
    '',
    '| Verdict | What | Affects | Advice |',
    '| --- | --- | --- | --- |',
    ...lines.map((each) => row([each.verdict, each.message, affected(each), each.advice ?? ''])),
    ''
  ]
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`
}
