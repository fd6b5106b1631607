import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex } from './condition.js'
import type { Binding, ParamChange, Params, Sendfile } from './handler.js'
import type { PathRules } from './path-rules.js'
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
  /** Whether files are sent for paths that go on behind them; they are where absent. */
  staticPathInfo: boolean
  /** Whether a program may be run from here (Apache's ExecCGI). */
  allowPrograms: boolean

  // What is checked and changed on the way
  /** How the target is read where the host differs from the site's `TargetRules`; looked at by the step `target`. */
  targetRules: Partial<Pick<TargetRules, 'encodedSlash' | 'mergeSlashes'>>
  /** REQUEST_URI is told as it was received, or as the current path without query. */
  requestUriTold: 'received' | 'current-path'
  /** REDIRECT_URL is told as a path, or with scheme, host and query. */
  redirectUrlTold: 'path' | 'whole'
  rewrites: readonly Rewrite[]
  /** Imperative rules, done in order at the `rewrite` step before `rewrites` (nginx's set, if, rewrite, return, break). */
  instructions: readonly Instruction[]
  redirects: readonly Redirect[]
  /** Done at the `path-rules` step: those on the URL, and those of the folder a request is mapped into. */
  urlRules: PathRules
  folderRules: PathRules
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
  /** Bodies with a length are passed on while they come in; read whole first where absent. */
  streamsBody: boolean
  slashRedirect: boolean
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
  responseHeaders: readonly {
    readonly name: string
    readonly value: Template
    readonly always: boolean
    /** Takes the place of those of the name, and is none where empty; else it is added. */
    readonly set?: true
  }[]
  sendfile: Sendfile
  response: ResponseRules
  /** How much is logged of what applications are asked: 1 which member and process, 2 and more also each connection; 0 nothing. */
  toldOfApplications: number
  delivery: Delivery
  keepAlive: KeepAlive
  /** How fast answers go out; null: as fast as clients take them. */
  sendRate: SendRate | null
  /** The charset told along with media types. */
  charset: Charset
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
}

export type SettingKey = keyof SettingValues

/** A value with the place it came from. */
export type Setting = { readonly [K in SettingKey]: SettingOf<K> }[SettingKey]

