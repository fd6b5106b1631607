import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { decodeBytes } from '../../diagnostics/index.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import { kindOf, realPath } from './kind.js'

export interface CollectOptions {
  /** A file with a name on each line; `-` is standard input. */
  readonly filesFrom?: string
  /** `.gitignore` and `.fcgi-confignore` count; they do where it is absent. */
  readonly ignore?: boolean
  /** A pattern or folder without a file is an error; it is where absent. */
  readonly errorOnUnmatchedPattern?: boolean
}

/** A file to be linted. */
export interface Collected {
  /** As a person would write it; `-` is standard input. */
  readonly path: string
  /** The same file has the same one, however it was named. */
  readonly key: string
  /** Found in a folder or by a pattern: it is passed over where it is no configuration. */
  readonly isFound: boolean
}

/** What the arguments of the command mean: files, folders, patterns, `@list` and `-`; each file once. */
export async function collect(
  args: readonly string[],
  options: CollectOptions,
  io: Io
): Promise<readonly Collected[]> {
  const known = new Map<string, Collected>()
  const add = (one: Collected): void => {
    const before = known.get(one.key)
    if (before === undefined) known.set(one.key, one)
    else if (before.isFound && !one.isFound) known.set(one.key, { ...before, isFound: false })
  }
  for (const arg of args) {
    if (arg.startsWith('@') && !exists(arg, io)) await addListed(arg.slice(1), add, io)
    else for (const one of await meaningOf(arg, options, io)) add(one)
  }
  if (options.filesFrom !== undefined) await addListed(options.filesFrom, add, io)
  return [...known.values()]
}

function nothingFound(name: string): CommandError {
  return new CommandError(
    `\`${name}\` leads to no configuration file`,
    'check the name and the ignore files (--no-ignore), or allow it with --no-error-on-unmatched-pattern'
  )
}

/** A list may name all files of a repository: those that are no configurations are passed over. */
async function addListed(list: string, add: (one: Collected) => void, io: Io): Promise<void> {
  for (const path of await namesIn(list, io)) add({ path, key: keyOf(path, io), isFound: true })
}

async function namesIn(list: string, io: Io): Promise<readonly string[]> {
  const bytes = list === '-' ? await io.stdin() : readList(list, io)
  const text = decodeBytes(bytes)
  return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((name) => name.trim() !== '')
}

function readList(list: string, io: Io): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, list))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot read the list of files \`${list}\`: ${error.message}`)
  }
}

async function meaningOf(name: string, options: CollectOptions, io: Io): Promise<readonly Collected[]> {
  // What is not there is said by whoever reads it.
  if (!isSearch(name, io)) return [{ path: name, key: keyOf(name, io), isFound: false }]
  const { Search } = await import('./search.js')
  const found = new Search(io.cwd, options.ignore !== false).meaning(name)
  if (found.length === 0 && options.errorOnUnmatchedPattern !== false) throw nothingFound(name)
  return found.map((file) => ({ ...file, isFound: true }))
}

function isSearch(name: string, io: Io): boolean {
  if (name === '-') return false
  const kind = kindOf(resolve(io.cwd, name))
  return kind === 'directory' || (kind === undefined && /[*?[{]/.test(name))
}

function keyOf(path: string, io: Io): string {
  return path === '-' ? '-' : realPath(resolve(io.cwd, path))
}

function exists(path: string, { cwd }: Io): boolean {
  return kindOf(resolve(cwd, path)) !== undefined
}
