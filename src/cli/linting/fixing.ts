import { constants, copyFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { allOf } from '../../diagnostics/report.js'
import type { Report } from '../../diagnostics/report.js'
import { applyFixes } from '../../lint/fix.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import { realPath } from './kind.js'
import { replaceFile } from './replace-file.js'

export interface FixOptions {
  /** Apply the fixes that leave what the server does as it is, or as it was plainly meant. */
  readonly fix?: boolean
  /** Apply the others as well. */
  readonly fixUnsafe?: boolean
  /** Print what would change, and change nothing. */
  readonly diff?: boolean
  /** Change nothing. */
  readonly dryRun?: boolean
  /** Keep each file as it was beside it, with `.orig` behind its name. */
  readonly backup?: boolean
  /** Where files may be changed: below it, or below the current folder. */
  readonly root?: string
}

/** A fix may make another one possible; more passes than this mean that two rules disagree. */
const mostPasses = 10

export interface Change {
  readonly path: string
  readonly before: string
  readonly after: string
}

export interface FixedRun<Result> {
  /** What the last pass found: all that remains. */
  readonly last: Result
  readonly changes: readonly Change[]
}

/** Lints again and again, each time with the fixes of the last pass applied to the texts, until there are none. */
export async function fixAll<Result extends { readonly found: Report }>(
  lint: (overlay: ReadonlyMap<string, string>) => Promise<Result>,
  options: FixOptions,
  io: Io
): Promise<FixedRun<Result>> {
  const overlay = new Map<string, string>()
  const changes = new Map<string, Change>()
  let last = await lint(overlay)
  for (let pass = 0; pass < mostPasses; pass++) {
    const texts = new Map(
      last.found.files.flatMap(({ path, text }) =>
        text === undefined || !mayChange(path, options, io) ? [] : [[path, text] as const]
      )
    )
    const fixed = applyFixes(allOf(last.found), texts, options.fixUnsafe === true)
    if (fixed.count === 0) break
    for (const [path, after] of fixed.texts) {
      const before = changes.get(path)?.before ?? texts.get(path) ?? ''
      changes.set(path, { path, before, after })
      overlay.set(resolve(io.cwd, path), after)
    }
    last = await lint(overlay)
  }
  return { last, changes: [...changes.values()].filter(({ before, after }) => before !== after) }
}

/** What a link leads to elsewhere, and what is only included from elsewhere, belongs to somebody else. */
function mayChange(path: string, { root = '.' }: FixOptions, { cwd }: Io): boolean {
  const inside = relative(realPath(resolve(cwd, root)), realPath(resolve(cwd, path)))
  return !inside.startsWith('..') && !isAbsolute(inside)
}

/** The changes as a patch that `patch -p1` takes. */
export async function diffOf(changes: readonly Change[]): Promise<string> {
  const { unifiedDiff } = await import('../diff.js')
  return changes.map(({ path, before, after }) => unifiedDiff(path, before, after)).join('')
}

/** Writes the changed files: each whole or not at all, with the rights it had. */
export function writeChanges(changes: readonly Change[], { backup }: FixOptions, io: Io): void {
  for (const { path, after } of changes) {
    if (backup === true) keepBeside(path, io)
    replaceFile(path, after, io)
  }
}

function keepBeside(path: string, io: Io): void {
  const file = realPath(resolve(io.cwd, path))
  try {
    copyFileSync(file, `${file}.orig`, constants.COPYFILE_EXCL)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot change \`${path}\`: ${error.message}`, 'it is as it was')
  }
}
