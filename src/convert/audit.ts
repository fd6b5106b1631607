import type { DialectName } from '../dialects/dialect.js'
import type { Verdict } from '../model/index.js'
import type { Conversion } from './index.js'

/** How much of many configurations a conversion would carry over, and what stands in its way. */
export interface Audit {
  /** Grows by one when a reader of an older version could no longer read it. */
  readonly version: 1
  readonly to: DialectName
  readonly files: readonly AuditedFile[]
  /** Over all files. */
  readonly summary: Readonly<Record<Verdict, number>>
  /** What is lost or needs a person, the most frequent first. */
  readonly blockers: readonly Blocker[]
}

export type AuditedFile =
  | {
      readonly path: string
      readonly from: DialectName | 'ir'
      /** Mistakes in the source: what was understood is counted, and nothing would be written. */
      readonly errors: number
      readonly summary: Readonly<Record<Verdict, number>>
    }
  | { readonly path: string; readonly failed: string }

export interface Blocker {
  readonly verdict: 'lost' | 'manual'
  readonly directive: string
  /** Names and values are left out of it. */
  readonly message: string
  readonly directives: number
  readonly files: number
}

/** One configuration, as it would be converted. */
export type Tried =
  | {
      readonly path: string
      readonly from: DialectName | 'ir'
      readonly errors: number
      readonly conversion: Conversion
    }
  | { readonly path: string; readonly failed: string }

const none: Readonly<Record<Verdict, number>> = { outside: 0, exact: 0, approx: 0, manual: 0, lost: 0 }

export function auditOf(tried: readonly Tried[], to: DialectName): Audit {
  const summary = { ...none }
  const blockers = new Map<
    string,
    { readonly blocker: Omit<Blocker, 'directives' | 'files'>; readonly in: string[] }
  >()
  for (const one of tried) {
    if (!('conversion' in one)) continue
    for (const { verdict, directive, message } of one.conversion.ledger) {
      summary[verdict] += 1
      if (verdict !== 'lost' && verdict !== 'manual') continue
      const blocker = { verdict, directive, message: withoutNames(message) }
      const key = JSON.stringify(blocker)
      const known = blockers.get(key) ?? { blocker, in: [] }
      known.in.push(one.path)
      blockers.set(key, known)
    }
  }
  return {
    version: 1,
    to,
    files: tried.map((one) =>
      'conversion' in one
        ? { path: one.path, from: one.from, errors: one.errors, summary: one.conversion.summary }
        : one
    ),
    summary,
    blockers: [...blockers.values()]
      .map((each) => ({
        ...each.blocker,
        directives: each.in.length,
        files: new Set(each.in).size
      }))
      .sort(
        (a, b) => b.directives - a.directives || b.files - a.files || (a.directive < b.directive ? -1 : 1)
      )
  }
}

/** The same difficulty, whatever it is that it is said of. */
function withoutNames(message: string): string {
  return message.replace(/`[^`]*`/g, '`…`')
}

const order: readonly Verdict[] = ['exact', 'approx', 'manual', 'lost', 'outside']

/** The rows of the table: a file with the share of its directives by verdict. */
export function auditRows({ files, summary }: Audit): readonly (readonly string[])[] {
  const rows = files.map((file) =>
    'failed' in file
      ? [file.path, file.failed, ...order.map(() => '-')]
      : [
          file.errors === 0 ? file.path : `${file.path} (${String(file.errors)} errors)`,
          String(total(file.summary)),
          ...shares(file.summary)
        ]
  )
  return [
    ['file', 'directives', ...order],
    ...rows,
    ...(files.length < 2 ? [] : [['all', String(total(summary)), ...shares(summary)]])
  ]
}

function total(summary: Readonly<Record<Verdict, number>>): number {
  return order.reduce((sum, verdict) => sum + summary[verdict], 0)
}

function shares(summary: Readonly<Record<Verdict, number>>): readonly string[] {
  const whole = total(summary)
  return order.map((verdict) =>
    whole === 0 ? '-' : `${String(Math.round((100 * summary[verdict]) / whole))}%`
  )
}

/** For people who read it in a browser. */
export function auditMarkdown(audit: Audit): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`
  const [head = [], ...rows] = auditRows(audit)
  const blockers = audit.blockers.map(({ verdict, directive, message, directives, files }) =>
    line([verdict, `\`${directive}\``, message, String(directives), String(files)])
  )
  return [
    `# What a conversion to ${audit.to} carries over`,
    '',
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...(blockers.length === 0
      ? ['Nothing is lost or needs a person.']
      : [
          '## What stands in the way',
          '',
          '| Verdict | Directive | What | Directives | Files |',
          '| --- | --- | --- | ---: | ---: |',
          ...blockers
        ]),
    ''
  ].join('\n')
}

/** As many blockers as fit a screen. */
const most = 20

/** For the terminal. */
export function auditText(audit: Audit): string {
  const rows = auditRows(audit)
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
  )
  const shown = audit.blockers.slice(0, most)
  const counts = shown.map(({ directives }) => String(directives).length)
  const blockers = shown.map(
    ({ verdict, directive, message, directives, files }) =>
      `${String(directives).padStart(Math.max(...counts))} × ${verdict.padEnd(6)} \`${directive}\` in ${files === 1 ? '1 file' : `${String(files)} files`}: ${message}`
  )
  const left = audit.blockers.length - shown.length
  return [
    ...table,
    '',
    ...(blockers.length === 0
      ? ['Nothing is lost or needs a person.']
      : ['What stands in the way, the most frequent first:', ...blockers]),
    ...(left > 0 ? [`… and ${String(left)} more (-f json or -f markdown lists them)`] : []),
    ''
  ].join('\n')
}
