import type { Span } from '../diagnostics/index.js'
import type { Regex } from './condition.js'
import type { Template } from './template.js'

/** `root`: file = path + URL path. `alias`: file = path + what follows the first `prefixLength` characters. `whole`: the path is the file. */
export type Mapping =
  | {
      readonly kind: 'root'
      readonly path: Template
      /** Directories that take the place of `path` where they exist, the first one that does. */
      readonly preferred?: readonly PreferredRoot[]
      /** The URL path follows it as it stands; else exactly one slash is between the two. */
      readonly asWritten?: true
    }
  | { readonly kind: 'alias'; readonly path: Template; readonly prefixLength: number }
  | { readonly kind: 'whole'; readonly path: Template }

export interface PreferredRoot {
  readonly path: Template
  /** Only for requests that name a host. */
  readonly needsHost?: true
  /** The server's name where this is the root. */
  readonly serverName?: Template
}

export interface Alias {
  readonly match:
    | { readonly kind: 'prefix'; readonly value: string; readonly segments: boolean }
    | { readonly kind: 'regex'; readonly regex: Regex }
  readonly to: Template
  /** `context.document-root`, where it is told otherwise than it is looked for. */
  readonly told?: string
  /** Whether DOCUMENT_ROOT becomes the target (lighttpd) or stays (Apache, which tells the target as context). */
  readonly documentRoot: 'target' | 'kept'
  /** A path that goes on with `.` or `..` behind a prefix without final slash is 403 where the target ends in one. */
  readonly dotsBehind?: 'refused'
  /** Programs may be run from here whatever `allowPrograms` says, with this handler (ScriptAlias). */
  readonly programs?: string
  readonly origin: Span
}

export interface IndexRule {
  readonly names: readonly Template[]
  /** `append`: the request goes on with the file's name appended; `redirect`: an internal redirect, so that scopes are searched again. */
  readonly how: 'append' | 'redirect'
  /** Until the file answers, the redirected request is one with this method (httpd looks the file up with a request of its own). */
  readonly askedWith?: 'GET'
}

/**
 * Tried in order; the last is where the request goes when none is found. A candidate `directory` is written without
 * its final slash: `$uri/` is `{ path: $uri, what: 'directory' }`. What is found becomes the current path.
 */
export interface TryFiles {
  readonly candidates: readonly { readonly path: Template; readonly what: 'file' | 'directory' }[]
  readonly last:
    | { readonly kind: 'status'; readonly status: number }
    | { readonly kind: 'named'; readonly name: string }
    /** With `lookedUp`: only where a request for it with this method finds a file or is passed on, as an index is (`Index.askedWith`). */
    | { readonly kind: 'uri'; readonly to: Template; readonly lookedUp?: string }
    /** The request goes on as it came. */
    | { readonly kind: 'none' }
}

export interface LabelRule {
  /** With its dot. */
  readonly extension: string
  /** Empty: the extension has none (any more). */
  readonly label: string
  readonly what: 'handler' | 'media-type'
  /** `last`: only the last extension of a name counts; `any`: each of them. Case never counts. */
  readonly counts: 'last' | 'any'
  readonly origin: Span
}

export interface Action {
  readonly label: string
  readonly to: string
  /** Asked for files that do not exist as well. */
  readonly virtual: boolean
  readonly origin: Span
}
