import type { ConversionReport, LedgerLine } from '../convert/index.js'
import { verdicts } from '../model/index.js'

type Line = Omit<LedgerLine, 'span'> & {
  readonly file: string
  readonly line: number
  readonly column: number
}

type Report = Omit<ConversionReport, 'ledger'> & { readonly ledger: readonly Line[] }

/** The ledger for people who review a migration: sums, then every line, the worst verdict first. */
export function reportMarkdown({ from, to, files, ledger, unasked, summary }: Report): string {
  const worst = [...verdicts].reverse()
  const sums = worst.map((verdict) => `| ${verdict} | ${String(summary[verdict])} |`)
  const told = worst.flatMap((verdict) => ledger.filter((line) => line.verdict === verdict))
  const lines = told.map(({ verdict, directive, file, line, column, message, affects, advice }) => {
    const where = `${file}:${String(line)}:${String(column)}`
    const words = [message, ...(advice === undefined ? [] : [advice])].join(' — ')
    return row(verdict, code(directive), where, words, affects.join(', '))
  })
  const further = unasked.map(({ verdict, message, affects, advice }) => {
    const words = [message, ...(advice === undefined ? [] : [advice])].join(' — ')
    return row(verdict, '', 'not asked for', words, affects.join(', '))
  })
  return [
    `# From ${from} to ${to}`,
    '',
    `Written: ${files.map(code).join(', ')}`,
    '',
    '| verdict | directives |',
    '| --- | --- |',
    ...sums,
    '',
    '| verdict | directive | where | what | affects |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    ...further,
    ''
  ].join('\n')
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
