import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { DirectiveRecord, Effect, Ledger, Note, RequestKind, UrlTest, Verdict } from '../model/index.js'
import { verdicts } from '../model/index.js'

/** What became of one directive of the source. */
export interface LedgerLine {
  /** Its name, an option with the directive it stands in: `fastcgi.server check-local`. */
  readonly directive: string
  readonly verdict: Verdict
  readonly span: Span
  readonly message: string
  readonly affects: readonly Effect[]
  /** The kinds of requests that it affects; any where absent. */
  readonly only?: readonly RequestKind[]
  /** Each difference by itself, where they are not all about the same requests. */
  readonly differences?: readonly Difference[]
  /** A check that keeps people out is lost: what it guards is closed, or was left open where that was asked for. */
  readonly severity?: 'error'
  readonly advice?: string
}

/** What may differ of some requests: those of these kinds, and with these URLs; of all where neither is said. */
export interface Difference {
  readonly affects: readonly Effect[]
  readonly only?: readonly RequestKind[]
  readonly urls?: readonly UrlTest[]
}

/** A difference that no directive is to blame for. */
export interface UnaskedLine {
  readonly verdict: Verdict
  readonly message: string
  readonly affects: readonly Effect[]
  /** The kinds of requests that it affects; any where absent. */
  readonly only?: readonly RequestKind[]
  /** The URLs that it affects; any where absent. */
  readonly urls?: readonly UrlTest[]
  readonly advice?: string
}

