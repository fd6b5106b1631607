import type { Diagnostic, Span } from '../../diagnostics/index.js'
import type { DialectName } from '../../dialects/index.js'
import type { Configs } from '../config/configs.js'
import { settle } from '../config/settle.js'
import type { Effective } from '../config/settle.js'
import { findingsOf } from '../findings.js'
import type { RuleTiming } from '../findings.js'
import { readInput } from '../input.js'
import type { Input, InputOptions } from '../input.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import type { Collected } from './collect.js'
import type { Seen } from './seen.js'

/** All that looking at one file gave, as plain data: it can be kept, and handed from one process to another. */
export interface Looked {
  /** As a person would write it. */
  path: string
  /** The same file has the same one, however it was named. */
  key: string
  /**
   * `failed`: it could not be read; `passed-over`: nor was it named by anybody, so that this is no mistake; `none`: it was
   * only found, and is no configuration.
   */
  outcome: 'read' | 'failed' | 'passed-over' | 'none'
  dialect?: DialectName
  /** What was found in it and in all that it includes, before comments and lists that suppress findings. */
  diagnostics: Diagnostic[]
  texts: SourceText[]
  requireSuppressionReason: boolean
  reportUnusedSuppressions: boolean
}

/** One of the files that were read for another one, which is the first. */
export interface SourceText {
  /** As a person would write it. */
  path: string
  key: string
  text: string
  includedFrom?: Span
}

export interface LookOptions extends InputOptions {
  /** What would not survive a conversion to this dialect is a finding. */
  readonly target?: DialectName
}

/** What looking needs beside the options: what is remembered from file to file but has no part in what is found. */
export interface Around {
  readonly configs: Configs
  readonly io: Io
  readonly seen: Seen
  /** Where a file really stands; looked for once, for thousands of others may include it. */
  readonly realPathOf: (path: string) => string
  /** Told how long each rule took. */
  readonly timing?: RuleTiming
}

/** Why a file that was only found is no configuration, and so not looked at. */
const notOne = /^input\/(unknown-language|empty|binary|nothing-understood|too-large)$/

/** Reads one file with all that it includes, and says all that can be said of them. A mistake of this tool ends no run. */
export async function look(file: Collected, options: LookOptions, around: Around): Promise<Looked> {
  const path = nameOf(file, options)
  const settled = await settle(await around.configs.for(path), path, around.io.cwd)
  try {
    return await lookAs(settled, file, options, around)
  } catch (error) {
    if (error instanceof CommandError) throw error
    return broken(path, file, settled, error)
  }
}

function broken(path: string, { key }: Collected, settled: Effective, error: unknown): Looked {
  return {
    path,
    key,
    outcome: 'failed',
    diagnostics: [
      {
        code: 'internal/reader',
        severity: 'error',
        message: `reading it failed: ${error instanceof Error ? error.message : String(error)}`,
        span: { file: path, start: 0, end: 0 },
        hint: 'this is a mistake of fcgi-conf, not of the configuration; please report it with the file'
      }
    ],
    texts: [],
    requireSuppressionReason: settled.requireSuppressionReason,
    reportUnusedSuppressions: settled.reportUnusedSuppressions
  }
}

async function lookAs(
  settled: Effective,
  file: Collected,
  options: LookOptions,
  { io, realPathOf, seen, timing }: Around
): Promise<Looked> {
  const whole = seenBefore(optionsWith(options, settled), seen)
  const input = await readInput(file.path, whole, io)
  const common = {
    path: input.path,
    key: file.key,
    texts: textsOf(input, file.key, realPathOf),
    requireSuppressionReason: settled.requireSuppressionReason,
    reportUnusedSuppressions: settled.reportUnusedSuppressions
  }
  if (file.isFound && isNone(input)) return { ...common, outcome: 'none', diagnostics: [], texts: [] }
  if (input.kind === 'failed') return { ...common, ...failure(input.diagnostic, file) }
  const diagnostics = [...(await findingsOf(input, settled, timing))]
  for (const context of input.contexts?.slice(1) ?? []) {
    const again = await readInput(file.path, { ...whole, context }, io)
    diagnostics.push(...(await findingsOf(again, settled, timing)))
  }
  return {
    ...common,
    outcome: 'read',
    ...(input.name !== undefined && { dialect: input.name }),
    diagnostics: [...diagnostics, ...(await lossesIn(input, options))]
  }
}

/** The name that says what holds for a file. */
export function nameOf({ path }: Collected, { stdinFilename }: InputOptions): string {
  return path === '-' ? (stdinFilename ?? '-') : path
}

/** What the command line says counts more than what a configuration file says. */
export function optionsWith(
  options: InputOptions,
  { dialect, defines, modules, pathMap, target }: Effective
): InputOptions {
  return {
    ...options,
    ...(options.from === undefined && dialect !== undefined && { from: dialect }),
    define: [...defines, ...(options.define ?? [])],
    modules,
    pathMap,
    versions: target
  }
}

/** The world without what was looked at before. Where paths mean other files than they do for the next one, nothing is remembered. */
export function seenBefore(options: InputOptions, seen: Seen): InputOptions {
  if (options.pathMap !== undefined && options.pathMap.length > 0) return options
  return { ...options, through: (io) => options.through?.(seen.through(io)) ?? seen.through(io) }
}

function isNone(input: Input): boolean {
  if (input.kind === 'failed') return notOne.test(input.diagnostic.code)
  // Found JSON is some other program's, unless it is a model.
  return input.result.diagnostics.some(({ code }) => code === 'input/nothing-understood')
}

/** What nobody named may be of any program: that it could be of two servers is worth saying and no error. */
function failure(diagnostic: Diagnostic, { isFound }: Collected): Pick<Looked, 'outcome' | 'diagnostics'> {
  if (!isFound || diagnostic.code !== 'input/ambiguous-language')
    return { outcome: 'failed', diagnostics: [diagnostic] }
  const hint = 'say which in a comment: `# fcgi-conf-dialect nginx`; it was not looked at'
  return { outcome: 'passed-over', diagnostics: [{ ...diagnostic, severity: 'warning', hint }] }
}

/** With `--target`: what a conversion would not carry over. */
async function lossesIn(input: Input, { target }: LookOptions): Promise<readonly Diagnostic[]> {
  if (target === undefined) return []
  const { portability } = await import('./portability.js')
  return portability(input, target)
}

function textsOf(input: Input, key: string, realPathOf: Around['realPathOf']): SourceText[] {
  if (input.kind === 'failed') {
    return input.text === undefined ? [] : [{ path: input.path, key, text: input.text }]
  }
  const { shown, result } = input
  const from = new Map(result.site.sources.map((source) => [shown(source.file), source.includedFrom]))
  return [...result.texts].map(([path, text], index): SourceText => {
    const includedFrom = from.get(path)
    return {
      path,
      key: index === 0 ? key : realPathOf(path),
      text,
      ...(includedFrom !== undefined && {
        includedFrom: { ...includedFrom, file: shown(includedFrom.file) }
      })
    }
  })
}
