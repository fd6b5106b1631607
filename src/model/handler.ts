import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex } from './condition.js'
import type { AuthorizerRules } from './answer.js'
import type { HttpTarget } from './forwarding.js'
import type { Template, VariableName } from './template.js'

/**
 * One rule that binds requests to what answers them. Bindings are tried in order; the first whose match and
 * condition hold takes the request.
 */
export interface Binding {
  readonly match: Match
  /** Further conditions on the request (a `ProxyPass` inside a section, a test that a file exists). */
  readonly when: Condition
  readonly target: Target
  /** At which of the pipeline's `bind` steps it may take a request. */
  readonly at: readonly BindStage[]
  /** Of which module it is, where each has a `bind` step of its own; absent: of the step without a group. */
  readonly group?: string
  readonly origin: Span
}

/** `url`: before any file is looked at; `file`: when the request is mapped to an existing file or directory; `content`: as the scope's own handler. */
export type BindStage = 'url' | 'file' | 'content' | GuardStage

/**
 * Where an application is asked whether a request may pass. `access`: ahead of the access rules; `login`: for a user
 * that nobody else knows; `authorize`: once the user is known, ahead of what else is wanted of him.
 */
export type GuardStage = 'access' | 'login' | 'authorize'

/** What the binding compares, and with what. */
export type Match =
  | { readonly kind: 'any' }
  /** Plain text at the end of the path (stage `url`) or of the mapped file (stage `file`). */
  | { readonly kind: 'suffix'; readonly value: string }
  /**
   * On the URL path in every stage. The rule's capture 1 is what follows the prefix, decoded. `raw`: it must
   * cover the target as it came as well, and the capture is of that, with its query and nothing decoded.
   */
  | { readonly kind: 'prefix'; readonly value: string; readonly segments: boolean; readonly raw?: true }
  /** On the mapped file: equal to it, or a prefix of it at a slash. */
  | { readonly kind: 'file-prefix'; readonly value: string }
  | { readonly kind: 'exact'; readonly value: string }
  /** On the URL path; `raw`: on the target as it came as well, whose captures count. */
  | { readonly kind: 'regex'; readonly regex: Regex; readonly raw?: true }
  /** The handler or media type the request was labelled with. */
  | { readonly kind: 'label'; readonly value: string }

export type Target =
  | FastcgiTarget
  | HttpTarget
  /** Nothing answers: no further binding of this stage is tried, and the request goes on. */
  | { readonly kind: 'none' }
  | { readonly kind: 'redirect'; readonly status: number; readonly to: Template }
  | { readonly kind: 'status'; readonly status: number; readonly body?: Template }
  /**
   * Something that is no FastCGI application answers (another HTTP server, WebDAV …); `what` names it for people.
   * `mustExist`: only for what the request is mapped to, as for `FastcgiTarget`.
   */
  | { readonly kind: 'unsupported'; readonly what: string; readonly mustExist?: true }
  /** A page of the server itself that says what its pools did so far, a counter a line. */
  | { readonly kind: 'counters'; readonly names: CounterNames }
  /** Another URL of the same site takes over (Apache's Action); `mustExist`: only for existing files. */
  | { readonly kind: 'internal'; readonly to: Template; readonly mustExist: boolean }

/**
 * Names of counters. `requests`: requests that came to an application, told once there was one; `active`: those in work.
 * `backends`: what the counters of a pool's members begin with; behind it stands a member's label, and the number of its
 * process.
 */
export interface CounterNames {
  readonly requests: string
  readonly active: string
  readonly backends: string
}

/** A pool, by its id or name, or an address, as each request names it. */
export interface ComputedPool {
  readonly kind: 'computed'
  readonly from: Template
  /** Host names among them are not looked up: nobody is reached there. */
  readonly hostNames?: 'not-looked-up'
}

