import { resolve } from 'node:path'
import { readInput } from '../input.js'
import type { Input, InputOptions } from '../input.js'
import type { Io } from '../io.js'
import type { Collected } from './collect.js'
import { realPath } from './kind.js'

/** What servers call the file they are started with: these are read first, for others are most likely parts of them. */
const mainFile = /(^|\/)(nginx|lighttpd|httpd|apache2)\.conf$/

/** Why a file that was only found is no configuration, and so not looked at. */
const notOne = /^input\/(unknown-language|empty|binary|nothing-understood|too-large)$/

/**
 * Reads every file that no other one includes: what is included is read where it is included, in the context it has
 * there. The order is that of the files given.
 */
export async function readRoots(
  files: readonly Collected[],
  options: InputOptions,
  io: Io
): Promise<readonly Input[]> {
  const roots = new Map<Collected, Input>()
  const keys = new Map(files.map((file) => [file, keyOf(file, io)]))
  const covered = new Set<string>()
  const first = files.filter(({ path }) => mainFile.test(path))
  for (const file of new Set([...first, ...files])) {
    const key = keys.get(file) ?? ''
    if (covered.has(key)) continue
    const input = await readInput(file.path, options, io)
    if (file.isFound && isNone(input)) continue
    roots.set(file, asFound(input, file))
    for (const included of includedIn(input, io)) {
      if (included !== key) covered.add(included)
    }
  }
  return files.flatMap((file) => {
    const input = roots.get(file)
    return input === undefined || isCovered(file, keys, covered, roots) ? [] : [input]
  })
}

/** Included by a file that was read later; the one of two that include each other which was read first stays. */
function isCovered(
  file: Collected,
  keys: ReadonlyMap<Collected, string>,
  covered: ReadonlySet<string>,
  roots: ReadonlyMap<Collected, Input>
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
