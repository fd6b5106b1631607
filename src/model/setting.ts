import type { Span } from '../diagnostics/index.js'
import type { Access, Authentication } from './access.js'
import type {
  Additions,
  AnswerHeaderChange,
  CacheRules,
  Charset,
  Delivery,
  ErrorFiles,
  ErrorPage,
  Expiry,
  KeepAlive,
  ResponseRules,
  SendRateRule
} from './answer.js'
import type { FolderClasses } from './folder.js'
import type { Binding, ParamChange, Params, Script, Sendfile } from './handler.js'
import type { ConnectionLimits, RequestLimits } from './limits.js'
import type { Listing } from './listing.js'
import type { PathRules } from './path-rules.js'
import type { Action, Alias, IndexRule, LabelRule, Mapping, TryFiles } from './place.js'
import type {
  EnvironmentEntry,
  HeaderChange,
  Instruction,
  OwnRedirects,
  ReadingRules,
  RealAddress,
  Redirect,
  Rewrite,
  Undecided
} from './request.js'
import type { TargetRules } from './site.js'
import type { Template } from './template.js'

/**
 * What each kind of setting holds. A kind has one merge rule (`mergeRules`), so that the settings in force for a
 * request can be folded from its scopes without knowing whose they were.
 */
export interface SettingValues {
  // Where files are
  /** Where the URL path is mapped to. Both forms replace each other. */
  root: Mapping
  /** Prefixes of the URL path that are mapped elsewhere, first match wins. */
  aliases: readonly Alias[]
  index: IndexRule
  tryFiles: TryFiles
  /** A file whose path leads through a symbolic link is sent and run, or is 403; followed where absent. */
  symlinks: 'followed' | 'refused'
  /** URL paths are mapped to file names in small letters, and aliases compared without case. */
  lowerCaseFiles: boolean

  // What answers
  bindings: readonly Binding[]
  /** How the path is split for variables where no binding asks an application; not at all where absent. */
  script: Script
  /** The name of the handler the scope's requests get; null clears it. */
  label: string | null
  /** Handler names and media types by the file's extensions. */
  labels: readonly LabelRule[]
  /** Which URL answers for a handler name or media type, by name. */
  actions: readonly Action[]
  /** Media types by extension, `''` for all others. */
  mediaTypes: readonly {
    readonly extension: string
    readonly type: string
    /** The end of the whole path, be it an extension or not; of several that fit the first counts. */
    readonly anyEnd?: true
  }[]
  defaultMediaType: string
  /** Static files with these suffixes are refused with 403. */
  staticRefused: readonly string[]
  /**
   * Who takes paths that go on behind a file: files and programs, programs alone, or nobody, as far as their handlers ask
   * (the step `static`, the check `take-path-info`). Where absent it is as the handler does by itself.
   */
  pathInfoTaken: 'by-all' | 'by-programs' | 'by-nobody'
  /** Whether a program may be run from here (Apache's ExecCGI). */
  allowPrograms: boolean

