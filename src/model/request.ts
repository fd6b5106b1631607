import type { Setting } from './setting.js'
import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex } from './condition.js'
import type { Template } from './template.js'

export interface OwnRedirects {
  /** With scheme, host and port, or the path alone. */
  readonly form: 'absolute' | 'relative'
  /** The host asked for, or the server's own name. */
  readonly host: 'asked' | 'server-name'
  /** Whether a port that is not the scheme's own is told: that of the connection. */
  readonly port: boolean
}

/** Proxies that say in a header who their client is. */
export interface RealAddress {
  /** Addresses and networks of connections that are believed; `unix:` stands for sockets of the file system. */
  readonly trusted: readonly string[]
  /** Lower-case; of a list of addresses the last one counts. */
  readonly header: string
  /** The last one that is none of the trusted counts. */
  readonly recursive: boolean
}

/** Something that the configuration asks for and that is not decided: a request it has a say in has no answer (`unsupported`). */
export interface Undecided {
  /** The directive as people would write it. */
  readonly what: string
  readonly at: UndecidedAt
  /** Only requests with these methods; all where absent. */
  readonly methods?: readonly string[]
  readonly origin: Span
}

/**
 * Which requests it has a say in: `rewrite` all; `access` those that instructions leave; `files` of those the ones whose
 * files are looked for; `content` those that a file or an application answers; `untaken` those that nobody takes;
 * `folder` of those the ones for a folder that has no index.
 */
export type UndecidedAt = 'rewrite' | 'access' | 'files' | 'content' | 'untaken' | 'folder'

/** How a request's head is read. */
export interface ReadingRules {
  readonly mergeSlashes: boolean
  readonly oddHeaderNames: 'kept' | 'dropped'
  readonly underscoresInHeaders: 'kept' | 'dropped'
  readonly limits: HeadLimits
}

/** The buffers a request's head must fit into, line by line. Sizes in bytes. */
export interface HeadLimits {
  readonly first: number
  /** Number and size of the buffers behind the first one. */
  readonly count: number
  readonly size: number
  /** Statuses for a request line and for a header that does not fit. */
  readonly lineStatus: number
  readonly headerStatus: number
}

export interface HeaderChange {
  readonly name: string
  readonly value: Template
  /**
   * `added`: behind a comma where there is one already; `added-new`: unless it is in that list; `edited`: the value takes the place
   * of what `pattern` fits first, or of all that it fits.
   */
  readonly how: 'added' | 'added-new' | 'set' | 'if-absent' | 'removed' | 'edited' | 'edited-everywhere'
  readonly pattern?: Regex
  /** Only where this holds. */
  readonly when?: Condition
  /** Where the pipeline changes headers at several times: as soon as the request is read. */
  readonly early?: true
  /** A header whose value becomes empty stays, and cookies are joined with a comma as others are; else it goes, and they are not. */
  readonly plain?: true
}

/**
 * A variable of the request. `early`: known before any guard is asked, the others come behind what guards said; `mapped`: behind
 * what rules on the URL gave.
 */
export interface EnvironmentEntry {
  readonly name: string
  readonly value: Template
  /** What entries of the same time (`early` or not) have set before under the name is taken away; the value says nothing. */
  readonly removed?: true
  readonly early?: true | 'mapped'
  /** Found for the URL that was asked for, or that an internal redirect led to, and kept for the index that answers in its place. */
  readonly ofRequest?: true
  /** Found where a folder is come to: not again for what an internal redirect, or an index, has in the folder it came from. */
  readonly ofFolder?: true
  /** To what the variable holds already, where the environment is collected. */
  readonly joined?: true
}

export interface Rewrite {
  readonly match: Regex
  /**
   * What the pattern is tried on, and what `to` gives: the decoded path, with a query behind a question mark that stands
   * in the text itself, or path and query as they are encoded.
   */
  readonly on: 'path' | 'uri'
  readonly when: Condition
  /** Absent: leave alone, but stop here. */
  readonly to?: Template
  readonly then: 'next' | 'stop' | 'restart' | 'scopes' | { readonly redirect: number }
  /** Behind it no rewrite of any scope is tried in this request. */
  readonly final?: true
  readonly query: 'kept' | 'replaced' | 'appended'
  readonly origin: Span
}

/** What gives something of the request a value. */
export type Assignment = Extract<Instruction, { kind: 'set' | 'set-query' | 'set-send-rate' }>

export type Instruction =
  /** Gives a variable of the configuration (`TemplatePart` `user`) its value. */
  | { readonly kind: 'set'; readonly name: string; readonly value: Template; readonly origin: Span }
  /** Gives the current target another query. */
  | { readonly kind: 'set-query'; readonly value: Template; readonly origin: Span }
  /** Gives the answer a rate of its own, in bytes a second (a size such as `100k`; 0: none), in place of the setting `sendRate`'s; another text is of no account. */
  | { readonly kind: 'set-send-rate'; readonly value: Template; readonly origin: Span }
  | { readonly kind: 'rewrite'; readonly rewrite: Rewrite }
  | {
      readonly kind: 'answer'
      readonly target:
        | { readonly kind: 'redirect'; readonly status: number; readonly to: Template }
        | { readonly kind: 'status'; readonly status: number; readonly body?: Template }
      readonly origin: Span
    }
  /** Something that is not decided: a request that comes here has no answer (`unsupported`). */
  | { readonly kind: 'undecided'; readonly what: string; readonly origin: Span }
  /** Ends this round of instructions; the scopes stay as they are. */
  | { readonly kind: 'stop'; readonly origin: Span }
  | {
      readonly kind: 'if'
      readonly when: Condition
      readonly then: readonly Instruction[]
      /**
       * Settings that take the place of the scope's own where the condition holds, before `then` is done; the try list
       * of the scope is left as well. Of several the last one counts. Absent: no setting changes.
       */
      readonly takesOver?: readonly Setting[]
      readonly origin: Span
    }

export interface Redirect {
  readonly match: Regex
  /**
   * `path`: the pattern is tried on the decoded path, and what `to` gives gets the request's query where it has none; absent: on
   * path and query as they are encoded, and it is taken as it is.
   */
  readonly on?: 'path'
  /** What stands ahead of the query in what `to` gives is escaped. */
  readonly escapes?: true
  /** Absent: an answer with the status alone. */
  readonly to?: Template
  readonly status: number
  readonly origin: Span
}

/** The entries that set something which nothing behind them takes away. */
export function keptEntries(entries: readonly EnvironmentEntry[]): readonly EnvironmentEntry[] {
  if (!entries.some(({ removed }) => removed === true)) return entries
  const takesAway = (other: EnvironmentEntry, { name, early }: EnvironmentEntry): boolean =>
    other.removed === true &&
    (other.early === undefined) === (early === undefined) &&
    other.name.toLowerCase() === name.toLowerCase()
  return entries.filter(
    (entry, index) =>
      entry.removed !== true && !entries.some((other, at) => at > index && takesAway(other, entry))
  )
}
