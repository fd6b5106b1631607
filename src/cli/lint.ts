import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { plain } from '../diagnostics/formats/style.js'
import { encodeBytes } from '../diagnostics/index.js'
import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { DialectName } from '../dialects/index.js'
import { suppress } from '../lint/suppress.js'
import { allOf, count, report } from '../diagnostics/report.js'
import type { Report } from '../diagnostics/report.js'
import { Configs } from './config/configs.js'
import type { ConfigOptions } from './config/configs.js'
import { styleFor } from './colour.js'
import type { ColourOption } from './colour.js'
import { findingsOf } from './findings.js'
import { knownFormat, loadFormat } from './formats.js'
import type { Format } from './formats.js'
import type { Input, InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { collect } from './linting/collect.js'
import type { CollectOptions } from './linting/collect.js'
import type { FixOptions } from './linting/fixing.js'
import { readRoots } from './linting/roots.js'
import type { Root } from './linting/roots.js'

export interface LintOptions extends InputOptions, CollectOptions, ConfigOptions, FixOptions {
  readonly format: readonly string[]
  readonly output?: string
  readonly failOn: 'error' | 'warn' | 'info' | 'never'
  readonly strict?: boolean
  readonly maxWarnings?: number
  readonly exitZero?: boolean
  readonly quiet?: boolean
  /** What would not survive a conversion to this dialect is a finding. */
  readonly target?: DialectName
  /** Comments in the files count; they do where it is absent. */
  readonly inlineConfig?: boolean
  readonly reportUnusedSuppressions?: boolean
  readonly color?: ColourOption
}

export async function lintCommand(files: readonly string[], options: LintOptions, io: Io): Promise<ExitCode> {
  const outputs = outputsOf(options, io)
  if (files.length === 0 && options.filesFrom === undefined) {
    throw new CommandError(
      'no file is named',
      'name configurations, folders of them, or `.` for all below this one'
    )
  }
  const configs = new Configs(options, io)
  const collected = await configs.withoutIgnored(await collect(files, options, io))
  const once = memoised(io)
  const lint = async (overlay: ReadonlyMap<string, string>): Promise<Pass> => {
    const roots = await readRoots(collected, { options: { ...options, overlay }, configs }, once)
    if (roots.length === 0 && options.errorOnUnmatchedPattern !== false)
      throw noConfiguration(collected.length)
    return { roots, found: await reportOf(roots, await lossesIn(roots, options), options) }
  }
  const { fix, fixUnsafe, diff } = options
  if (fix !== true && fixUnsafe !== true && diff !== true) {
    const { roots, found } = await lint(new Map())
    for (const output of outputs) await print(output, found, options, io)
    return exitCode(roots, found, options)
  }
  const { diffOf, fixAll, writeChanges } = await import('./linting/fixing.js')
  const first = diff === true ? await lint(new Map()) : undefined
  const { last, changes } = await fixAll(lint, options, io)
  const isStdin = files.includes('-')
  if (diff === true) io.out(await diffOf(changes))
  else if (isStdin) io.out(last.found.files[0]?.text ?? '')
  else if (options.dryRun !== true) writeChanges(changes, options, io)
  const shown = first ?? last
  const elsewhere = diff === true || isStdin ? { ...io, out: io.err } : io
  for (const output of outputs) await print(output, shown.found, options, elsewhere)
  return exitCode(shown.roots, shown.found, options)
}

/** What one look at all files gave. */
interface Pass {
  readonly roots: readonly Root[]
  readonly found: Report
}

/** Standard input can be read once only. */
function memoised(io: Io): Io {
  let read: Promise<Uint8Array> | undefined
  return { ...io, stdin: () => (read ??= io.stdin()) }
}

function noConfiguration(count: number): CommandError {
  return new CommandError(
    `none of the ${count} files looked at is a configuration of lighttpd, Apache httpd or nginx`,
    'name the file itself, with --from, or allow it with --no-error-on-unmatched-pattern'
  )
}

interface Output {
  readonly format: Format
  readonly file?: string
}

/** `--format text --format json=findings.json`: several at once, each to its own place. */
function outputsOf({ format, output }: LintOptions, io: Io): readonly Output[] {
  const asked = format.length > 0 ? format : [io.env['FCGI_CONF_FORMAT'] ?? 'text']
  const outputs = asked.map((text): Output => {
    const [name = '', ...rest] = text.split('=')
    const file = rest.length > 0 ? rest.join('=') : output
    return { format: knownFormat(name), ...(file === undefined ? {} : { file }) }
  })
  // What a person reads and what GitHub shows beside the lines come on one stream.
  const printed = outputs.filter(({ file, format: name }) => file === undefined && name !== 'github')
  if (printed.length > 1) {
    throw new CommandError(
      'two formats cannot both be printed',
      'give all but one of them a file, as in --format json=findings.json'
    )
  }
  const isText = printed.some(({ format: name }) => name === 'text' || name === 'stylish')
  const isTold = outputs.some(({ format: name }) => name === 'github')
  return io.env['GITHUB_ACTIONS'] === 'true' && isText && !isTold
    ? [...outputs, { format: 'github' }]
    : outputs
}

async function print({ format, file }: Output, found: Report, { color }: LintOptions, io: Io): Promise<void> {
  const write = await loadFormat(format)
  if (file === undefined) {
    io.out(write(found, styleFor(color, io), io))
    return
  }
  try {
    writeFileSync(resolve(io.cwd, file), encodeBytes(write(found, plain, io)))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot write \`${file}\`: ${error.message}`)
  }
}

