import { applyBaseline, openBaseline } from './linting/baseline/index.js'
import type { BaselineOptions } from './linting/baseline/index.js'
import { Configs } from './config/configs.js'
import type { Report } from '../diagnostics/report.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { collect } from './linting/collect.js'
import type { CollectOptions } from './linting/collect.js'
import type { FixOptions } from './linting/fixing.js'
import type { Looked } from './linting/looked.js'
import { lookingAt } from './linting/looking.js'
import type { LookingOptions } from './linting/looking.js'
import { outputsOf, print } from './linting/outputs.js'
import type { OutputOptions } from './linting/outputs.js'
import { exitCodeOf, reportOf, toldOf } from './linting/reporting.js'
import type { ReportOptions } from './linting/reporting.js'
import { lookAtRoots } from './linting/roots.js'
import { Timing } from './linting/timing.js'

export interface LintOptions
  extends LookingOptions, CollectOptions, FixOptions, OutputOptions, ReportOptions, BaselineOptions {
  /** Say how long each rule took. */
  readonly timing?: boolean
}

export async function lintCommand(files: readonly string[], options: LintOptions, io: Io): Promise<ExitCode> {
  const outputs = outputsOf(options, io)
  if (files.length === 0 && options.filesFrom === undefined) {
    throw new CommandError(
      'no file is named',
      'name configurations, folders of them, or `.` for all below this one'
    )
  }
  const timing = options.timing === true ? new Timing() : undefined
  const configs = new Configs(options, io)
  const collected = await configs.withoutIgnored(await collect(files, options, io))
  const once = memoised(io)
  const baseline = await openBaseline(options, configs, io)
  const lint = async (overlay: ReadonlyMap<string, string>): Promise<Pass> => {
    const looking = await lookingAt(collected.length, { ...options, overlay }, once, configs, timing)
    const looked = await lookAtRoots(collected, looking.lookAll, looking.atOnce, io).finally(looking.end)
    if (looked.length === 0 && options.errorOnUnmatchedPattern !== false)
      throw noConfiguration(collected.length)
    const all = reportOf(looked, options)
    return { looked, all, found: held(all, looked, { passOnUnprunedBaseline: true }) }
  }
  const held = (all: Report, looked: readonly Looked[], how: BaselineOptions): Report => {
    const paths = looked.flatMap(({ texts }) => texts.map(({ path }) => path))
    return baseline === undefined ? all : applyBaseline(baseline, all, paths, how, io)
  }
  const finish = async ({ looked, all }: Pass, to: Io): Promise<ExitCode> => {
    const told = toldOf(held(all, looked, options), options)
    for (const output of outputs) await print(output, told, options, to)
    if (timing !== undefined) io.err(timing.table())
    return exitCodeOf(looked, told, options)
  }
  const { fix, fixUnsafe, diff } = options
  if (fix !== true && fixUnsafe !== true && diff !== true) return finish(await lint(new Map()), io)
  const { diffOf, fixAll, writeChanges } = await import('./linting/fixing.js')
  const first = diff === true ? await lint(new Map()) : undefined
  const { last, changes } = await fixAll(lint, options, io)
  const isStdin = files.includes('-')
  if (diff === true) io.out(await diffOf(changes))
  else if (isStdin) io.out(last.found.files[0]?.text ?? '')
  else if (options.dryRun !== true) writeChanges(changes, options, io)
  return finish(first ?? last, diff === true || isStdin ? { ...io, out: io.err } : io)
}

/** What one look at all files gave. */
interface Pass {
  readonly looked: readonly Looked[]
  /** All that was found, and what of it is not in the baseline. */
  readonly all: Report
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
