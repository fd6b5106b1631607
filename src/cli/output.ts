import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { encodeBytes } from '../diagnostics/index.js'
import type { OutputFile } from '../dialects/index.js'
import { CommandError } from './io.js'

/** Remembers what was written to a folder, so that only that is ever overwritten. */
const manifestName = '.fcgi-conf-manifest.json'

interface Target {
  readonly path: string
  readonly bytes: Uint8Array
  readonly mode: number
}

/** Writes all files into the folder, or none. Files that this tool did not write, or that were changed since, stay. */
export function writeAll(folder: string, files: readonly OutputFile[], force: boolean): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined && !statSync(folder).isDirectory()) {
    throw new CommandError(`cannot write to \`${folder}\`: it is a file`, 'name a folder')
  }
  const known = readManifest(folder)
  const targets = files.map((file) => targetOf(folder, file))
  if (!force) refuseForeign(folder, targets, known)
  const manifest = {
    ...known,
    ...Object.fromEntries(targets.map((one) => [nameOf(folder, one), hash(one.bytes)]))
  }
  const text = encodeBytes(`${JSON.stringify({ version: 1, files: manifest }, null, 2)}\n`)
  try {
    replaceAll(folder, [...targets, { path: join(folder, manifestName), bytes: text, mode: 0o644 }])
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(
      `cannot write to \`${folder}\`: ${error.message}`,
      'nothing was changed; choose a folder that you may write to'
    )
  }
}

function targetOf(folder: string, { path, text, executable }: OutputFile): Target {
  const inside = normalize(path)
  if (isAbsolute(inside) || inside.startsWith('..')) {
    throw new CommandError(`\`${path}\` would be written outside \`${folder}\``)
  }
  return { path: join(folder, inside), bytes: encodeBytes(text), mode: executable === true ? 0o755 : 0o644 }
}

function nameOf(folder: string, { path }: Target): string {
  return relative(folder, path)
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The files in a folder that were written by this tool, by their names in it. */
export function writtenIn(folder: string): readonly string[] {
  return Object.keys(readManifest(folder)).sort()
}

/** What a folder's manifest says was written: name to SHA-256. A broken manifest says nothing. */
function readManifest(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, manifestName)
  if (!existsSync(file)) return {}
  const files = filesIn(readFileSync(file, 'utf8'))
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  )
}

function filesIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'files' in value && typeof value.files === 'object') {
      return value.files ?? {}
    }
    return {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function refuseForeign(
  folder: string,
  targets: readonly Target[],
  known: Readonly<Record<string, string>>
): void {
  const foreign = targets.filter((target) => isForeign(target, known[nameOf(folder, target)]))
  if (foreign.length === 0) return
  const names = foreign.map((target) => `\`${nameOf(folder, target)}\``).join(', ')
  throw new CommandError(
    `${names} in \`${folder}\` ${foreign.length === 1 ? 'was' : 'were'} not written by fcgi-conf, or changed since`,
    'nothing was changed; choose another folder, or overwrite with --force'
  )
}

function isForeign({ path, bytes }: Target, written: string | undefined): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (!found.isFile()) return true
  const present = hash(readFileSync(path))
  return present !== written && present !== hash(bytes)
}

/** Everything is written under other names first; then the names change, and change back if one of them cannot. */
function replaceAll(folder: string, targets: readonly Target[]): void {
  const suffix = `.fcgi-conf-${process.pid}`
  const undo: (() => void)[] = []
  try {
    makeFolder(folder, undo)
    for (const target of targets) prepare(folder, target, `${target.path}${suffix}-new`, undo)
    const backups = targets.map((target) => swap(target, suffix, undo))
    for (const backup of backups) if (backup !== undefined) rmSync(backup, { force: true })
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  }
}

function prepare(
  folder: string,
  { path, bytes, mode }: Target,
  temporary: string,
  undo: (() => void)[]
): void {
  makeFolder(dirname(path), undo)
  const inside = relative(realpathSync(folder), realpathSync(dirname(path)))
  if (inside.startsWith('..') || isAbsolute(inside)) throw new Error(`\`${dirname(path)}\` leads out of it`)
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new Error(`\`${path}\` is a directory`)
  }
  undo.push(() => rmSync(temporary, { force: true }))
  writeFileSync(temporary, bytes, { flag: 'wx' })
  const old = lstatSync(path, { throwIfNoEntry: false })
  chmodSync(temporary, old?.isFile() === true ? old.mode & 0o7777 : mode)
}

function swap({ path }: Target, suffix: string, undo: (() => void)[]): string | undefined {
  const backup = `${path}${suffix}-old`
  const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined
  if (exists) {
    renameSync(path, backup)
    undo.push(() => renameSync(backup, path))
  }
  renameSync(`${path}${suffix}-new`, path)
  if (!exists) undo.push(() => rmSync(path, { force: true }))
  return exists ? backup : undefined
}

/** Makes a folder with those above it, and takes them away again if it comes to that. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  const first = mkdirSync(folder, { recursive: true })
  if (first !== undefined) undo.push(() => rmSync(first, { recursive: true, force: true }))
}