/** With `--target`: what a conversion would not carry over. */
async function lossesIn(roots: readonly Root[], { target }: LintOptions): Promise<readonly Diagnostic[]> {
  if (target === undefined) return []
  const { portability } = await import('./linting/portability.js')
  const found: Diagnostic[] = []
  for (const { input } of roots) found.push(...(await portability(input, target)))
  return found
}

async function reportOf(
  roots: readonly Root[],
  losses: readonly Diagnostic[],
  options: LintOptions
): Promise<Report> {
  const inputs = roots.map(({ input }) => input)
  const errorsOnly = options.quiet === true
  const texts = new Map(inputs.flatMap(textsOf))
  const found: Diagnostic[] = []
  for (const { input, settled } of roots) found.push(...(await findingsOf(input, settled)))
  found.push(...losses)
  const diagnostics =
    options.inlineConfig === false
      ? found
      : suppress(found, texts, {
          requireReason: roots.some(({ settled }) => settled.requireSuppressionReason),
          reportUnused:
            options.reportUnusedSuppressions !== false &&
            roots.every(({ settled }) => settled.reportUnusedSuppressions)
        })
  const dialects = inputs.flatMap((input) =>
    input.kind === 'read' && input.name !== undefined
      ? [...input.result.texts.keys()].map((file) => [file, input.name ?? ''] as const)
      : []
  )
  return report({
    diagnostics: errorsOnly ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics,
    texts,
    asked: inputs.map((input) => ({
      path: input.path,
      ...(input.kind === 'read' && input.name !== undefined ? { dialect: input.name } : {})
    })),
    includedFrom: new Map(inputs.flatMap(includesOf)),
    dialectOf: new Map(dialects)
  })
}

function textsOf(input: Input): readonly (readonly [string, string])[] {
  if (input.kind === 'read') return [...input.result.texts]
  return input.text === undefined ? [] : [[input.path, input.text]]
}

function includesOf(input: Input): readonly (readonly [string, Span])[] {
  if (input.kind === 'failed') return []
  const { shown, result } = input
  return result.site.sources.flatMap(({ file, includedFrom }) =>
    includedFrom === undefined
      ? []
      : [[shown(file), { ...includedFrom, file: shown(includedFrom.file) }] as const]
  )
}

/** 2 wherever a file could not be read or parsed: it must not look clean, nor merely worth a look. */
function exitCode(roots: readonly Root[], found: Report, options: LintOptions): ExitCode {
  const unreadable = roots.some(({ input }) => input.kind === 'failed' && input.isPassedOver !== true)
  const unparsable = allOf(found).some(
    ({ code, severity }) => severity === 'error' && /^(syntax|input|internal)\//.test(code)
  )
  if (unreadable || unparsable) return 2
  if (options.exitZero === true) return 0
  const { error, warning, info } = count(found)
  if (options.maxWarnings !== undefined && warning > options.maxWarnings) return 1
  const level = options.strict === true && options.failOn === 'error' ? 'warn' : options.failOn
  const failing = { error, warn: error + warning, info: error + warning + info, never: 0 }[level]
  return failing > 0 ? 1 : 0
}
