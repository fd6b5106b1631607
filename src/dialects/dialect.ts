import type { Diagnostic } from '../diagnostics/index.js'
import type { Ledger } from '../model/ledger.js'
import type { Plan } from '../model/plan.js'
import type { ReadFolderFile, Site } from '../model/index.js'
import type { Vocabulary } from './vocabulary.js'

/** The names users give with --from and --to. `apache` means mod_fastcgi. */
export const dialectNames = ['lighttpd', 'nginx', 'apache', 'apache-fcgid', 'apache-proxy-fcgi'] as const
export type DialectName = (typeof dialectNames)[number]

/** One configuration language: how it is recognised and read. */
export interface Reading {
  readonly language: 'lighttpd' | 'nginx' | 'apache'
  /** The release of the server whose behaviour is followed where users state none. */
  readonly follows: string
  /** What a file may be a part of, by the names that `ReadOptions.context` takes; none: anything may stand anywhere. */
  readonly contexts: readonly string[]
  /** The targets it writes; all share the language. */
  readonly names: readonly DialectName[]
  /** Those of them that start applications themselves. */
  readonly spawning: readonly DialectName[]
  readonly vocabulary: Vocabulary
  /** How sure a look at the text is that it is this language, and why. 0 is no sign at all. */
  detect(file: string, text: string): Evidence
  read(main: string, io: ReadIo, options: ReadOptions): ReadResult
}

/** One configuration language, with how it is written. */
export interface Dialect extends Reading {
  /** How another file is included from a text that `write` gave. */
  including(fragment: boolean): Including
  write(plan: Plan, options: WriteOptions, ledger: Ledger): readonly OutputFile[]
}

/** The word for another file, and where it may stand. */
export interface Including {
  /** Columns in front of what stands at the level of virtual hosts. */
  readonly indent: number
  /** The directive that includes a file, by its path relative to the main one. */
  line(path: string): string
  /** What whoever moves the files must see to. */
  readonly advice?: string
}

export interface Evidence {
  readonly score: number
  readonly because: readonly string[]
}

/** What a reader may ask of the world. Paths are as the server would open them; `--root` is applied behind this. */
export interface ReadIo {
  readFile(path: string): ReadFileResult
  /** Existing paths that fit the pattern (`*`, `?`, `[]`; `{}` where `braces`), sorted by bytes. */
  glob(pattern: string, options: { readonly braces: boolean }): readonly string[]
  /** Every file below a directory, recursively, sorted by bytes; undefined if it is no directory. */
  filesBelow(path: string): readonly string[] | undefined
  /** What stands at a path. */
  kind(path: string): 'file' | 'directory' | 'missing'
  /** A variable of the environment the server would be started in. */
  environment(name: string): string | undefined
  /** What a command prints, run in a folder; absent where commands must not be run. */
  readonly run?: (command: string, folder: string) => ReadFileResult
}

export type ReadFileResult =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'failed'
      readonly why: 'missing' | 'directory' | 'unreadable' | 'binary' | 'too-large'
      readonly message: string
    }

export interface ReadOptions {
  /** What relative paths are relative to; by default what the server would take: the main file's folder, or the server's compiled-in prefix. */
  readonly prefix?: string
  /** The dialect asked for or found; an Apache reader learns from it which module is meant where both are possible. */
  readonly name: DialectName
  readonly version?: string
  /** Names defined on the command line (`-D`). */
  readonly defines?: readonly string[]
  /** What the file is included in, one of the language's `contexts`; as its directives tell where absent. */
  readonly context?: string
  /** Modules that are there whether or not the file says so. */
  readonly modules?: readonly string[]
}

export interface ReadResult {
  /** What was understood; present even when there are errors, so that lint can go on. */
  readonly site: Site
  readonly diagnostics: readonly Diagnostic[]
  /** The text of each file read, by the name its spans carry. */
  readonly texts: ReadonlyMap<string, string>
  /** The server would refuse to start on this configuration, or a part of it could not be had here. */
  readonly refused: boolean
  /**
   * It is refused only for what this machine lacks (a program), or for a part that could not be had here (what a command
   * prints): what was read can be converted, and must not be served.
   */
  readonly refusedHere?: true
  /** Reads files with settings that lie in folders, where the configuration lets them say something. */
  readonly folderFile?: ReadFolderFile
}

export interface WriteOptions {
  readonly target: DialectName
  readonly version?: string
  /** Only the part that concerns the sites, to be included in an existing configuration. */
  readonly fragment: boolean
  /** What the target cannot guard as the source does is left open rather than closed. */
  readonly allowOpen?: boolean
}

export interface OutputFile {
  /** Relative to the output directory; the first file is the main one. */
  readonly path: string
  readonly text: string
  readonly executable?: boolean
}