  // What is checked and changed on the way
  /** How the target is read where the host differs from the site's `TargetRules`; looked at by the step `target`. */
  /** An escaped slash in the path of a URL that a request is passed on to stays as it is; it is escaped once more where absent. */
  escapedSlashesStay: boolean
  targetRules: Partial<Pick<TargetRules, 'encodedSlash' | 'mergeSlashes'>>
  /** REQUEST_URI is told as it was received, or as the current path without query. */
  requestUriTold: 'received' | 'current-path'
  /** REDIRECT_URL is told as a path, or with scheme, host and query. */
  redirectUrlTold: 'path' | 'whole'
  rewrites: readonly Rewrite[]
  /** Tried once the path is mapped to a file that is not there, at the `rewrite` step `no-file`. */
  missingRewrites: readonly Rewrite[]
  /** Imperative rules, done in order at the `rewrite` step before `rewrites` (nginx's set, if, rewrite, return, break). */
  instructions: readonly Instruction[]
  redirects: readonly Redirect[]
  /** Asked once the file is known and the request may pass (step `redirect` at `file`). */
  fileRedirects: readonly Redirect[]
  /** Ahead of either list: every request here. */
  redirectsAll: Omit<Redirect, 'match' | 'on'>
  /** Done at the `path-rules` step: those on the URL, and those of the folder a request is mapped into. */
  urlRules: PathRules
  folderRules: PathRules
  /** Whether `urlRules` and `folderRules` are done; not where absent. */
  pathRulesOn: boolean
  /** A request that rules of folders would be tried for is 403 (httpd: where symbolic links are not followed). */
  folderRulesRefused: boolean
  /** What files with settings may say that lie in folders, and the names they have. */
  folderClasses: FolderClasses
  folderDirectives: readonly string[]
  folderFileNames: readonly string[]
  access: Access
  /** Rules that merge on their own, beside `access`: both must let a request in. */
  furtherAccess: Access
  authentication: Authentication
  errorPages: readonly ErrorPage[]
  errorFiles: ErrorFiles
  /** An error of an error page has a page as well; only the first of a request has one where absent. */
  recursiveErrorPages: boolean
  internalOnly: boolean
  maxBodySize: number
  /**
   * Bodies with a length are passed on while they come in, and one in chunks that has not come whole when the application is to
   * be asked is 411; read whole first where absent.
   */
  streamsBody: boolean
  slashRedirect: boolean
  /** No index is looked for where the request has a handler's name. */
  handledFoldersLeft: boolean
  /** How redirects to paths of the site are written; as the pipeline's steps say where absent. */
  ownRedirects: OwnRedirects
  /** Whose word is taken for the client's address. */
  realAddress: RealAddress
  /** Where a server reads requests in another way than `Site.request` says. Own to scopes chosen by host. */
  reading: Partial<ReadingRules>

  // What the application and the client are told
  params: Params
  /** Made to the finished params, one after the other, where a target asks for it (`Params.changed`). */
  paramChanges: readonly ParamChange[]
  /** Lower-case names of request headers that are told although the params drop them (CGIPassAuth). */
  passedHeaders: readonly string[]
  environment: readonly EnvironmentEntry[]
  /** Request headers changed before anybody is told of them. An empty value that is `set` takes the header away. */
  requestHeaders: readonly HeaderChange[]
  serverName: Template
  /** The port that goes with `serverName` where the server writes URLs of its own. */
  serverPort: Template
  serverSoftware: string
  serverAdmin: string
  /** What `server.signature` holds: nothing, who answers at which name and port, or that with a link to `serverAdmin`. */
  signature: 'none' | 'name' | 'name-and-admin'
  responseHeaders: readonly {
    readonly name: string
    readonly value: Template
    readonly always: boolean
    /** Takes the place of those of the name, and is none where empty; else it is added. */
    readonly set?: true
  }[]
  /** Changes made behind `responseHeaders`, one after the other. */
  headerChanges: readonly AnswerHeaderChange[]
  sendfile: Sendfile
  response: ResponseRules
  /** How much is logged of what applications are asked: 1 which member and process, 2 and more also each connection; 0 nothing. */
  toldOfApplications: number
  delivery: Delivery
  keepAlive: KeepAlive
  /** How fast answers go out; null: as fast as clients take them. */
  sendRate: SendRateRule | null
  /** The charset told along with media types. */
  charset: Charset
  /** How a folder is shown that has no index file; not at all where absent or null. */
  listing: Listing | null
  /** What is put around the bodies of answers. */
  additions: Additions
  /** How long clients may keep an answer. */
  expiry: Expiry
  /** Answers of applications are kept and given again. */
  cache: CacheRules
  /**
   * Errors an application answers that the server's own page replaces, where a target lets it (`FastcgiTarget.ownErrors`):
   * these statuses, or all from 400 to 599.
   */
  ownErrors: readonly number[] | 'all'
  /** TRACE is answered with the request as it came in; else it is refused. */
  traceEchoed: boolean
  /** How many requests are let in in a time, and how many at a time. */
  requestLimits: RequestLimits
  connectionLimits: ConnectionLimits
  /** Looked at by the steps `undecided`. */
  undecided: readonly Undecided[]
}

