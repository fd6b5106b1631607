import { resolve } from 'node:path'
import { readInput } from '../input.js'
import type { Input, InputOptions } from '../input.js'
import type { Configs } from '../config/configs.js'
import { settle } from '../config/settle.js'
import type { Effective } from '../config/settle.js'
import type { Io } from '../io.js'
import type { Collected } from './collect.js'
import { realPath } from './kind.js'

/** What servers call the file they are started with: these are read first, for others are most likely parts of them. */
const mainFile = /(^|\/)(nginx|lighttpd|httpd|apache2)\.conf$/

/** Why a file that was only found is no configuration, and so not looked at. */
const notOne = /^input\/(unknown-language|empty|binary|nothing-understood|too-large)$/

/** A file that no other one includes, with what was settled for it. */
export interface Root {
  readonly input: Input
  readonly settled: Effective
}

export interface RootOptions {
  readonly options: InputOptions
  readonly configs: Configs
}

/** What the command line says counts more than what a configuration file says. */
function optionsWith(options: InputOptions, { dialect, defines, target }: Effective): InputOptions {
  return {
    ...options,
    ...(options.from === undefined && dialect !== undefined && { from: dialect }),
    define: [...defines, ...(options.define ?? [])],
    versions: target
  }
}

/**
 * Reads every file that no other one includes: what is included is read where it is included, in the context it has
 * there. The order is that of the files given.
 */
export async function readRoots(
  files: readonly Collected[],
  { options, configs }: RootOptions,
  io: Io
): Promise<readonly Root[]> {
  const roots = new Map<Collected, Root>()
  const keys = new Map(files.map((file) => [file, keyOf(file, io)]))
  const covered = new Set<string>()
  const first = files.filter(({ path }) => mainFile.test(path))
  for (const file of new Set([...first, ...files])) {
    const key = keys.get(file) ?? ''
    if (covered.has(key)) continue
    const path = file.path === '-' ? (options.stdinFilename ?? '-') : file.path
    const settled = await settle(await configs.for(path), path, io.cwd)
    const input = await readInput(file.path, optionsWith(options, settled), io)
    if (file.isFound && isNone(input)) continue
    roots.set(file, { input: asFound(input, file), settled })
    for (const included of includedIn(input, io)) {
      if (included !== key) covered.add(included)
    }
  }
  return files.flatMap((file) => {
    const root = roots.get(file)
    return root === undefined || isCovered(file, keys, covered, roots) ? [] : [root]
  })
}

/** Included by a file that was read later; the one of two that include each other which was read first stays. */
function isCovered(
  file: Collected,
  keys: ReadonlyMap<Collected, string>,
  covered: ReadonlySet<string>,
  roots: ReadonlyMap<Collected, Root>
): boolean {
  return roots.size > 1 && covered.has(keys.get(file) ?? '')
}

function keyOf({ path }: Collected, io: Io): string {
  return path === '-' ? '-' : realPath(resolve(io.cwd, path))
}

function includedIn(input: Input, io: Io): readonly string[] {
  if (input.kind === 'failed') return []
  const { result, shown } = input
  return result.site.sources.slice(1).map(({ file }) => realPath(resolve(io.cwd, shown(file))))
}

function isNone(input: Input): boolean {
  if (input.kind === 'failed') return notOne.test(input.diagnostic.code)
  // Found JSON is some other program's, unless it is a model.
  return input.result.diagnostics.some(({ code }) => code === 'input/nothing-understood')
}

/** What nobody named may be of any program: that it could be of two servers is worth saying and no error. */
function asFound(input: Input, { isFound }: Collected): Input {
  if (!isFound || input.kind === 'read' || input.diagnostic.code !== 'input/ambiguous-language') return input
  return {
    ...input,
    isPassedOver: true,
    diagnostic: {
      ...input.diagnostic,
      severity: 'warning',
      hint: 'say which in a comment: `# fcgi-conf-dialect nginx`; it was not looked at'
    }
  }
}
