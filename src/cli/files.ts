import type { SpawnSyncOptions } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { decodeBytes } from '../diagnostics/index.js'
import type { ReadFileResult, ReadIo } from '../dialects/dialect.js'
import { maximumLength } from '../../grammars/tree.js'
import { glob } from './glob.js'

export interface FilesOptions {
  readonly cwd: string
  /** Where the tree stands whose `/` the configuration means. */
  readonly root?: string
  /** Folders on the disk, by what the server calls them; longer ones first. They count more than `root`. */
  readonly pathMap?: readonly (readonly [server: string, disk: string])[]
  /** What relative paths are relative to; the server would be started there. */
  readonly prefix?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Commands that a configuration takes text from are run. */
  readonly allowIncludeShell?: boolean
  /** Milliseconds such a command may take; ten seconds where absent. */
  readonly longestRun?: number
  /** Texts to be had under a name without looking at the disk: standard input, what a caller has already read. */
  readonly given?: ReadonlyMap<string, string>
  /** Texts that count in place of what stands on the disk, by absolute path. */
  readonly overlay?: ReadonlyMap<string, string>
}

/** The real file system, as a reader may see it. */
export function readIo(options: FilesOptions): ReadIo {
  const at = (path: string): string => onDisk(path, options)
  const exists = (path: string): boolean => kindOf(path) !== 'missing'
  return {
    readFile(path) {
      const text = options.given?.get(path) ?? options.overlay?.get(at(path))
      return text === undefined ? readText(at(path)) : { kind: 'text', text }
    },
    glob(pattern, { braces }) {
      const mapped = mappedBy(pattern, options)
      const base = mapped?.[1] ?? (isAbsolute(pattern) ? (options.root ?? '') : options.cwd)
      const rest = mapped === undefined ? pattern : pattern.slice(mapped[0].length + 1)
      const found = glob(patternOnDisk(rest, base, options.cwd), braces, exists)
      return found.map((path) => asTheServerSees(path, pattern, options))
    },
    filesBelow(path) {
      if (kindOf(at(path)) !== 'directory') return undefined
      return filesBelow(at(path), []).map((file) => asTheServerSees(file, path, options))
    },
    kind: (path) => kindOf(at(path)),
    environment: (name) => (name === 'PWD' ? startedIn(options) : options.env[name]),
    ...(options.allowIncludeShell === true && {
      run: (command: string, folder: string) => output(command, at(folder), options)
    })
  }
}

/** What a command prints, run by the shell in a session of its own, without a terminal and without input. */
function output(command: string, cwd: string, { env, longestRun = 10_000 }: FilesOptions): ReadFileResult {
  const { SHELL: shell = '' } = env
  // Loaded here only: it brings all of Node's networking along, and the start of every command would wait for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const how: SpawnSyncOptions = {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestRun,
    killSignal: 'SIGKILL',
    maxBuffer: maximumLength
  }
  // Node hands this on to the system for synchronous starts as well, though its types do not say so.
  const done = spawnSync(shell === '' ? '/bin/sh' : shell, ['-c', command], { ...how, ...{ detached: true } })
  if (done.error !== undefined) {
    endGroup(done.pid)
    const seconds = longestRun / 1000
    const why = 'code' in done.error ? done.error.code : undefined
    if (why === 'ETIMEDOUT') return failed('unreadable', `it was still running after ${seconds} s`)
    if (why === 'ENOBUFS') return failed('too-large', `it prints more than ${maximumLength / 1024 / 1024} MB`)
    return failed('unreadable', done.error.message)
  }
  if (done.status !== 0) {
    const said = decodeBytes(Buffer.from(done.stderr)).trim().split('\n').at(-1) ?? ''
    const end = `it ended with ${done.status ?? done.signal ?? 'a signal'}`
    return failed('unreadable', said === '' ? end : `${end}: ${said.slice(0, 200)}`)
  }
  return textOf(Buffer.from(done.stdout))
}

/** What a command has started goes with it. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (failureOf(error).why !== 'missing') throw error
  }
}

/** A prefix below `--root` is the server's own path already. */
function startedIn({ cwd, root, prefix }: FilesOptions): string {
  return root !== undefined && prefix !== undefined && isAbsolute(prefix)
    ? prefix
    : resolve(cwd, prefix ?? '.')
}

/** The entry of the path map that holds for an absolute path. */
function mappedBy(path: string, { pathMap = [] }: Pick<FilesOptions, 'pathMap'>) {
  return pathMap.find(([server]) => path === server || path.startsWith(`${server}/`))
}

