import type { Diagnostic, Span } from '../diagnostics/index.js'
import { unsayable } from '../dialects/unsayable.js'
import type { Spawner } from '../dialects/spawn.js'
import type { Dialect, DialectName, OutputFile, ReadResult, WriteOptions } from '../dialects/dialect.js'
import type { InForce, Ledger, Note, Plan, PlannedRule, Scope, Site, Verdict } from '../model/index.js'
import { origins, settingsOf } from '../model/index.js'
import { oneAccess } from './access.js'
import { closedElsewhere } from './elsewhere.js'
import { plainGuards } from './guards.js'
import { companions, type Companions } from './companions/index.js'
import { openLedger, type LedgerLine, type UnaskedLine } from './ledger.js'
import { annotated, type SourcePlaces } from './annotate.js'
import { markingLedger, traced, type TracedLine } from './origins.js'
import { outsideComments, outsideLines, type TextOf } from './outside.js'
import { split, type TracedFile } from './split.js'
import { plan } from './plan.js'
import { plainRoots } from './roots.js'
import { unparsedNotes } from './unparsed.js'
import { newerThan } from './versions.js'

export type { LedgerLine, UnaskedLine } from './ledger.js'
export { kindTexts, reportMarkdown, reportOf } from './report.js'
export type { ConversionReport, ReportLine } from './report.js'
export { auditMarkdown, auditOf, auditText } from './audit.js'
export type { Audit, Tried } from './audit.js'
export { plan } from './plan.js'
export { sourceMapOf } from './source-map.js'
export type { MappedFile, MappedLine, MappedPlace, SourceMap } from './source-map.js'
export type { TracedFile } from './split.js'
export type { TracedLine } from './origins.js'
export type { SourcePlaces } from './annotate.js'

export interface ConvertOptions {
  /** `ir`: a Site that came as JSON. */
  readonly from: DialectName | 'ir'
  readonly to: DialectName
  /** The target's release, as in `1.18`; by default the one that Debian's stable release has. */
  readonly version?: string
  /** Who starts the applications where the target does not: files for it are written beside the configuration. */
  readonly spawner?: Spawner
  /** Only the part that concerns the sites, to be included in an existing configuration. */
  readonly fragment: boolean
  /** What the target cannot guard as the source does is left open rather than closed. */
  readonly allowOpen?: boolean
  /** A source with errors is converted as far as it was understood. */
  readonly keepGoing?: boolean
  /** Above each block the line of the source it comes from, as a comment. */
  readonly annotate?: SourcePlaces
  /** `same`: what the source has in files of its own is written to files of those names, which the main one includes. */
  readonly split?: 'same'
  /** Where each line comes from is told (`Conversion.traced`). */
  readonly trace?: boolean
  /** The text behind a span's file; by default what the reader gave. */
  readonly textOf?: TextOf
}

export interface Conversion {
  /** The main file first; none where the source has errors. */
  readonly files: readonly OutputFile[]
  readonly ledger: readonly LedgerLine[]
  readonly unasked: readonly UnaskedLine[]
  readonly summary: Readonly<Record<Verdict, number>>
  readonly diagnostics: readonly Diagnostic[]
  /** The lines of the configuration and where they come from, where `trace`, `split` or `annotate` is asked for. */
  readonly traced?: readonly TracedFile[]
  /** What a person does with the files that are written for a spawner. */
  readonly advice: readonly string[]
}

const nothing: Readonly<Record<Verdict, number>> = { outside: 0, exact: 0, approx: 0, manual: 0, lost: 0 }

