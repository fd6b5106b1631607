import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../../../diagnostics/index.js'
import type { Report } from '../../../diagnostics/report.js'
import type { Configs } from '../../config/configs.js'
import { CommandError } from '../../io.js'
import type { Io } from '../../io.js'
import { replaceFile } from '../replace-file.js'
import { baselineOf, pruned, unusedIn, updated, withBaseline } from './apply.js'
import type { NameOf, Unused } from './apply.js'
import type { Baseline } from './baseline.js'

export interface BaselineOptions {
  /** The file, or false for none; where absent, what the configuration file names, or `.fcgi-conf-baseline.json` if it is there. */
  readonly baseline?: string | false
  /** Write all that is found to it. */
  readonly updateBaseline?: boolean
  /** Take out of it what is found no more. */
  readonly pruneBaseline?: boolean
  /** What is found no more is no finding. */
  readonly passOnUnprunedBaseline?: boolean
}

const usualName = '.fcgi-conf-baseline.json'

/** A baseline as it was read, with the file it stands in or is to stand in. */
export interface OpenBaseline {
  readonly file: string
  readonly before: Baseline
}

/** The baseline that counts here; undefined where there is none and none is to be made. */
export async function openBaseline(
  options: BaselineOptions,
  configs: Configs,
  io: Io
): Promise<OpenBaseline | undefined> {
  const file = await fileOf(options, configs, io)
  if (file === undefined) return undefined
  const isNew = options.updateBaseline === true && !existsSync(file)
  return { file, before: isNew ? { version: 1, files: {} } : await readBaseline(file) }
}

async function fileOf(options: BaselineOptions, configs: Configs, io: Io): Promise<string | undefined> {
  const { baseline } = options
  const isWritten = options.updateBaseline === true || options.pruneBaseline === true
  if (baseline === false) {
    if (isWritten) throw new CommandError('--no-baseline leaves no file to write to', 'leave one of them out')
    return undefined
  }
  if (baseline !== undefined) return resolve(io.cwd, baseline)
  const layer = (await configs.for('-')).findLast(({ config }) => config.baseline !== undefined)
  if (layer?.config.baseline !== undefined) return resolve(layer.folder, layer.config.baseline)
  const usual = join(io.cwd, usualName)
  return isWritten || existsSync(usual) ? usual : undefined
}

/** Holds a report against a baseline, and writes the baseline anew where that is asked for. */
export function applyBaseline(
  { file, before }: OpenBaseline,
  found: Report,
  looked: readonly string[],
  options: BaselineOptions,
  io: Io
): Report {
  const nameOf: NameOf = (path) =>
    path.startsWith('<') ? undefined : relative(dirname(file), resolve(io.cwd, path)).split(sep).join('/')
  const names = new Set(looked.flatMap((path) => nameOf(path) ?? []))
  const now = baselineOf(found, nameOf)
  if (options.updateBaseline === true) return kept(updated(before, now, names))
  if (options.pruneBaseline === true) return kept(pruned(before, now, names))
  const unused = options.passOnUnprunedBaseline === true ? [] : unusedIn(before, now, names)
  const marked = withBaseline(found, before, nameOf)
  return unused.length === 0
    ? marked
    : { ...marked, general: [...marked.general, stale(unused, relative(io.cwd, file))] }

  function kept(after: Baseline): Report {
    replaceFile(file, `${JSON.stringify(after, null, 2)}\n`, io)
    return withBaseline(found, after, nameOf)
  }
}

async function readBaseline(file: string): Promise<Baseline> {
  const { validate } = await import('./baseline-validator.js')
  const value = jsonIn(file)
  if (!validate(value)) {
    const [error] = validate.errors ?? []
    throw new CommandError(
      `${file}: it is no baseline: ${error?.instancePath ?? ''} ${error?.message ?? 'it does not fit'}`,
      'write it anew with --update-baseline'
    )
  }
  for (const [name, entries] of Object.entries(value.files)) {
    for (const [code, { count, fingerprints }] of Object.entries(entries)) {
      if (count === fingerprints.length) continue
      throw new CommandError(
        `${file}: of \`${code}\` in \`${name}\` it counts ${count} findings and names ${fingerprints.length}`,
        'it was changed by hand or in a merge; write it anew with --update-baseline'
      )
    }
  }
  return value
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(
      `cannot read the baseline \`${file}\`: ${error.message}`,
      '--update-baseline writes one'
    )
  }
}

function stale(unused: readonly Unused[], file: string): Diagnostic {
  const total = unused.reduce((sum, { count }) => sum + count, 0)
  const shown = unused.slice(0, 3).map(({ name, code, count }) => `${count} of \`${code}\` in \`${name}\``)
  const more = unused.length > shown.length ? ', …' : ''
  return {
    code: 'config/unused-baseline',
    severity: 'error',
    message: `${total === 1 ? '1 finding' : `${total} findings`} of the baseline \`${file}\` ${total === 1 ? 'is' : 'are'} found no more: ${shown.join(', ')}${more}`,
    hint: 'take them out with --prune-baseline, so that they do not come back unseen, or allow it with --pass-on-unpruned-baseline'
  }
}
