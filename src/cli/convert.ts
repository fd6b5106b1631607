import { writeFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { convert, reportMarkdown, reportOf, sourceMapOf } from '../convert/index.js'
import type { Conversion, ConvertOptions } from '../convert/index.js'
import { encodeBytes } from '../diagnostics/index.js'
import { loadDialect } from '../dialects/index.js'
import type { DialectName } from '../dialects/index.js'
import type { Spawner } from '../dialects/spawn.js'
import { verdicts } from '../model/index.js'
import type { Verdict } from '../model/index.js'
import { styleFor } from './colour.js'
import type { ColourOption } from './colour.js'
import { complain } from './complain.js'
import { differences } from './drift.js'
import { readInput } from './input.js'
import type { Input, InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { ledgerText } from './ledger.js'
import { writeAll } from './output.js'
import { placesOf } from './places.js'
import { tool } from './version.js'

/** What to write, and for which release of the server: `nginx@1.18`. */
export interface Target {
  readonly name: DialectName
  readonly version?: string
}

export interface ConvertCommandOptions extends InputOptions {
  readonly to: Target
  readonly output?: string
  readonly force?: boolean
  readonly fragment?: boolean
  readonly spawner?: Spawner
  readonly report?: string
  readonly allowOpen?: boolean
  readonly annotate?: boolean
  readonly sourceMap?: string
  readonly split?: 'same' | 'one'
  readonly failOn: 'approx' | 'manual' | 'lost' | 'never'
  readonly keepGoing?: boolean
  readonly check?: boolean
  readonly dryRun?: boolean
  readonly diff?: boolean
  readonly verbose?: boolean
  readonly quiet?: boolean
  readonly color?: ColourOption
}

type Read = Extract<Input, { readonly kind: 'read' }>

/** The configuration to stdout or into a folder, the ledger to stderr. */
export async function convertCommand(
  file: string,
  options: ConvertCommandOptions,
  io: Io
): Promise<ExitCode> {
  refuseWithoutFolder(options)
  const input = await readInput(file, options, io)
  if (input.kind === 'failed') {
    await complain(input, options.color, io)
    return 2
  }
  const how = howTo(input, options)
  const conversion = convert(input.result, how, [await loadDialect(how.to)])
  const own = new Set(input.result.diagnostics)
  await complain(
    input,
    options.color,
    io,
    conversion.diagnostics.filter((diagnostic) => !own.has(diagnostic))
  )
  if (conversion.files.length === 0) {
    io.err('fcgi-conf: nothing was written\n')
    return 2
  }
  const { output } = options
  if (output !== undefined && (options.check === true || options.dryRun === true)) {
    const found = differences(resolve(io.cwd, output), conversion.files)
    io.out(options.diff === true ? found.diff : found.list)
    if (options.check === true) return found.list === '' ? 0 : 1
  } else write(conversion, options, io)
  if (options.report !== undefined && options.dryRun !== true)
    writeReport(options.report, input, conversion, how, io)
  if (options.sourceMap !== undefined && options.dryRun !== true)
    writeSourceMap(options.sourceMap, input, conversion, io)
  tell(conversion, input, options, io)
  return hasLoss(conversion, options.failOn) ? 1 : 0
}

function refuseWithoutFolder({ output, spawner, split, check, dryRun, diff }: ConvertCommandOptions): void {
  const hint = 'say where to with -o DIR'
  if (diff === true && check !== true && dryRun !== true)
    throw new CommandError('--diff goes with --dry-run or --check', 'nothing is written with either of them')
  if (output !== undefined) return
  if (split === 'same') throw new CommandError('--split same writes several files', hint)
  if (spawner !== undefined) throw new CommandError('--spawner writes files beside the configuration', hint)
  if (check === true) throw new CommandError('--check compares files with what would be written', hint)
  if (dryRun === true) throw new CommandError('--dry-run says which files would be written', hint)
}

function howTo({ name, result, shown }: Read, options: ConvertCommandOptions): ConvertOptions {
  const { to, fragment = false, spawner, keepGoing, annotate = false, sourceMap, split, allowOpen } = options
  return {
    ...(annotate && { annotate: { shown, place: placesOf(result.site) } }),
    ...(allowOpen === true && { allowOpen }),
    ...(sourceMap !== undefined && { trace: true }),
    ...(split === 'same' && { split }),
    from: name ?? 'ir',
    to: to.name,
    ...(to.version !== undefined && { version: to.version }),
    fragment,
    ...(spawner !== undefined && { spawner }),
    ...(keepGoing !== undefined && { keepGoing }),
    textOf: (file) => result.texts.get(shown(file))
  }
}

function write({ files }: Conversion, { output, force = false }: ConvertCommandOptions, io: Io): void {
  if (output !== undefined) {
    writeAll(resolve(io.cwd, output), files, force)
    return
  }
  const [main, ...others] = files
  io.out(main?.text ?? '')
  if (others.length === 0) return
  const names = others.map(({ path }) => `  ${path}\n`).join('')
  io.err(`It needs these files beside it; -o DIR writes them all:\n${names}\n`)
}

function tell(conversion: Conversion, input: Read, options: ConvertCommandOptions, io: Io): void {
  const errors = input.result.diagnostics.filter(({ severity }) => severity === 'error').length
  if (errors > 0) {
    io.err(
      `The source has ${errors === 1 ? 'an error' : `${errors} errors`}: only what was understood is converted.\n`
    )
  }
  const { verbose = false, quiet = false } = options
  const detail = quiet ? 'sum' : verbose ? 'all' : 'differences'
  io.err(ledgerText(conversion, input, detail, styleFor(options.color, { ...io, isTTY: false })))
  if (conversion.advice.length === 0) return
  io.err(`\nBefore the server is started:\n${conversion.advice.map((line) => `  - ${line}\n`).join('')}`)
}

/** Whether there is a loss of this verdict or a worse one. */
function hasLoss({ summary, unasked }: Conversion, least: ConvertCommandOptions['failOn']): boolean {
  if (least === 'never') return false
  const bad: readonly Verdict[] = verdicts.slice(verdicts.indexOf(least))
  return bad.some((verdict) => summary[verdict] > 0 || unasked.some((line) => line.verdict === verdict))
}

/** As Markdown where the name says so, else as JSON. */
function writeReport(file: string, input: Read, conversion: Conversion, how: ConvertOptions, io: Io): void {
  const { shown, result } = input
  const report = reportOf(conversion, how, tool, { shown, place: placesOf(result.site) })
  const isMarkdown = ['.md', '.markdown'].includes(extname(file).toLowerCase())
  writeText(file, isMarkdown ? reportMarkdown(report) : `${JSON.stringify(report, null, 2)}\n`, io)
}

function writeSourceMap(file: string, { shown, result }: Read, { traced = [] }: Conversion, io: Io): void {
  const map = sourceMapOf(traced, tool, { shown, place: placesOf(result.site) })
  writeText(file, `${JSON.stringify(map, null, 2)}\n`, io)
}

function writeText(file: string, text: string, io: Io): void {
  try {
    writeFileSync(resolve(io.cwd, file), encodeBytes(text))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot write \`${file}\`: ${error.message}`)
  }
}