/** Writes what was read in another language. A source with errors is not half-converted, unless that is asked for. */
export function convert(read: ReadResult, options: ConvertOptions, dialects: readonly Dialect[]): Conversion {
  const dialect = dialects.find(({ names }) => names.includes(options.to))
  const errors = read.diagnostics.filter(({ severity }) => severity === 'error')
  if (dialect === undefined) return stopped([noWriter(options.to)])
  const { keepGoing = false } = options
  if (errors.length > 0 && !keepGoing) return stopped(read.diagnostics)
  if (read.refused && read.refusedHere !== true && !keepGoing)
    return stopped([...read.diagnostics, refused(read)])
  const beside = besideFor(options, dialect, read.site)
  if (beside.diagnostics.some(({ severity }) => severity === 'error')) {
    return stopped([...read.diagnostics, ...beside.diagnostics])
  }
  const { site, notes } = simplified(read.site, options)
  const made = plan(site)
  const planned: Plan = { ...made, notes: [...made.notes, ...notes] }
  const ledger = openLedger(read.site.directives)
  const files = dialect.write(planned, writeOptions(options), ledger)
  const tooNew = newerThan(files, dialect, options)
  if (tooNew.length > 0) return stopped([...read.diagnostics, ...tooNew])
  accountForPlan(planned, ledger)
  const { lines, unasked, summary, diagnostics } = ledger.close()
  const shaped = diagnostics.length > 0 ? undefined : shape(files, planned, dialect, read, options)
  return {
    files: shaped === undefined ? [] : [...shaped.files, ...beside.files],
    ...(shaped?.traced !== undefined && { traced: shaped.traced }),
    ledger: lines,
    unasked,
    summary,
    diagnostics: [...read.diagnostics, ...diagnostics, ...beside.diagnostics],
    advice: [...(shaped?.advice ?? []), ...beside.advice]
  }
}

interface Shaped {
  readonly files: readonly OutputFile[]
  readonly traced?: readonly TracedFile[]
  readonly advice?: readonly string[]
}

/** What was written in the form that was asked for: annotated, in files as the source has them. */
function shape(
  files: readonly OutputFile[],
  planned: Plan,
  dialect: Dialect,
  read: ReadResult,
  options: ConvertOptions
): Shaped {
  const [main, ...others] = files
  const asked = options.trace === true || options.split !== undefined || options.annotate !== undefined
  if (main === undefined || !asked) return { files: withOutside(files, read, options) }
  const { textOf = (file: string) => read.texts.get(file), annotate } = options
  const marks = markingLedger()
  const [withMarks] = dialect.write(planned, writeOptions(options), marks.ledger)
  const lines = traced(main.text.replace(/\n$/, ''), withMarks?.text ?? '', marks.spans)
  const own = annotate === undefined ? lines : annotated(lines, annotate, textOf)
  const outside = outsideLines(read.site.directives, textOf)
  const blank: TracedLine = { text: '', from: [] }
  const all = [...own, ...(outside.length === 0 ? [] : [blank, ...outside]), blank]
  const whole = { path: main.path, lines: all }
  const including = dialect.including(options.fragment)
  const parts = options.split === undefined ? [whole] : split(whole, read.site.sources, including)
  return {
    files: [...parts.map(written), ...others],
    traced: parts,
    ...(parts.length > 1 && including.advice !== undefined && { advice: [including.advice] })
  }
}

function written({ path, lines }: TracedFile): OutputFile {
  return { path, text: lines.map(({ text }) => text).join('\n') }
}

function writeOptions({ to, fragment, version, allowOpen }: ConvertOptions): WriteOptions {
  return {
    target: to,
    fragment,
    ...(allowOpen === true && { allowOpen }),
    ...(version !== undefined ? { version } : {})
  }
}

function besideFor({ spawner, to }: ConvertOptions, { spawning }: Dialect, site: Site): Companions {
  if (spawner === undefined) return { files: [], advice: [], diagnostics: [] }
  return spawning.includes(to)
    ? { files: [], advice: [], diagnostics: [startsItself(to)] }
    : companions(spawner, site)
}

/** What no writer has to know: handlers of other kinds, and two sets of access rules. */
function simplified(site: Site, { allowOpen = false }: ConvertOptions): Pick<Plan, 'site' | 'notes'> {
  const rooted = plainRoots(site)
  const guarded = plainGuards(rooted.site, allowOpen)
  const own = oneAccess(guarded.site)
  const closed = closedElsewhere(own.site)
  const one = oneAccess(closed.site)
  const further = [...closed.notes, ...one.notes, ...unparsedNotes(site)]
  return { site: one.site, notes: [...rooted.notes, ...guarded.notes, ...own.notes, ...further] }
}

function withOutside(
  files: readonly OutputFile[],
  read: ReadResult,
  { textOf = (file) => read.texts.get(file) }: ConvertOptions
): readonly OutputFile[] {
  const [main, ...others] = files
  const comments = outsideComments(read.site.directives, textOf)
  if (main === undefined || comments === '') return files
  return [{ ...main, text: `${main.text}\n${comments}` }, ...others]
}