export interface SettingOf<K extends SettingKey> {
  readonly key: K
  readonly value: SettingValues[K]
  /** `own`: holds in its scope, not in the scopes inside it (nginx's fastcgi_pass, try_files). */
  readonly reach: 'inherited' | 'own'
  /** Hides the outer value although its kind is merged otherwise. */
  readonly merge?: 'replace'
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
 * for the entries of the setting's groups alone.
 */
export type MergeRule = 'replace' | 'append' | 'prepend' | 'by-key' | 'by-group'

export const mergeRules: { readonly [K in SettingKey]: MergeRule } = {
  root: 'replace',
  aliases: 'replace',
  index: 'replace',
  tryFiles: 'replace',
  symlinks: 'replace',
  lowerCaseFiles: 'replace',
  bindings: 'by-group',
  label: 'replace',
  labels: 'by-key',
  actions: 'by-key',
  mediaTypes: 'replace',
  defaultMediaType: 'replace',
  staticRefused: 'replace',
  staticPathInfo: 'replace',
  allowPrograms: 'replace',
  targetRules: 'replace',
  requestUriTold: 'replace',
  redirectUrlTold: 'replace',
  rewrites: 'replace',
  instructions: 'replace',
  redirects: 'replace',
  urlRules: 'replace',
  folderRules: 'replace',
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
  responseHeaders: 'replace',
  sendfile: 'replace',
  response: 'replace',
  toldOfApplications: 'replace',
  delivery: 'replace',
  keepAlive: 'replace',
  sendRate: 'replace',
  charset: 'replace',
  expiry: 'replace',
  cache: 'replace',
  ownErrors: 'replace',
  traceEchoed: 'replace'
}

/** `root`: file = path + URL path. `alias`: file = path + what follows the first `prefixLength` characters. `whole`: the path is the file. */
export type Mapping =
  | {
      readonly kind: 'root'
      readonly path: Template
      /** Directories that take the place of `path` where they exist, the first one that does. */
      readonly preferred?: readonly PreferredRoot[]
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

export interface Charset {
  /** Empty: none is told. */
  readonly name: Template
  /** The media types it is told with; `*` for all. */
  readonly types: readonly string[]
}

export type Expiry =
  /** Behind the moment of the answer, or behind the file's last change; negative: at once. */
  | { readonly kind: 'after'; readonly of: 'answer' | 'change'; readonly seconds: number }
  /** At this second of the day. */
  | { readonly kind: 'daily'; readonly second: number }
  /** Long ago, or ten years ahead. */
  | { readonly kind: 'never-fresh' | 'always-fresh' }
  | { readonly kind: 'none' }
  /** One of the above, as the text says it (the syntax of `expires`). */
  | { readonly kind: 'computed'; readonly from: Template }

/** When an answer is kept, and when it is given again. */
export interface CacheRules {
  /** The name of the store; empty: nothing is kept. */
  readonly zone: Template
  readonly key: Template
  /** How long answers are kept, by status; `any`: all others. */
  readonly valid: readonly { readonly statuses: readonly number[] | 'any'; readonly seconds: number }[]
  /** An answer is not given again where one of these is neither empty nor `0`. */
  readonly bypass: readonly Template[]
  /** It is not kept where one of these is. */
  readonly without: readonly Template[]
  readonly methods: readonly string[]
}

export interface HeaderChange {
  readonly name: string
  readonly value: Template
  /** `added`: behind a comma where there is one already. */
  readonly how: 'added' | 'set'
}

/** A variable of the request. `early`: known before any guard is asked; the others come behind what guards said. */
export interface EnvironmentEntry {
  readonly name: string
  readonly value: Template
  readonly early?: true
  /** To what the variable holds already, where the environment is collected. */
  readonly joined?: true
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
    | { readonly kind: 'uri'; readonly to: Template }
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
  /** Tried when the path was mapped to a file that is not there, not before. */
  readonly at?: 'no-file'
  readonly query: 'kept' | 'replaced' | 'appended'
  readonly origin: Span
}

export type Instruction =
  /** Gives a variable of the configuration (`TemplatePart` `user`) its value. */
  | { readonly kind: 'set'; readonly name: string; readonly value: Template; readonly origin: Span }
  /** Gives the current target another query. */
  | { readonly kind: 'set-query'; readonly value: Template; readonly origin: Span }
  | { readonly kind: 'rewrite'; readonly rewrite: Rewrite }
  | {
      readonly kind: 'answer'
      readonly target:
        | { readonly kind: 'redirect'; readonly status: number; readonly to: Template }
        | { readonly kind: 'status'; readonly status: number; readonly body?: Template }
      readonly origin: Span
    }
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
  readonly to: Template
  readonly status: number
  readonly origin: Span
}

/** Rules in order; the first that fits decides, else `otherwise`. */
export interface Access {
  readonly rules: readonly { readonly when: Condition; readonly allow: boolean; readonly origin: Span }[]
  readonly otherwise: 'allow' | 'deny'
}

export interface Authentication {
  readonly method: 'none' | 'basic'
  readonly realm: Template
  /** Who has a login; absent: it is known that one is asked for, and not how it is decided. */
  readonly logins?: Logins
  /** Status for an Authorization of the method that cannot be read; absent: as if none had been sent. */
  readonly unreadable?: number
  /** What a name is that `logins` do not hold: wrong, or for others to know (a guard of the stage `login`); `wrong` where absent. */
  readonly unknownUser?: 'wrong' | 'left-to-others'
  /** The only users let in; absent: every one of the file. */
  readonly users?: readonly string[]
  /** Told to the client along with the realm. */
  readonly charset?: string
  /** REMOTE_USER and AUTH_TYPE become variables of the request's environment. */
  readonly intoEnvironment?: true
  /** A REMOTE_USER that is in the environment already (told by an authorizer): is `enough` if he is one of `users`, or the `only` way in. */
  readonly knownUser?: 'enough' | 'only'
  /** Of the login. */
  readonly when: Condition
  /** Another URL of the site must say yes as well; it is asked last. */
  readonly permission?: Permission
  /** Of access rules, login and permission one is enough; all are needed where absent. */
  readonly enough?: 'any'
}

export type Logins =
  | LoginFile
  /** Nobody says who has one: such a request fails with the status before its login is looked at. */
  | { readonly kind: 'unset'; readonly status: number }

/** A file with `name:password` on each line; the first line of a name counts. Lines that begin with `#` are none. */
export interface LoginFile {
  readonly kind: 'file'
  readonly path: Template
  /** How passwords may be written: a stored one has the first of these forms whose sign it bears. */
  readonly forms: readonly PasswordForm[]
  /** A password ends at the next colon, else with its line. */
  readonly endsAtColon: boolean
  /** Blanks around a line do not belong to it. */
  readonly trimmed?: true
  /** Statuses where there is no such file, and where it cannot be read; absent: nobody has a login, which is 401. */
  readonly missing?: number
  readonly unreadable?: number
}

/**
 * `plain`: as it is, without a sign. `marked-plain`: `{PLAIN}`. `sha1`: `{SHA}`. `salted-sha1`: `{SSHA}`. `apr1`: httpd's
 * MD5, `$apr1$`. `crypt`: whatever crypt(3) of the C library knows (DES, `$1$`, `$2y$`, `$5$`, `$6$`), without a sign of
 * its own.
 */
export type PasswordForm = 'plain' | 'marked-plain' | 'sha1' | 'salted-sha1' | 'apr1' | 'crypt'

/**
 * Another URL of the site is asked, as the same request without arguments and body. Statuses from 200 to 299 let the
 * request through, 401 and 403 become its own, and with others it fails with 500.
 */
export interface Permission {
  readonly to: string
  /** Variables (`TemplatePart` `user`) that are made of the answer, whatever it was. */
  readonly sets: readonly { readonly name: string; readonly value: Template; readonly origin: Span }[]
  readonly origin: Span
}

export interface ErrorPage {
  readonly statuses: readonly number[]
  readonly to:
    /** What does not begin with a slash is a redirect; with `inside`, a bad request. */
    | { readonly kind: 'uri'; readonly uri: Template; readonly inside?: true }
    | { readonly kind: 'named'; readonly name: string }
    | { readonly kind: 'text'; readonly text: string }
  readonly status:
    | { readonly kind: 'kept' }
    | { readonly kind: 'of-answer' }
    | { readonly kind: 'fixed'; readonly status: number }
  /** The URI is a decoded path, and the query behind it, as they stand. */
  readonly asWritten?: true
  /**
   * With `of-answer`: only an application has a status of its own; whatever else answers keeps the first one. `same-error`: a file
   * and a redirect have theirs, and of further errors those that the page is for keep the first one.
   */
  readonly keptWithoutApplication?: 'always' | 'same-error'
  /** An error on the way to the page is told with the status of the first one. */
  readonly keepsOnError?: true
  /** The request as the page gets it: GET with the body where absent, as it came, or GET without a body. */
  readonly request?: 'as-it-came' | 'without-body'
  /** Rewrites and changes of headers are made for the page as if nothing had been done before. */
  readonly anew?: true
  readonly origin: Span
}

/**
 * Files in place of the server's own page for a status from 400 to 599: `before`, the status, `after`. A status whose
 * file is not there has the usual page.
 */
export interface ErrorFiles {
  readonly before: string
  readonly after: string
}

/** What is done with an application's answer. */
export interface ResponseRules {
  /** Lower-case names that are not passed to the client; with a final `*`, all that begin so. `content-length`: nor looked at. */
  readonly hide: readonly string[]
  /** A `Location` without Status: sent as 302, kept as 200, or a path is fetched inside (httpd). */
  readonly location: 'redirect' | 'as-is' | 'internal'
  /** A response header that makes an internal redirect (X-Accel-Redirect), lower-case. */
  readonly redirectHeader?: string
  /** What is made of a broken answer, a silent one, one that never came, a refused connection. */
  readonly statuses: {
    readonly malformed: number
    readonly closed: number
    readonly timeout: number
    readonly unreachable: number
    /** No connection in time; absent: as `unreachable`. */
    readonly connectTimeout?: number
    /** More than 65535 bytes of params; absent: they are sent. */
    readonly tooManyParams?: number
  }
  /** Media types that reach the client under another name (`application/javascript`); parameters stay. */
  readonly renamedTypes?: readonly { readonly from: string; readonly to: string }[]
  /** `Transfer-Encoding: chunked` of an answer is undone; else the header is dropped and the body passed as it is. */
  readonly decodesChunked?: boolean
  readonly invalidStatus: 'malformed' | number
  /** How repeated headers of an answer reach the client. */
  readonly repeated: 'apart' | 'joined'
  /** A range asked of a complete answer is cut by the server. */
  readonly ranges: boolean
  /** With `ranges`: only where the answer tells its length. */
  readonly rangesNeedLength?: true
  /** An answer without a length is held back until it is whole (unless it is very long), so that its length can be told. */
  readonly heldBack?: true
  /** How the answer's header block is read; absent: `defaultHeadRules`. */
  readonly head?: HeadRules
  /** Statuses without a body; absent: 204 and 304. */
  readonly bodyless?: readonly number[]
  /** A 204 and a 304 say no media type. */
  readonly emptyWithoutType?: true
  /** A Location without Status that is no path: the server's own page instead of the application's body. */
  readonly redirectPage?: 'own'
  /** `as-is`: the application's length is told whatever its body is; else a body is cut to its length. */
  readonly lengthTold?: 'as-is'
  /** An answer without Status is held against the request's conditions (If-None-Match …) by its ETag and Last-Modified. */
  readonly conditional?: true
  /** What a malformed answer becomes has no body, whatever error page is in force. */
  readonly malformedWithoutPage?: true
  /** The lowest status of an answer that an error page in force replaces; absent: none does. */
  readonly interceptFrom?: number
  /** An intercepted status up to 599 without an error page has the server's own page; it passes as it is where absent. */
  readonly interceptsAlways?: true
  /** The answer of an application that itself stands in for an error is not intercepted. */
  readonly keepsErrorPages?: true
  /** Lower-case headers of an answer that outlive the internal redirect it asked for; `all`: but those of its body. */
  readonly redirectKeeps?: readonly string[] | 'all'
  /** Those of an intercepted answer that do; `www-authenticate` only with 401. */
  readonly interceptKeeps?: readonly string[]
  /** A response header whose number takes the place of the setting `sendRate`'s, lower-case; 0 in it: no rate. */
  readonly rateHeader?: string
  /** Bytes a second that are taken from the application; absent: as many as it gives. */
  readonly readRate?: number
  /** Where this answer is an authorizer's. */
  readonly authorizer?: AuthorizerRules
}

/** How files are sent, and parts of them. Absent: one range at a time, what cannot be read of one is passed over. */
export interface Delivery {
  /** `size-change`: size, then milliseconds of the last change; `change-size`: seconds of it, then size. Both hexadecimal. */
  readonly etag: 'size-change' | 'change-size' | 'none'
  /** Whether If-Modified-Since holds for the very time of the last change, for later ones too, or is not looked at. */
  readonly modifiedSince: 'exact' | 'not-newer' | 'ignored'
  /** All conditions that a request has must hold, and a time that cannot be read never does; absent: by the precedence of RFC 9110. */
  readonly conditions?: 'all'
  /** Ranges go by the method that an error page is asked for with; by the client's where absent. */
  readonly currentMethod?: true
  /** A condition that failed is an error like others, with a page; absent: 412 without a body. */
  readonly failedCondition?: 'error'
  readonly ranges: {
    /** In one request; of more the whole is sent. 0: none are served. Absent: no limit. */
    readonly most?: number
    /** A Range in bytes that cannot be read: the whole is sent, or the request is 416. */
    readonly malformed: 'whole' | 'unsatisfiable'
    /** Several ranges: the whole is sent, or a `multipart/byteranges`, unless they are longer than the whole. */
    readonly several: 'whole' | 'multipart'
    /** A range of an empty body: 416 where absent. */
    readonly empty?: 'whole'
    /** Not with HEAD. */
    readonly onlyGet?: true
  }
}

export const defaultDelivery: Delivery = {
  etag: 'size-change',
  modifiedSince: 'not-newer',
  ranges: { malformed: 'whole', several: 'whole' }
}

/** When a client's connection carries further requests. */
export interface KeepAlive {
  /** Seconds it may wait for the next request; 0: it carries one. */
  readonly idle: number
  /** Told in a Keep-Alive header; absent: no such header. Seconds. */
  readonly told?: number
  /** Requests on one connection, 0: none behind the first. */
  readonly requests: number
  /** Seconds after which a request is a connection's last. */
  readonly life: number
  /** Browsers whose connections end: `msie6-post` is Internet Explorer before 7 behind a POST, `safari` Safari of macOS. */
  readonly except: readonly ('msie6-post' | 'safari')[]
  /** Whether HTTP/1.1 answers say `Connection: keep-alive` too. */
  readonly announced: boolean
  /** Statuses of pages of the server's own behind which the connection ends. */
  readonly endsBehind: readonly number[]
}

export interface SendRate {
  readonly bytesPerSecond: number
  /** Bytes in front of which it does not hold. */
  readonly after: number
}

/** How strictly the header block of an application's answer is read. */
export interface HeadRules {
  /** A first line such as `HTTP/1.1 404 Not Found` gives the status. */
  readonly statusLine: boolean
  /** A first line without a colon. */
  readonly firstWithoutColon: 'malformed' | 'skipped' | 'empty-value'
  /** A later line without a colon. */
  readonly laterWithoutColon: 'malformed' | 'skipped' | 'empty-value'
  /** A name that is empty or holds a blank. */
  readonly oddName: 'malformed' | 'dropped'
  readonly emptyValue: 'kept' | 'dropped'
  /** Which of several Status headers counts. */
  readonly statusRepeated: 'first' | 'last'
  /**
   * `word`: a number from 100 to 999 that stands alone; `prefix`: three digits, whatever follows; `number`: whatever
   * number it begins with, 0 if none. One below 0 is invalid; others that no status has are 500.
   */
  readonly statusForm: 'word' | 'prefix' | 'number'
  /** Bytes; a longer header block is malformed. */
  readonly limit: number
  /** Texts that make an answer malformed when its application writes one to standard error before the block is whole. */
  readonly failsOnStderr?: readonly string[]
  /** Names that are no tokens, and values with control characters, are malformed. */
  readonly strict?: true
  /** Blanks between a name and its colon do not belong to it. */
  readonly blankBeforeColon?: 'dropped'
  /** Nothing is read: the application writes all that the client gets, the status line too. */
  readonly unparsed?: true
  /** An answer that ends before any line end came; absent: as one that closed early. */
  readonly noLine?: number
  /** A Status header that is none stands for this status, and no header counts. */
  readonly invalidStatusIs?: number
}

export const defaultHeadRules: HeadRules = {
  statusLine: false,
  firstWithoutColon: 'malformed',
  laterWithoutColon: 'malformed',
  oddName: 'malformed',
  emptyValue: 'kept',
  statusRepeated: 'last',
  statusForm: 'word',
  limit: 65535
}

/** What an authorizer's answer means. */
export interface AuthorizerRules {
  /** Statuses that let the request through. */
  readonly allows: readonly number[]
  /** Which headers of a yes become variables: those that begin with `Variable-`, or all of them. */
  readonly variables: 'prefixed' | 'all'
  /** Their names: upper-case with `_` for `-`, or as sent. */
  readonly names: 'upper-case' | 'as-sent'
  /** Headers that stand before the Status of a no do not reach the client. */
  readonly dropsBeforeStatus?: true
  /** A Status header that is none: the answer's body reaches the client, without its headers; it is malformed where absent. */
  readonly invalidStatus?: 'body-alone'
  /** A variable told several times: its values joined with a comma, or told as often. `joined` where absent. */
  readonly repeated?: 'joined' | 'apart'
  /**
   * What the client gets for a no: the answer as it is, or its headers under a status of the server's (`challenge`:
   * with a WWW-Authenticate for the realm in force).
   */
  readonly denied:
    | { readonly kind: 'answer' }
    | { readonly kind: 'status'; readonly status: number; readonly challenge: boolean }
  /** A no, and no answer at all, ends the request, or leaves it to whoever is asked next; `final` where absent. */
  readonly refusal?: 'final' | 'left-to-others'
  /** Headers of a yes reach the client; those of a no always do. */
  readonly toClient?: true
  /** The status of a no that is left to others is the one of the answer that the client gets in the end. */
  readonly leavesStatus?: true
  /** A yes with a Location is a no. */
  readonly refusesLocation?: true
}

export const defaultAuthorizerRules: AuthorizerRules = {
  allows: [200],
  variables: 'prefixed',
  names: 'upper-case',
  denied: { kind: 'answer' }
}
