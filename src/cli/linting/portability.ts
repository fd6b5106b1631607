import { convert } from '../../convert/index.js'
import type { LedgerLine } from '../../convert/index.js'
import type { Diagnostic, Severity } from '../../diagnostics/index.js'
import { loadDialect } from '../../dialects/index.js'
import type { DialectName } from '../../dialects/index.js'
import type { Verdict } from '../../model/index.js'
import type { Input } from '../input.js'

/** What would become of directives in a conversion, as a finding; verdicts that lose nothing have none. */
const codes: Readonly<Partial<Record<Verdict, readonly [code: string, severity: Severity]>>> = {
  lost: ['portability/lost', 'warning'],
  manual: ['portability/manual', 'warning'],
  approx: ['portability/approx', 'info']
}

/**
 * What would not survive a conversion to this dialect, told in the source. Of a configuration that cannot be converted
 * there is nothing to tell: its own errors say why.
 */
export async function portability(input: Input, to: DialectName): Promise<readonly Diagnostic[]> {
  if (input.kind === 'failed') return []
  const { result, shown, name } = input
  const options = {
    from: name ?? ('ir' as const),
    to,
    fragment: true,
    textOf: (file: string) => result.texts.get(shown(file))
  }
  const { ledger, unasked } = convert(result, options, [await loadDialect(to)])
  const [main] = result.site.sources
  const whole = { file: shown(main?.file ?? input.path), start: 0, end: 0 }
  return [
    ...ledger.flatMap((line) =>
      finding(line, `\`${line.directive}\`: `, to, { ...line.span, file: shown(line.span.file) })
    ),
    ...unasked.flatMap((line) => finding(line, '', to, whole))
  ]
}

function finding(
  { verdict, message, affects, advice }: Omit<LedgerLine, 'directive' | 'span'>,
  what: string,
  to: DialectName,
  span: LedgerLine['span']
): readonly Diagnostic[] {
  const found = codes[verdict]
  if (found === undefined) return []
  const [code, severity] = found
  const differs = affects.length === 0 ? '' : ` (may differ: ${affects.join(', ')})`
  return [
    {
      code,
      severity,
      message: `${what}as ${to}, ${message}${differs}`,
      span,
      ...(advice !== undefined && { hint: advice })
    }
  ]
}
