import { kindTexts } from '../convert/index.js'
import type { Conversion, LedgerLine, UnaskedLine } from '../convert/index.js'
import { printable } from '../diagnostics/frame.js'
import type { Severity, Span } from '../diagnostics/index.js'
import type { Style } from '../diagnostics/formats/style.js'
import type { Verdict } from '../model/index.js'
import type { Input } from './input.js'
import { placeWriter } from './places.js'

const levels: Readonly<Record<Verdict, Severity | undefined>> = {
  outside: undefined,
  exact: undefined,
  approx: 'info',
  manual: 'warning',
  lost: 'error'
}

/**
 * A sum by verdict first. Then what became of each directive in the order of the source: all of them, a line each, or those
 * that need a person, where one thing is said once with all directives it is true of; then what differs unasked, of which the
 * differences that only odd requests show are counted where not all is asked for.
 */
export function ledgerText(
  { ledger, unasked, summary }: Conversion,
  input: Extract<Input, { readonly kind: 'read' }>,
  detail: 'all' | 'differences' | 'sum',
  style: Style
): string {
  const total = sum(ledger.length, summary)
  if (detail === 'sum') return total
  const place = placeWriter(input.result.site, input.shown)
  const files = input.result.site.sources.map(({ file }) => file)
  const lines = [...ledger].sort(
    (a, b) => files.indexOf(a.span.file) - files.indexOf(b.span.file) || a.span.start - b.span.start
  )
  const entries = detail === 'all' ? lines.map(entryOf) : saidOnce(lines.filter(needsAPerson))
  const asked = entries.map((entry, index) => entryText(entry, entries[index - 1], place, style))
  const told = unasked.filter((line) => detail === 'all' || !isForOddRequests(line))
  const further = told.map(
    (line) => `(not asked for): ${verdictText(line, style)}${say(line)}\n${help(adviceOf(line))}`
  )
  return [total, ...asked, ...further, ...untold(unasked.length - told.length)].join('')
}

interface Entry {
  readonly line: LedgerLine
  /** Those of which the same is true, word for word, in the order of the source. */
  readonly others: readonly LedgerLine[]
  readonly advice: readonly string[]
}

function entryOf(line: LedgerLine): Entry {
  return { line, others: [], advice: adviceOf(line) }
}

/** Each thing with the first directive that it is true of. */
function saidOnce(lines: readonly LedgerLine[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const line of lines) {
    const key = JSON.stringify([line.verdict, line.message, line.affects, line.only])
    const said = entries.get(key)
    entries.set(key, said === undefined ? entryOf(line) : withOther(said, line))
  }
  return [...entries.values()]
}

function withOther({ line, others, advice }: Entry, other: LedgerLine): Entry {
  const further = adviceOf(other).filter((text) => !advice.includes(text))
  return { line, others: [...others, other], advice: [...advice, ...further] }
}

/** What is to be done is said once for entries that follow each other. */
function entryText(
  { line, others, advice }: Entry,
  before: Entry | undefined,
  place: (span: Span) => string,
  style: Style
): string {
  const named = ({ directive }: LedgerLine): string => `\`${printable(directive)}\``
  const head = `${place(line.span)}: ${verdictText(line, style)} ${named(line)}${say(line)}\n`
  const also = others.map((other) => `${named(other)} at ${place(other.span)}`)
  const more = also.length === 0 ? '' : `    also: ${also.join(', ')}\n`
  return `${head}${more}${help(advice.filter((text) => before?.advice.includes(text) !== true))}`
}

function needsAPerson({ verdict }: LedgerLine): boolean {
  return levels[verdict] !== undefined
}

function isForOddRequests({ verdict, only, advice }: UnaskedLine): boolean {
  return verdict === 'approx' && only !== undefined && advice === undefined
}

function untold(count: number): readonly string[] {
  if (count === 0) return []
  const differences = count === 1 ? '1 more difference' : `${count} more differences`
  return [
    `(not asked for): ${differences} between the servers, for odd requests only: --verbose tells which\n`
  ]
}

function verdictText({ verdict }: LedgerLine | UnaskedLine, style: Style): string {
  const level = levels[verdict]
  const padded = verdict.padEnd(7)
  return level === undefined ? style.dim(padded) : style.severity(level, padded)
}

function say({ message, affects, only }: LedgerLine | UnaskedLine): string {
  const of = only === undefined ? '' : `; only requests ${only.map((kind) => kindTexts[kind]).join(', or ')}`
  const effects = affects.length === 0 ? '' : ` (affects: ${affects.join(', ')}${of})`
  return `: ${printable(message)}${effects}`
}

function adviceOf({ advice }: LedgerLine | UnaskedLine): readonly string[] {
  return advice === undefined ? [] : [advice]
}

function help(advice: readonly string[]): string {
  return advice.map((text) => `    help: ${printable(text)}\n`).join('')
}

function sum(total: number, summary: Readonly<Record<Verdict, number>>): string {
  const order: readonly Verdict[] = ['exact', 'approx', 'manual', 'lost', 'outside']
  const parts = order
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${verdict}`)
  const directives = total === 1 ? '1 directive' : `${total} directives`
  return `${directives}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}\n`
}
