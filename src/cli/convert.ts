import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { convert, report } from '../convert/index.js'
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
import { readInput } from './input.js'
import type { Input, InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { ledgerText } from './ledger.js'
import { driftOf, writeAll } from './output.js'
import { reportMarkdown } from './report-markdown.js'
import { placesOf } from './places.js'
import { tool } from './version.js'

export interface ConvertCommandOptions extends InputOptions {
  readonly to: DialectName
  readonly output?: string
  readonly force?: boolean
  readonly fragment?: boolean
  readonly spawner?: Spawner
  readonly report?: string
  readonly failOn: 'approx' | 'manual' | 'lost' | 'never'
  readonly quiet?: boolean
  readonly keepGoing?: boolean
  readonly check?: boolean
  readonly dryRun?: boolean
  readonly color?: ColourOption
}

type Read = Extract<Input, { readonly kind: 'read' }>

/** The configuration to stdout or into a folder, the ledger to stderr. */
export async function convertCommand(
  file: string,
  options: ConvertCommandOptions,
  io: Io
): Promise<ExitCode> {
  if (options.spawner !== undefined && options.output === undefined) {
    throw new CommandError('--spawner writes files beside the configuration', 'say where to with -o DIR')
  }
  if (options.output === undefined && (options.check === true || options.dryRun === true)) {
    const option = options.check === true ? '--check' : '--dry-run'
    throw new CommandError(`${option} needs the folder to look at`, 'name it with -o DIR')
  }
  const input = await readInput(file, options, io)
  if (input.kind === 'failed') {
    complain(input, options.color, io)
    return 2
  }
  const how: ConvertOptions = {
    from: input.name ?? 'ir',
    to: options.to,
    fragment: options.fragment === true,
    ...(options.spawner !== undefined && { spawner: options.spawner }),
    keepGoing: options.keepGoing === true,
    textOf: (file) => input.result.texts.get(input.shown(file))
  }
  const conversion = convert(input.result, how, [await loadDialect(options.to)])
  const own = new Set(input.result.diagnostics)
  complain(
    input,
    options.color,
    io,
    conversion.diagnostics.filter((diagnostic) => !own.has(diagnostic))
  )
  const [main, ...others] = conversion.files
  if (main === undefined) {
    io.err('fcgi-conf: nothing was written\n')
    return 2
  }
  const errors = input.result.diagnostics.filter(({ severity }) => severity === 'error').length
  if (errors > 0)
    io.err(
      `fcgi-conf: ${errors} error${errors === 1 ? '' : 's'} in the source; only what was understood is converted\n`
    )
  if (options.output === undefined) io.out(main.text)
  else if (options.check === true) return check(resolve(io.cwd, options.output), conversion, io)
  else if (options.dryRun === true) io.out(wouldWrite(resolve(io.cwd, options.output), conversion))
  else writeAll(resolve(io.cwd, options.output), conversion.files, options.force === true)
  if (options.report !== undefined) writeReport(options.report, input, conversion, how, io)
  io.err(
    ledgerText(conversion, input, options.quiet === true, styleFor(options.color, { ...io, isTTY: false }))
  )
  if (options.output === undefined && others.length > 0) {
    const names = others.map(({ path }) => `  ${path}\n`).join('')
    io.err(`\nIt needs these files beside it; -o DIR writes them all:\n${names}`)
  }
  if (conversion.advice.length > 0) {
    io.err(`\nBefore the server is started:\n${conversion.advice.map((line) => `  - ${line}\n`).join('')}`)
  }
  return hasLoss(conversion, options.failOn) ? 1 : 0
}

/** Whether the folder still holds what the source gives: 1 where it does not. */
function check(folder: string, { files }: Conversion, io: Io): ExitCode {
  const drifted = driftOf(folder, files).filter(({ state }) => state !== 'same')
  for (const { path, state } of drifted)
    io.err(`${path}: ${state === 'missing' ? 'is missing' : 'is not what the source gives'}\n`)
  return drifted.length === 0 ? 0 : 1
}

const wouldDo = { missing: 'create', different: 'change', same: 'keep' } as const

function wouldWrite(folder: string, { files }: Conversion): string {
  return driftOf(folder, files)
    .map(({ path, state }) => `${wouldDo[state].padEnd(6)} ${path}\n`)
    .join('')
}

/** Whether there is a loss of this verdict or a worse one. */
function hasLoss({ summary, unasked }: Conversion, least: ConvertCommandOptions['failOn']): boolean {
  if (least === 'never') return false
  const bad: readonly Verdict[] = verdicts.slice(verdicts.indexOf(least))
  return bad.some((verdict) => summary[verdict] > 0 || unasked.some((line) => line.verdict === verdict))
}

function writeReport(file: string, input: Read, conversion: Conversion, how: ConvertOptions, io: Io): void {
  const place = placesOf(input.result.site)
  const { ledger, ...rest } = report(conversion, how)
  const lines = ledger.map(({ span, ...line }) => ({
    ...line,
    file: input.shown(span.file),
    ...place(span),
    span
  }))
  const text = /\.(?:md|markdown)$/i.test(file)
    ? reportMarkdown({ ...rest, ledger: lines })
    : `${JSON.stringify({ version: 1, tool, ...rest, ledger: lines }, null, 2)}\n`
  try {
    writeFileSync(resolve(io.cwd, file), encodeBytes(text))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot write \`${file}\`: ${error.message}`)
  }
}