export interface FastcgiTarget {
  readonly kind: 'fastcgi'
  readonly role: Role
  /** A pool's id, or a template that names one (or an address) for each request. */
  readonly pool: { readonly kind: 'pool'; readonly id: string } | ComputedPool
  readonly script: Script
  /** The request must be mapped to something that exists; else the binding does not take it. */
  readonly mustExist: boolean
  /** Status instead of an answer where the file is missing although the binding took it. */
  readonly missing?: { readonly status: number }
  /**
   * Asked in order once the binding has taken the request; the first that does not hold gives its status.
   * `be-allowed`: the setting `allowPrograms`, or an alias made for programs; `take-path-info`: `pathInfoTaken`. All look at the mapped file.
   */
  readonly checks?: readonly {
    readonly must:
      | 'exist'
      | 'not-be-directory'
      | 'be-executable'
      | 'be-allowed'
      | 'take-path-info'
      | 'have-no-controls'
      | 'have-no-question-mark'
    readonly status: number
  }[]
  /**
   * Each program has a pool of its own: a copy of `pool`, known by the program this names, which stands in front of the
   * command of its process plan (httpd starts the requested file itself).
   */
  readonly program?: Template
  /** Where it holds, the application writes all that the client gets, the status line too (see `HeadRules.unparsed`). */
  readonly unparsed?: Condition
  /** The setting `ownErrors` holds for its answers. */
  readonly ownErrors?: true
  /** The URL that the request is passed on to: taken so, it is mapped to no file, and no folder's or file's scope holds. */
  readonly passedTo?: Template
  /** The request's body is not sent, whatever the params say of its length. */
  readonly withholdsBody?: true
  /** The body is passed on as it comes, although the site reads bodies whole; then nobody else is asked when this fails. */
  readonly streamsBody?: true
  /** Where the target has params of its own; else those of the scope. */
  readonly params?: Params
  readonly sendfile?: Sendfile
  /** Guards: what the answer means; where absent, as `ResponseRules.authorizer` says. */
  readonly verdict?: AuthorizerRules
  /** Authorizers: once allowed, the request is mapped below this root and nothing is bound by URL any more. */
  readonly rootWhenAllowed?: Template
}

export type Role = 'responder' | 'authorizer' | 'authenticator' | 'access-checker'

/**
 * How the path is taken apart, and what becomes of it. At the stage `file` the `locate` step has split the path
 * already: there `whole`, `after-prefix` and `all-path-info` all act as `file`.
 */
export interface Script {
  readonly split: Split
  /** What SCRIPT_NAME is joined to for `script.filename`; `filename`: the mapped file itself. */
  readonly root:
    | { readonly kind: 'filename' }
    | { readonly kind: 'document-root' }
    | { readonly kind: 'template'; readonly template: Template }
    /** The template alone is `script.filename`; nothing is joined to it. */
    | { readonly kind: 'whole'; readonly template: Template }
  /** `script.filename` keeps the path info (and gets a final slash without one: lighttpd's broken-scriptfilename). */
  readonly keepPathInfo: boolean
  /** Put in front of `script.filename`. */
  readonly filenamePrefix?: Template
  /** Appended to a script name that ends in a slash. */
  readonly index?: Template
  /** Whether DOCUMENT_ROOT follows `root` where that is a template. */
  readonly documentRootFollows: boolean
  /** Removed from the front of `request.uri` where a slash follows. */
  readonly stripUri?: string
  /** `script.path-translated`: the root `joined` with the path info (where absent), or what a request for the path info would be `mapped` to. */
  readonly pathTranslated?: 'joined' | 'mapped'
}

export type Split =
  /** Not at all: the whole path is the script's name. */
  | { readonly kind: 'whole' }
  /** Where the mapped file ends (found on disk). */
  | { readonly kind: 'file' }
  /** At the first slash at or behind the matched prefix. */
  | { readonly kind: 'after-prefix' }
  /** The script's name is empty, all of the path is path info. */
  | { readonly kind: 'all-path-info' }
  /** Two groups: name and path info. Where it does not match, the whole path is the name. */
  | { readonly kind: 'regex'; readonly regex: Regex }
  /** Compared from the end with the path info the mapping left, or with this one (httpd's ap_find_path_info). */
  | { readonly kind: 'common-tail'; readonly pathInfo?: Template }
  /** As `common-tail`, behind the file that this path leads through, which is `script.filename` then; where there is none, as `whole`. */
  | { readonly kind: 'disk'; readonly path: Template }

/** What the application is told, in order. */
export interface Params {
  readonly entries: readonly ParamEntry[]
  /** A name that stands before, compared without case, keeps its place and its spelling and takes the later value; absent: each entry is sent. */
  readonly sameName?: 'overwrites'
  /** Values are measured before they are written; where the two differ in length the request fails with 500. */
  readonly measured?: true
  /**
   * Every character of a name that is no letter or digit becomes `_`, a leading digit too. A name that such a change
   * would make equal to one that is set in its own right is left out.
   */
  readonly safeNames?: boolean
  /** The setting `paramChanges` is done to them at the end. */
  readonly changed?: true
}

