import type { Diagnostic, Span } from '../diagnostics/index.js'
import type { Pool } from './pool.js'
import type { Scope } from './scope.js'

/**
 * What files may say that lie in folders and have settings for what is below (`.htaccess`). `classes`: kinds of
 * directives by the server's own names, none where empty. `options`: those that may be set, all where absent. What is
 * not allowed makes the file an error, unless it is `passedOver`.
 */
export interface FolderClasses {
  readonly classes: readonly string[]
  readonly options?: readonly string[]
  readonly passedOver: readonly ('not-allowed' | 'unknown')[]
}

/** All that is in force of it at one folder, with the directives that are allowed by name. */
export interface FolderRules extends FolderClasses {
  readonly directives: readonly string[]
}

/** Of a step that folds scopes: that folders may hold files with settings. */
export interface FolderFiles {
  /** Their names where the setting `folderFileNames` says none; the first one that is there counts. */
  readonly names: readonly string[]
  /** The rank of those at the root, and what each name of a folder's path adds: scopes of lower rank decide what a file may say. */
  readonly rank: number
  readonly each: number
}

/** One such file, read. */
export type FolderReading =
  | {
      readonly kind: 'read'
      readonly scope: Scope
      /** Pools that only its bindings name. */
      readonly pools: readonly Pool[]
      readonly diagnostics: readonly Diagnostic[]
    }
  /** It says what it must not say there. */
  | { readonly kind: 'refused'; readonly why: string; readonly origin: Span }

/** Reads the text of such a file; `host`: the head of the host's scope that the request is for. */
export type ReadFolderFile = (
  file: string,
  text: string,
  rules: FolderRules,
  host: Span | undefined
) => FolderReading