export interface LedgerResult {
  /** Each directive of the source once, in its order. */
  readonly lines: readonly LedgerLine[]
  readonly unasked: readonly UnaskedLine[]
  readonly summary: Readonly<Record<Verdict, number>>
  /** Not empty only if the ledger itself does not add up. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Writers' side of the ledger, and the result once they are done. */
export interface OpenLedger extends Ledger {
  close(): LedgerResult
}

interface Mark {
  readonly verdict: Verdict
  readonly note: Note | undefined
}

/** A ledger for one conversion of a configuration with these directives. */
export function openLedger(records: readonly DirectiveRecord[]): OpenLedger {
  const directives = onlyOnce(records)
  const index = indexOf(directives)
  const marks = new Map<DirectiveRecord, Mark[]>()
  const unasked: UnaskedLine[] = []
  const told = new Set<DirectiveRecord>()
  const add = (record: DirectiveRecord, mark: Mark): void => {
    marks.set(record, [...(marks.get(record) ?? []), mark])
  }
  return {
    mark(origin, verdict, note) {
      for (const record of index.at(origin)) add(record, { verdict, note })
    },
    markPart(origin, field, verdict, note) {
      const among = origin === undefined ? directives : index.within(origin)
      for (const record of among) if (isPart(record, field)) add(record, { verdict, note })
    },
    unasked(verdict, note) {
      if (unasked.some((line) => line.message === note.message)) return
      unasked.push({ verdict, ...said(note), ...(note.urls !== undefined && { urls: note.urls }) })
    },
    takeComments(origin) {
      return index.at(origin).flatMap((record) => {
        if (told.has(record)) return []
        told.add(record)
        return record.comments
      })
    },
    close: () => close(directives, records, index, marks, unasked)
  }
}

/** A file that is included twice has its directives read twice; each is one directive of the source all the same. */
function onlyOnce(records: readonly DirectiveRecord[]): readonly DirectiveRecord[] {
  const found = new Map<string, DirectiveRecord>()
  for (const record of records) {
    const key = `${keyOf(record.span)} ${record.within ?? ''} ${record.name}`
    if (!found.has(key)) found.set(key, record)
  }
  return [...found.values()]
}

function isPart(record: DirectiveRecord, field: string): boolean {
  if (record.state.kind !== 'read') return false
  if (record.state.as === undefined) return false
  const as = bare(record.state.as)
  return as === bare(field) || as.startsWith(`${bare(field)}.`)
}

/** `pool.connection`, `target.script`, `binding.script`: where the field stands is clear without the first word. */
function bare(field: string): string {
  return field.replace(/^(?:pool|target|binding)\./, '')
}

interface Index {
  /** The directives that begin where the origin does and end with it; else the innermost around it. */
  at(origin: Span | undefined): readonly DirectiveRecord[]
  /** All that stand inside the origin, itself included. */
  within(origin: Span | undefined): readonly DirectiveRecord[]
}

function indexOf(directives: readonly DirectiveRecord[]): Index {
  const files = new Map<string, DirectiveRecord[]>()
  for (const record of directives) {
    const list = files.get(record.span.file) ?? []
    list.push(record)
    files.set(record.span.file, list)
  }
  const exact = new Map<string, DirectiveRecord[]>()
  for (const record of directives) {
    const key = keyOf(record.span)
    exact.set(key, [...(exact.get(key) ?? []), record])
  }
  return {
    at(origin) {
      if (origin === undefined) return []
      const same = exact.get(keyOf(origin))
      if (same) return same
      const around = (files.get(origin.file) ?? []).filter(({ span }) => contains(span, origin))
      return around.sort((a, b) => length(a.span) - length(b.span)).slice(0, 1)
    },
    within(origin) {
      if (origin === undefined) return []
      return (files.get(origin.file) ?? []).filter(({ span }) => contains(origin, span))
    }
  }
}

function close(
  directives: readonly DirectiveRecord[],
  records: readonly DirectiveRecord[],
  index: Index,
  marks: ReadonlyMap<DirectiveRecord, readonly Mark[]>,
  unasked: readonly UnaskedLine[]
): LedgerResult {
  const settled = new Map<DirectiveRecord, LedgerLine>()
  for (const record of directives) {
    if (record.state.kind !== 'structure') settled.set(record, settle(record, marks.get(record) ?? []))
  }
  for (const record of directives) {
    if (record.state.kind !== 'structure') continue
    const inner = index.within(record.span).flatMap((each) => settled.get(each) ?? [])
    settled.set(record, settleStructure(record, marks.get(record) ?? [], inner))
  }
  const lines = directives.flatMap((record) => settled.get(record) ?? [])
  const summary: Record<Verdict, number> = { outside: 0, exact: 0, approx: 0, manual: 0, lost: 0 }
  for (const line of lines) summary[line.verdict] += 1
  return { lines, unasked, summary, diagnostics: addsUp(lines, directives, records) }
}

/**
 * Whatever happens above, and whatever a reader tells: each directive stands once. A file that is read twice has the
 * same records twice; two different ones for the same words are a reader's mistake.
 */
function addsUp(
  lines: readonly LedgerLine[],
  directives: readonly DirectiveRecord[],
  records: readonly DirectiveRecord[]
): readonly Diagnostic[] {
  const mistake = (message: string, span?: Span): Diagnostic => ({
    code: 'internal/ledger',
    severity: 'error',
    message,
    ...(span ? { span } : {}),
    hint: 'This is a mistake of fcgi-conf; please report it with the configuration.'
  })
  const places = new Map<string, DirectiveRecord>()
  const doubles = directives.flatMap((record) => {
    const key = keyOf(record.span)
    const known = places.get(key)
    places.set(key, known ?? record)
    return known === undefined
      ? []
      : [mistake(`\`${known.name}\` and \`${record.name}\` are two directives at one place`, record.span)]
  })
  const spans = new Set(records.map(({ span }) => keyOf(span)))
  const told = new Set(lines.map(({ span }) => keyOf(span)))
  const missing = [...spans].filter((key) => !told.has(key)).length
  return [
    ...doubles,
    ...(missing > 0 || lines.length !== directives.length
      ? [mistake(`the ledger has ${String(lines.length)} lines for ${String(spans.size)} directives`)]
      : [])
  ]
}

/** What may differ where nobody knows what a directive would have done. */
const anything: readonly Effect[] = ['routing', 'status', 'body']

function settle(record: DirectiveRecord, marks: readonly Mark[]): LedgerLine {
  switch (record.state.kind) {
    case 'read':
      return marks.length > 0
        ? fromMarks(record, marks)
        : lineOf(record, 'lost', {
            message: 'understood, but the target was given nothing for it',
            affects: anything
          })
    case 'outside':
      return lineOf(record, 'outside', { message: `not about FastCGI (${record.state.topic})` })
    case 'not-read-yet':
      return lineOf(record, 'lost', { message: 'not read yet', affects: anything })
    case 'not-run':
      return lineOf(record, 'manual', {
        message: 'the command that prints this part of the configuration was not run',
        affects: anything,
        advice: 'allow it (`--allow-include-shell`), or put what it prints into a file and include that'
      })
    case 'ignored':
      return lineOf(record, 'exact', { message: `has no effect in the source: ${record.state.why}` })
    case 'unknown':
      return lineOf(record, 'lost', { message: 'no such directive is known', affects: anything })
    case 'structure':
      return settleStructure(record, marks, [])
  }
}

function settleStructure(
  record: DirectiveRecord,
  marks: readonly Mark[],
  inner: readonly LedgerLine[]
): LedgerLine {
  if (marks.length > 0) return fromMarks(record, marks)
  if (inner.length === 0) {
    return lineOf(record, 'exact', { message: 'has its meaning through the directives that use it' })
  }
  const written = inner.some(({ verdict }) => verdict !== 'lost' && verdict !== 'outside')
  if (written) return lineOf(record, 'exact', { message: 'written as the structure of the target' })
  return inner.every(({ verdict }) => verdict === 'outside')
    ? lineOf(record, 'outside', { message: 'holds nothing about FastCGI' })
    : lineOf(record, 'lost', { message: 'nothing inside it was translated' })
}

/** The worst verdict counts, and the notes add up. */
function fromMarks(record: DirectiveRecord, marks: readonly Mark[]): LedgerLine {
  const verdict = marks.reduce<Verdict>(
    (worst, mark) => (verdicts.indexOf(mark.verdict) > verdicts.indexOf(worst) ? mark.verdict : worst),
    'outside'
  )
  const notes = marks.flatMap(({ note }) => note ?? [])
  const messages = unique(notes.map(({ message }) => message))
  const advice = unique(notes.flatMap((note) => note.advice ?? []))
  return lineOf(record, verdict, {
    message: messages.length > 0 ? messages.join('; ') : plainly[verdict],
    affects: unique(notes.flatMap((note) => note.affects ?? [])),
    ...onlyOf(notes),
    ...differencesOf(notes),
    ...(notes.some(({ guards }) => guards) && { guards: true as const }),
    ...(advice.length > 0 ? { advice: advice.join(' ') } : {})
  })
}

/** Single differences, where a sum of them would say more than they do. */
function differencesOf(notes: readonly Note[]): Pick<LedgerLine, 'differences'> {
  const affecting = notes.flatMap(({ affects = [], only, urls }) =>
    affects.length === 0
      ? []
      : [{ affects, ...(only !== undefined && { only }), ...(urls !== undefined && { urls }) }]
  )
  const scopes = new Set(affecting.map(({ only, urls }) => JSON.stringify([only, urls])))
  return scopes.size > 1 || affecting.some(({ urls }) => urls !== undefined)
    ? {
        differences: affecting.filter((each, at) => at === affecting.findIndex((other) => same(each, other)))
      }
    : {}
}

function same(a: Difference, b: Difference): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Kinds of requests, where every note that affects any says of which. */
function onlyOf(notes: readonly Note[]): Pick<Note, 'only'> {
  const affecting = notes.filter(({ affects }) => affects !== undefined && affects.length > 0)
  const kinds = affecting.map(({ only }) => only)
  return kinds.length === 0 || kinds.includes(undefined)
    ? {}
    : { only: unique(kinds.flatMap((each) => each ?? [])) }
}

const plainly: Readonly<Record<Verdict, string>> = {
  exact: 'the target does the same',
  approx: 'written as what comes closest',
  manual: 'needs someone to act',
  lost: 'the target cannot do it',
  outside: 'not about FastCGI'
}

function lineOf(
  record: DirectiveRecord,
  verdict: Verdict,
  note: Note & Pick<LedgerLine, 'differences'>
): LedgerLine {
  const directive = record.within === undefined ? record.name : `${record.within} ${record.name}`
  const { differences } = note
  return { directive, verdict, span: record.span, ...said(note), ...(differences && { differences }) }
}

function said(note: Note): Omit<LedgerLine, 'directive' | 'verdict' | 'span'> {
  return {
    message: note.message,
    affects: note.affects ?? [],
    ...(note.only !== undefined ? { only: note.only } : {}),
    ...(note.guards === true ? { severity: 'error' as const } : {}),
    ...(note.advice !== undefined ? { advice: note.advice } : {})
  }
}

function keyOf(span: Span): string {
  return `${span.file}:${String(span.start)}-${String(span.end)}`
}

function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end
}

function length(span: Span): number {
  return span.end - span.start
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)]
}