export type SettingKey = keyof SettingValues

/** A value with the place it came from. */
export type Setting = { readonly [K in SettingKey]: SettingOf<K> }[SettingKey]

export interface SettingOf<K extends SettingKey> {
  readonly key: K
  readonly value: SettingValues[K]
  /** `own`: holds in its scope, not in the scopes inside it (nginx's fastcgi_pass, try_files). */
  readonly reach: 'inherited' | 'own'
  /** `replace`: hides the outer value although its kind is merged otherwise; `prepend`: stands before it; `append`: behind. */
  readonly merge?: 'replace' | 'prepend' | 'append'
  /** Of `bindings`: the groups that they replace, those of others stay; absent: those of no group (`''`). */
  readonly groups?: readonly string[]
  /** The directive it came from; absent for what the server does unasked. */
  readonly origin?: Span
  /** Further directives that had a part in the value (each line of a list). */
  readonly parts?: readonly Span[]
}

/**
 * `replace`: the inner value hides the outer one. `append`: inner behind outer. `prepend`: inner before outer.
 * `by-key`: entry by entry, the inner one of a name wins and keeps the outer one's place. `by-group`: as `replace`,
 * for the entries of the setting's groups alone. `by-options`: as the values themselves say (`PathRules.options`).
 */
export type MergeRule = 'replace' | 'append' | 'prepend' | 'by-key' | 'by-group' | 'by-options'

export const mergeRules: { readonly [K in SettingKey]: MergeRule } = {
  root: 'replace',
  aliases: 'replace',
  index: 'replace',
  tryFiles: 'replace',
  symlinks: 'replace',
  lowerCaseFiles: 'replace',
  bindings: 'by-group',
  script: 'replace',
  label: 'replace',
  labels: 'by-key',
  actions: 'by-key',
  mediaTypes: 'replace',
  defaultMediaType: 'replace',
  staticRefused: 'replace',
  pathInfoTaken: 'replace',
  allowPrograms: 'replace',
  escapedSlashesStay: 'replace',
  targetRules: 'replace',
  requestUriTold: 'replace',
  redirectUrlTold: 'replace',
  rewrites: 'replace',
  missingRewrites: 'replace',
  instructions: 'replace',
  redirects: 'replace',
  fileRedirects: 'prepend',
  redirectsAll: 'replace',
  urlRules: 'replace',
  folderRules: 'by-options',
  pathRulesOn: 'replace',
  folderRulesRefused: 'replace',
  folderClasses: 'replace',
  folderDirectives: 'replace',
  folderFileNames: 'replace',
  access: 'replace',
  furtherAccess: 'replace',
  authentication: 'replace',
  errorPages: 'replace',
  errorFiles: 'replace',
  recursiveErrorPages: 'replace',
  internalOnly: 'replace',
  maxBodySize: 'replace',
  streamsBody: 'replace',
  slashRedirect: 'replace',
  handledFoldersLeft: 'replace',
  ownRedirects: 'replace',
  realAddress: 'replace',
  reading: 'replace',
  params: 'replace',
  paramChanges: 'append',
  passedHeaders: 'replace',
  environment: 'append',
  requestHeaders: 'replace',
  serverName: 'replace',
  serverPort: 'replace',
  serverSoftware: 'replace',
  serverAdmin: 'replace',
  signature: 'replace',
  responseHeaders: 'replace',
  headerChanges: 'append',
  sendfile: 'replace',
  response: 'replace',
  toldOfApplications: 'replace',
  delivery: 'replace',
  keepAlive: 'replace',
  sendRate: 'replace',
  charset: 'replace',
  listing: 'replace',
  additions: 'replace',
  expiry: 'replace',
  cache: 'replace',
  ownErrors: 'replace',
  traceEchoed: 'replace',
  requestLimits: 'replace',
  connectionLimits: 'replace',
  undecided: 'replace'
}
