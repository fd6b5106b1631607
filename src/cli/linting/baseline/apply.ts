import { fingerprints } from '../../../diagnostics/fingerprint.js'
import type { Diagnostic } from '../../../diagnostics/index.js'
import type { Report, ReportedFile } from '../../../diagnostics/report.js'
import type { Baseline, BaselineEntry } from './baseline.js'

/** What keeps a file from being read, and mistakes of this tool, cannot be grown used to. */
const never = /^(syntax|input|internal)\//

/** The name that a file has in a baseline; undefined for one that has none, such as standard input. */
export type NameOf = (path: string) => string | undefined

/** The report with what the baseline knows marked as suppressed. */
export function withBaseline(found: Report, baseline: Baseline, nameOf: NameOf): Report {
  return { ...found, files: found.files.map((file) => marked(file, entriesOf(file, baseline, nameOf))) }
}

type Entries = Readonly<Record<string, BaselineEntry>>

function entriesOf({ path }: ReportedFile, { files }: Baseline, nameOf: NameOf): Entries | undefined {
  const name = nameOf(path)
  return name === undefined ? undefined : files[name]
}

function marked(file: ReportedFile, entries: Entries | undefined): ReportedFile {
  if (entries === undefined) return file
  const prints = fingerprints(file)
  const isKnown = (finding: Diagnostic): boolean =>
    !never.test(finding.code) &&
    entries[finding.code]?.fingerprints.includes(prints.get(finding) ?? '') === true
  return {
    ...file,
    findings: file.findings.filter((finding) => !isKnown(finding)),
    suppressed: [
      ...file.suppressed,
      ...file.findings
        .filter(isKnown)
        .map((finding) => ({ ...finding, suppressed: { kind: 'external' as const } }))
    ]
  }
}

/** What a baseline of these findings alone would hold; comments suppress on their own account. */
export function baselineOf(found: Report, nameOf: NameOf): Baseline {
  const files: Record<string, Record<string, BaselineEntry>> = {}
  for (const file of found.files) {
    const name = nameOf(file.path)
    const entries = entriesFor(file)
    if (name !== undefined && Object.keys(entries).length > 0) files[name] = entries
  }
  return { version: 1, files }
}

function entriesFor(file: ReportedFile): Record<string, BaselineEntry> {
  const prints = fingerprints(file)
  const entries: Record<string, BaselineEntry> = {}
  const codes = file.findings.map(({ code }) => code).filter((code) => !never.test(code))
  for (const code of [...new Set(codes)].sort()) {
    const own = file.findings.filter((finding) => finding.code === code)
    entries[code] = {
      count: own.length,
      fingerprints: own.map((finding) => prints.get(finding) ?? '').sort()
    }
  }
  return entries
}

/** The baseline with what it says of the files looked at replaced by what holds now; the others keep theirs. */
export function updated(before: Baseline, now: Baseline, looked: ReadonlySet<string>): Baseline {
  const others = Object.entries(before.files).filter(([name]) => !looked.has(name))
  return { version: 1, files: sorted([...others, ...Object.entries(now.files)]) }
}

/** The baseline without what is found no more in the files looked at. */
export function pruned(before: Baseline, now: Baseline, looked: ReadonlySet<string>): Baseline {
  const kept = Object.entries(before.files).flatMap(([name, entries]) => {
    if (!looked.has(name)) return [[name, entries] as const]
    const still = Object.entries(entries).flatMap(([code, { fingerprints: known }]) => {
      const present = new Set(now.files[name]?.[code]?.fingerprints)
      const rest = known.filter((print) => present.has(print))
      return rest.length === 0 ? [] : [[code, { count: rest.length, fingerprints: rest }] as const]
    })
    return still.length === 0 ? [] : [[name, Object.fromEntries(still)] as const]
  })
  return { version: 1, files: sorted(kept) }
}

/** How many findings of a baseline are no more, by file and code; of files looked at only. */
export interface Unused {
  readonly name: string
  readonly code: string
  readonly count: number
}

export function unusedIn(before: Baseline, now: Baseline, looked: ReadonlySet<string>): readonly Unused[] {
  return Object.entries(before.files).flatMap(([name, entries]) =>
    looked.has(name)
      ? Object.entries(entries).flatMap(([code, { fingerprints: known }]): readonly Unused[] => {
          const present = new Set(now.files[name]?.[code]?.fingerprints)
          const count = known.filter((print) => !present.has(print)).length
          return count === 0 ? [] : [{ name, code, count }]
        })
      : []
  )
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}
