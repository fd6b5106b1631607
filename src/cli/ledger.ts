import { kindTexts } from '../convert/index.js'
import type { Conversion, LedgerLine, UnaskedLine } from '../convert/index.js'
import { printable } from '../diagnostics/frame.js'
import type { Severity } from '../diagnostics/index.js'
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
 * A sum by verdict first. Then what became of each directive, one line each in the order of the source: all of them, or those
 * that need a person; then what differs unasked, of which the differences that only odd requests show are counted where not
 * all is asked for.
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
  const lines = [...ledger]
    .sort((a, b) => files.indexOf(a.span.file) - files.indexOf(b.span.file) || a.span.start - b.span.start)
    .filter(({ verdict }) => detail === 'all' || levels[verdict] !== undefined)
    .map((line, index, all) => {
      const head = `${place(line.span)}: ${verdictText(line, style)} \`${printable(line.directive)}\``
      return `${head}${say(line, all[index - 1]?.advice)}\n`
    })
  const told = unasked.filter((line) => detail === 'all' || !isForOddRequests(line))
  const further = told.map((line) => `(not asked for): ${verdictText(line, style)}${say(line)}\n`)
  return [total, ...lines, ...further, ...untold(unasked.length - told.length)].join('')
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

/** What is to be done is said once for lines that follow each other. */
function say({ message, affects, only, advice }: LedgerLine | UnaskedLine, saidBefore?: string): string {
  const of = only === undefined ? '' : `; only requests ${only.map((kind) => kindTexts[kind]).join(', or ')}`
  const effects = affects.length === 0 ? '' : ` (affects: ${affects.join(', ')}${of})`
  return `: ${printable(message)}${effects}${advice === undefined || advice === saidBefore ? '' : `\n    help: ${printable(advice)}`}`
}

function sum(total: number, summary: Readonly<Record<Verdict, number>>): string {
  const order: readonly Verdict[] = ['exact', 'approx', 'manual', 'lost', 'outside']
  const parts = order
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${verdict}`)
  const directives = total === 1 ? '1 directive' : `${total} directives`
  return `${directives}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}\n`
}