/** A param set or taken away. Its condition and value see the params so far as the environment. */
export interface ParamChange {
  readonly name: string
  readonly when: Condition
  /** Captures: `rule` for the groups of the condition. Absent: the param is taken away. */
  readonly value?: Template
  readonly origin: Span
}

export type ParamEntry =
  | {
      readonly kind: 'param'
      readonly name: string
      readonly value: Template
      /** Left out when: never, the value is empty, or the template's variables do not exist at all. */
      readonly omit: 'never' | 'empty' | 'absent'
      /** Sent only if no entry before has the name; with `sameName`, that one keeps its value. */
      readonly unlessSet?: boolean
      /** The value is of the environment that the server was started in, of this machine: another server has its own. */
      readonly ofProcess?: true
      /** Left out where this variable exists. */
      readonly unlessKnown?: VariableName
      /** Roles that are not told. */
      readonly except?: readonly Role[]
      /** Absent for what the server sends unasked. */
      readonly origin?: Span
    }
  /** The request's headers stand here, each as HTTP_NAME. */
  | { readonly kind: 'headers'; readonly rules: HeaderForwarding }
  /**
   * The environment the configuration and authorizers made (SetEnv, setenv, Variable-, REDIRECT_ …). Characters of
   * its names other than letters and digits: `kept` (where absent; see also `safeNames`), or made `_` and letters
   * upper case.
   */
  | {
      readonly kind: 'environment'
      readonly names?: 'kept' | 'upper-underscore'
      /** Only what an internal redirect left of it, or only the rest; absent: all. */
      readonly part?: 'carried' | 'rest'
    }

export interface HeaderForwarding {
  /** Lower-case names that are not forwarded. */
  readonly drop: readonly string[]
  /** Further ones of requests that came with a body, but for authorizers, which are asked before it is read. */
  readonly dropWithBody?: readonly string[]
  /** Lower-case header name to the param that carries it in place of HTTP_NAME (CONTENT_TYPE). */
  readonly rename: readonly { readonly header: string; readonly param: string }[]
  /** Repeated headers: joined with a comma (cookies with `cookieJoin`), sent apart, or the first one. */
  readonly repeated: 'joined' | 'apart' | 'first'
  readonly cookieJoin: string
  /** Characters other than letters, digits and `-` in a name: become `_`, stay, or the header is dropped. */
  readonly oddNames: 'underscore' | 'kept' | 'dropped'
  readonly dropEmpty: boolean
  /** Lower-case names that are not forwarded where the answer may be kept (the setting `cache`). */
  readonly dropWhenKept?: readonly string[]
  /** A param named HTTP_X in the list takes the header's place. */
  readonly overriddenByParams: boolean
}

/** Which response headers make the server send a file, and below which roots. */
export interface Sendfile {
  readonly headers: readonly string[]
  /** A further header, lower-case, that names a file which is gone once it was sent; only below roots that allow it. */
  readonly temporary?: string
  /** Directories the file must lie below; none given means anywhere, unless `named` says otherwise. */
  readonly roots: readonly { readonly path: string; readonly origin: Span; readonly temporary?: true }[]
  /**
   * `in-folder`: the folder of the file that the client's URL stands for is a root too, ahead of the others; a name without a slash at
   * its begin is below the first root that it does not lead out of. Where absent, only whole paths are names.
   */
  readonly named?: 'in-folder'
  /** Names are taken as they are; `%20` and the like are decoded where absent. */
  readonly undecoded?: true
  /** Only in answers with 200; in others the header goes on to the client. In any answer where absent. */
  readonly onlyWithSuccess?: true
  /** In place of the file: its name cannot be decoded (502), lies below no root (403), is no file (404 or 403). */
  readonly statuses?: { readonly undecodable: number; readonly outside: number; readonly missing: number }
  /** Parts of the file are sent where they are asked for, and that is not told; `Accept-Ranges` goes along where absent. */
  readonly rangesUntold?: true
  /** Lower-case headers of the application that give way to those of the file. */
  readonly givesWay?: readonly string[]
  /** A file that is reached through a symbolic link is 403. */
  readonly symlinks?: 'refused'
  readonly origin: Span
}
