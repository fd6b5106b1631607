import { applyBaseline, openBaseline } from './linting/baseline/index.js'
import type { BaselineOptions } from './linting/baseline/index.js'
import { Configs } from './config/configs.js'
import type { Report } from '../diagnostics/report.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { collect } from './linting/collect.js'
import type { Collected, CollectOptions } from './linting/collect.js'
import type { FixOptions } from './linting/fixing.js'
import type { Looked } from './linting/looked.js'
import { lookingAt } from './linting/looking.js'
import type { LookingOptions } from './linting/looking.js'
import { outputsOf, print } from './linting/outputs.js'
import type { OutputOptions } from './linting/outputs.js'
import { exitCodeOf, reportOf, toldOf } from './linting/reporting.js'
import type { ReportOptions } from './linting/reporting.js'
import { lookAtRoots } from './linting/roots.js'
import type { Shard, ShardPart } from './linting/shards/part.js'
import type { Placed } from './linting/shards/shard.js'
import { Timing } from './linting/timing.js'

export interface LintOptions
  extends LookingOptions, CollectOptions, FixOptions, OutputOptions, ReportOptions, BaselineOptions {
  /** Add the findings to what GitHub Actions shows of a job. */
  readonly summary?: boolean
  /** A commit: only what stands in lines changed since then is told. */
  readonly since?: string
  /** What paths in reports begin with, where files are called otherwise by those who read them. */
  readonly pathPrefix?: string
  /** Say how long each rule took. */
  readonly timing?: boolean
  /** Look at one part of the files only. */
  readonly shard?: Shard
  /** The files are reports of shards, to be made into one. */
  readonly merge?: boolean
  /** Look again whenever something changes. */
  readonly watch?: boolean
}

export async function lintCommand(files: readonly string[], options: LintOptions, io: Io): Promise<ExitCode> {
  if (options.watch !== true) return (await lintOnce(files, options, io)).exitCode
  const { watching } = await import('./linting/watching.js')
  return watching(() => lintOnce(files, options, io), io)
}

async function lintOnce(files: readonly string[], options: LintOptions, io: Io): Promise<Ran> {
  const outputs = outputsOf(options, io)
  if (files.length === 0 && options.filesFrom === undefined) {
    throw new CommandError(
      'no file is named',
      'name configurations, folders of them, or `.` for all below this one'
    )
  }
  if (isFixing(options) && (options.merge === true || options.watch === true)) {
    throw new CommandError('--fix and --diff need one run over the files', 'leave out --merge or --watch')
  }
  const timing = options.timing === true ? new Timing() : undefined
  const configs = new Configs(options, io)
  const baseline = await openBaseline(options, configs, io)
  const held = (all: Report, looked: readonly Looked[], how: BaselineOptions): Report =>
    baseline === undefined ? all : applyBaseline(baseline, all, pathsOf(looked), how, io)
  const narrowed = await narrowing(options, io)
  const finish = async ({ looked, all, part }: Pass, to: Io): Promise<Ran> => {
    const told = narrowed(toldOf(held(all, looked, options), options), looked)
    const printed = await renamed(told, options, io)
    for (const output of outputs) await print(output, printed, options, to, part && { shard: part })
    if (options.summary === true) await (await import('./linting/summary.js')).addToSummary(printed, io)
    if (timing !== undefined) io.err(timing.table())
    return { exitCode: exitCodeOf(looked, told, options), files: pathsOf(looked) }
  }
  const passOf = (looked: readonly Looked[], part?: ShardPart): Pass => {
    const all = reportOf(looked, options)
    const found = held(all, looked, { passOnUnprunedBaseline: true })
    return { looked, all, found, ...(part !== undefined && { part }) }
  }
  if (options.merge === true) {
    const { mergedLooks } = await import('./linting/shards/merge.js')
    return finish(passOf(mergedLooks(files, io)), io)
  }
  const once = memoised(io)
  const collected = await configs.withoutIgnored(await collect(files, options, io))
  const placed = await placedFiles(collected, options, io)
  const lint = async (overlay: ReadonlyMap<string, string>): Promise<Pass> => {
    const wanted = placed.map(({ file }) => file)
    const looking = await lookingAt(wanted.length, { ...options, overlay }, once, configs, timing)
    const looked = await lookAtRoots(wanted, looking.lookAll, looking.atOnce).finally(looking.end)
    if (looked.length === 0 && options.shard === undefined && options.errorOnUnmatchedPattern !== false)
      throw noConfiguration(collected.length)
    return passOf(looked, options.shard && partOf(options.shard, looked, placed))
  }
  if (!isFixing(options)) return finish(await lint(new Map()), io)
  const { diff } = options
  const { diffOf, fixAll, writeChanges } = await import('./linting/fixing.js')
  const first = diff === true ? await lint(new Map()) : undefined
  const { last, changes } = await fixAll(lint, options, io)
  const isStdin = files.includes('-')
  if (diff === true) io.out(await diffOf(changes))
  else if (isStdin) io.out(last.found.files[0]?.text ?? '')
  else if (options.dryRun !== true) writeChanges(changes, options, io)
  return finish(first ?? last, diff === true || isStdin ? { ...io, out: io.err } : io)
}

type Narrow = (found: Report, looked: readonly Looked[]) => Report

/** With `--since` only what stands in changed lines is told. git is asked before anything is written. */
async function narrowing({ since }: LintOptions, io: Io): Promise<Narrow> {
  if (since === undefined) return (found) => found
  const { changesSince, inChanges } = await import('./linting/since.js')
  const changes = changesSince(since, io)
  return (found, looked) => inChanges(found, looked, changes)
}

async function renamed(found: Report, { pathPrefix }: LintOptions, io: Io): Promise<Report> {
  if (pathPrefix === undefined) return found
  const { prefixed } = await import('./linting/prefixed.js')
  return prefixed(found, pathPrefix, io.cwd)
}

function isFixing({ fix, fixUnsafe, diff }: FixOptions): boolean {
  return fix === true || fixUnsafe === true || diff === true
}

function pathsOf(looked: readonly Looked[]): readonly string[] {
  return looked.flatMap(({ path, texts }) => [path, ...texts.slice(1).map((text) => text.path)])
}

async function placedFiles(
  files: readonly Collected[],
  options: LintOptions,
  io: Io
): Promise<readonly Placed[]> {
  if (options.shard === undefined) return files.map((file, place) => ({ file, place }))
  const { filesOf } = await import('./linting/shards/shard.js')
  return filesOf(files, options.shard, options, io)
}

function partOf(shard: Shard, looked: readonly Looked[], placed: readonly Placed[]): ShardPart {
  const places = new Map(placed.map(({ file, place }) => [file.key, place]))
  return { ...shard, looked: looked.map((one) => ({ ...one, place: places.get(one.key) ?? 0 })) }
}

interface Ran {
  readonly exitCode: ExitCode
  /** All that was looked at. */
  readonly files: readonly string[]
}

/** What one look at all files gave. */
interface Pass {
  readonly looked: readonly Looked[]
  /** All that was found, and what of it is not in the baseline. */
  readonly all: Report
  readonly found: Report
  readonly part?: ShardPart
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