/** An absolute path is looked for below `--root`, any other below the current directory. */
export function onDisk(path: string, options: Pick<FilesOptions, 'cwd' | 'root' | 'pathMap'>): string {
  const mapped = mappedBy(path, options)
  if (mapped !== undefined) return `${mapped[1]}${path.slice(mapped[0].length)}`
  if (isAbsolute(path) && options.root !== undefined) return join(resolve(options.cwd, options.root), path)
  return resolve(options.cwd, path)
}

/** Back from the disk to the form the question was asked in: relative, or absolute below the root. */
function asTheServerSees(path: string, asked: string, options: FilesOptions): string {
  if (!isAbsolute(asked)) return relative(options.cwd, path)
  const mapped = mappedBy(asked, options)
  if (mapped !== undefined && (path === mapped[1] || path.startsWith(`${mapped[1]}/`)))
    return `${mapped[0]}${path.slice(mapped[1].length)}`
  if (options.root === undefined) return path
  return `/${relative(resolve(options.cwd, options.root), path)}`
}

/** What stands before the pattern is meant as it is, even where it holds a `*`. */
function patternOnDisk(pattern: string, base: string, cwd: string): string {
  if (base === '') return pattern
  return `${resolve(cwd, base).replace(/[\\*?[{},]/g, '\\$&')}/${pattern}`
}

function kindOf(path: string): 'file' | 'directory' | 'missing' {
  try {
    // Without an exception, which would take longer than all the rest: much is asked for that is not there.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return 'missing'
    return found.isDirectory() ? 'directory' : 'file'
  } catch (error) {
    if (failureOf(error).why === 'unreadable') return 'file'
    return 'missing'
  }
}

/** A link that leads back to a folder above it is not followed. */
function filesBelow(folder: string, above: readonly string[]): readonly string[] {
  const real = realpathSync(folder)
  if (above.includes(real)) return []
  return readdirSync(folder)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((name) => {
      const path = join(folder, name)
      const kind = kindOf(path)
      return kind === 'directory' ? filesBelow(path, [...above, real]) : kind === 'file' ? [path] : []
    })
}

function readText(path: string): ReadFileResult {
  try {
    const found = statSync(path)
    if (found.isDirectory()) return failed('directory', 'it is a directory')
    if (found.size > maximumLength) return tooLarge(found.size)
    if (found.isFile()) return textOf(readFileSync(path))
    // A pipe (`<(…)` of a shell) is read; a device may have no end.
    if (found.isFIFO()) return textOf(readPipe(path))
    return failed('unreadable', 'it is neither a file nor a pipe')
  } catch (error) {
    return failureOf(error)
  }
}

/** What a pipe gives, up to one byte more than is read of any file. */
function readPipe(path: string): Uint8Array {
  const pipe = openSync(path, 'r')
  try {
    const parts: Uint8Array[] = []
    for (let total = 0; total <= maximumLength;) {
      const part = new Uint8Array(65_536)
      const length = readSync(pipe, part)
      if (length === 0) break
      parts.push(part.subarray(0, length))
      total += length
    }
    return Buffer.concat(parts)
  } finally {
    closeSync(pipe)
  }
}

/** The text of bytes that may be no text. */
export function textOf(bytes: Uint8Array): ReadFileResult {
  if (bytes.length > maximumLength) return tooLarge(bytes.length)
  // No configuration holds a NUL; each of the servers stops there. Executables, images and archives have one early.
  const nul = bytes.indexOf(0)
  if (nul >= 0) return failed('binary', `it is no text: there is a NUL byte at offset ${nul}`)
  return { kind: 'text', text: decodeBytes(bytes) }
}

function tooLarge(size: number): ReadFileResult {
  const limit = maximumLength / 1024 / 1024
  return failed(
    'too-large',
    `it has ${Math.round(size / 1024 / 1024)} MB, more than the ${limit} MB that are read`
  )
}

type Failure = Extract<ReadFileResult, { readonly kind: 'failed' }>

function failed(why: Failure['why'], message: string): Failure {
  return { kind: 'failed', why, message }
}

const reasons: Readonly<Record<string, readonly [Failure['why'], string]>> = {
  ENOENT: ['missing', 'there is no such file'],
  ESRCH: ['missing', 'there is no such process'],
  ENOTDIR: ['missing', 'a part of its path is no directory'],
  EISDIR: ['directory', 'it is a directory'],
  EACCES: ['unreadable', 'permission denied'],
  EPERM: ['unreadable', 'permission denied'],
  ELOOP: ['unreadable', 'its symbolic links go round in a circle'],
  ENAMETOOLONG: ['missing', 'its name is too long']
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const [why, message] = reasons[code] ?? ['unreadable', error.message]
  return failed(why, message)
}