const opensItself: Note = {
  message: 'the target opens its sockets itself and takes none that are handed over',
  affects: ['process-model'],
  advice: 'disable the systemd socket unit before the target is started'
}

const meantWhereUsed: Note = { message: 'has its meaning where the variable is used' }

const partOfLogin: Note = { message: 'is told with the login that it is part of' }

/** What the plan itself has done with directives, whichever language it is written in. */
function accountForPlan(planned: Plan, ledger: Ledger): void {
  for (const { origin, verdict, note } of planned.notes) ledger.mark(origin, verdict, note)
  const { activation } = planned.site
  if (activation) ledger.mark(activation.origin, 'manual', opensItself)
  for (const field of ['listeners', 'pipeline', 'host.names']) ledger.markPart(undefined, field, 'exact')
  // Where sockets lie is told with the address of each application.
  for (const { state, span, within } of planned.site.directives) {
    if (within === undefined && state.kind === 'read' && state.as === 'member.address')
      ledger.mark(span, 'exact', { message: 'told by the addresses of the applications' })
  }
  for (const { origin } of planned.site.computed ?? []) ledger.mark(origin, 'exact', meantWhereUsed)
  for (const { origin } of planned.site.cacheZones ?? []) ledger.mark(origin, 'approx', unsayable.cache)
  // Several directives make one login, and one of them stands for it.
  ledger.markPart(undefined, 'authentication', 'exact', partOfLogin)
  markTree(planned, ledger)
  for (const host of planned.hosts) {
    markEmptied(host.settings, ledger)
    host.rules.forEach((rule) => {
      markEmptiedIn(rule, ledger)
    })
  }
}

/**
 * Scopes are accounted for by being folded; a writer that cannot write one says so itself. Settings that reached no host
 * and no rule are replaced by others wherever they could hold.
 */
function markTree(planned: Plan, ledger: Ledger): void {
  const reached = new Set<string>()
  const reach = (settings: InForce): void => {
    for (const setting of settingsOf(settings))
      for (const origin of origins(setting)) reached.add(keyOf(origin))
  }
  const reachRule = (rule: PlannedRule): void => {
    reach(rule.settings)
    rule.rules.forEach(reachRule)
  }
  for (const host of planned.hosts) {
    reach(host.settings)
    host.rules.forEach(reachRule)
  }
  const walk = (scope: Scope): void => {
    // The root is the whole text, not one of its directives.
    if (scope !== planned.site.root) ledger.mark(scope.head ?? scope.origin, 'exact')
    for (const setting of scope.settings) {
      for (const origin of origins(setting)) {
        if (!reached.has(keyOf(origin)))
          ledger.mark(origin, 'exact', { message: 'others replace it everywhere' })
      }
    }
    scope.children.forEach(walk)
  }
  walk(planned.site.root)
}

function keyOf({ file, start, end }: Span): string {
  return `${file}:${String(start)}-${String(end)}`
}

function markEmptiedIn(rule: PlannedRule, ledger: Ledger): void {
  markEmptied(rule.settings, ledger)
  for (const inner of rule.rules) markEmptiedIn(inner, ledger)
}

/** An empty list only takes away what would hold otherwise: the plan has done that by not having it here. */
function markEmptied(settings: InForce, ledger: Ledger): void {
  for (const setting of settingsOf(settings)) {
    if (Array.isArray(setting.value) && setting.value.length === 0) ledger.mark(setting.origin, 'exact')
  }
}

function stopped(diagnostics: readonly Diagnostic[]): Conversion {
  return { files: [], ledger: [], unasked: [], summary: nothing, diagnostics, advice: [] }
}

function startsItself(to: DialectName): Diagnostic {
  return {
    code: 'convert/no-spawner-needed',
    severity: 'error',
    message: `\`${to}\` starts the applications itself`,
    hint: 'leave out --spawner'
  }
}

function noWriter(to: DialectName): Diagnostic {
  return { code: 'convert/no-writer', severity: 'error', message: `no writer for \`${to}\` is known` }
}

function refused(read: ReadResult): Diagnostic {
  const [main] = read.site.sources
  return {
    code: 'convert/refused',
    severity: 'error',
    message: 'the server does not start on this configuration, so it was not converted',
    ...(main ? { span: { file: main.file, start: 0, end: 0 } } : {})
  }
}
