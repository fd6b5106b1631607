import type { Span } from '../diagnostics/index.js'
import type { Condition } from './condition.js'
import type { FolderFiles } from './folder.js'
import type { LimitZone } from './limits.js'
import type { Pool } from './pool.js'
import type { Scope } from './scope.js'
import type { HeadLimits, UndecidedAt } from './request.js'
import type { Template } from './template.js'

/** A whole configuration, as every command but `lint`'s syntax rules sees it. */
export interface Site {
  /** Grows by one when JSON written by an older version can no longer be read. */
  readonly schema: 1
  /** The files it was read from: the main one first, then in the order of their first inclusion. */
  readonly sources: readonly SourceFile[]
  readonly listeners: readonly Listener[]
  /** Whether sockets are taken that whoever starts the server hands over already listening; they are not where absent. */
  readonly activation?: ActivationRule
  readonly request: RequestRules
  /** How answers look that the server makes itself. */
  readonly ownAnswers?: OwnAnswers
  /** The folder that becomes `/` for the server and its programs: every path of the configuration lies below it. */
  readonly changedRoot?: { readonly path: string; readonly origin: Span }
  /** The questions asked of each request, in order. */
  readonly pipeline: readonly Step[]
  readonly root: Scope
  readonly pools: readonly Pool[]
  /** Other HTTP servers that requests are passed on to, by ids that begin with `http://`. Nothing but `HttpTarget`s uses them. */
  readonly httpPools?: readonly Pool[]
  /** Variables that no instruction sets, but whose value is made of others. */
  readonly computed?: readonly ComputedVariable[]
  /** Stores of answers that the setting `cache` names. */
  readonly cacheZones?: readonly CacheZone[]
  /** What the settings `requestLimits` and `connectionLimits` name. */
  readonly limitZones?: readonly LimitZone[]
  /** Every directive of the source, once: what the ledger accounts for. */
  readonly directives: readonly DirectiveRecord[]
}

/** Where answers are kept. */
export interface CacheZone {
  readonly name: string
  readonly path: string
  /** Seconds after which an answer nobody asked for is thrown away. */
  readonly inactive: number
  readonly origin: Span
}

export interface SourceFile {
  readonly file: string
  /** Offsets at which its lines begin, so that spans can be shown without the text. */
  readonly lines: readonly number[]
  /** The directive that included it first; absent for the main file. */
  readonly includedFrom?: Span
}

/** An address requests come in at. Scopes refer to it by `id`. */
export interface Listener {
  readonly id: string
  readonly address:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | { readonly kind: 'unix'; readonly path: string }
  readonly tls: boolean
  /** Of an IPv6 address: IPv4 connections are not taken as well. */
  readonly ipv6Only?: true
  readonly origin?: Span
}

/**
 * Sockets that are handed over (sd_listen_fds(3)). A listener takes the one that has its address; one whose address no
 * listener has is served by what holds for all.
 */
export interface ActivationRule {
  /** Ids of listeners that are not opened where any socket is handed over, unless one of them has their address. */
  readonly instead: readonly string[]
  readonly origin: Span
}

/** How a request is read before any scope is looked at. */
export interface RequestRules {
  readonly target: TargetRules
  readonly host: HostRules
  /** Methods answered at all; others get `otherwise`. */
  readonly methods: {
    readonly known: readonly string[] | 'any-upper-case' | 'any'
    readonly otherwise: number
    readonly refused: readonly { readonly method: string; readonly status: number }[]
  }
  /** Header names with characters other than letters, digits and `-` (underscores apart). */
  readonly oddHeaderNames: 'kept' | 'dropped'
  readonly underscoresInHeaders: 'kept' | 'dropped'
  /** Tabs around a header's value belong to it; only spaces do not. Neither do where absent. */
  readonly tabsInHeaders?: 'kept'
  /** Lower-case names of headers that may come only once; a request that repeats one is 400. */
  readonly once?: readonly string[]
  /** The status for an Expect other than `100-continue`; it is not looked at where absent. */
  readonly unknownExpect?: number
  /** Lower-case names of headers that may come again only with the same value; else the request is 400. */
  readonly sameAgain?: readonly string[]
  /**
   * Names of headers that are no tokens, and values with control characters, are 400; `separators`: only names with a
   * character such as `(` or `/`.
   */
  readonly strictHeaders?: true | 'separators'
  /**
   * Error pages answer for requests that cannot be read as well; `of-root`: only those of the root scope; `of-server`: those,
   * and all else that goes along with answers, of the host it was for, of the listener's default where that is not known;
   * `of-host`: those of that host, where the request line itself can be read, and they are told of the target as it was sent.
   */
  readonly pagesForRefused?: 'of-host' | 'of-root' | 'of-server'
  /** Bytes of a request's head at most, 431 for more; up to the runtime where absent. */
  readonly longestHead?: number
  /** What is done with a request body. */
  readonly body: BodyRules
  /** The connection ends behind a request that is refused before any scope is looked for; it goes on where absent. */
  readonly endsBehindRefused?: true
  /** Internal redirects and rewrites in one request; more are an error 500. */
  readonly maxRedirects: number
  /** A rewrite that leads in circles, or to what does not begin with a slash, closes the connection instead. */
  readonly closesOnBadRewrite?: true
  /** How long the head may be; the server has no limit of its own where absent. */
  readonly limits?: HeadLimits
  /**
   * The path is split into script and path info once, where one of them is used first, and again for the application
   * and behind an internal redirect; each time anew where absent.
   */
  readonly splitOnce?: true
  /** A file below an alias is not looked for once the path was rewritten there: 500. It is where absent. */
  readonly rewrittenAlias?: 'refused'
  /**
   * Behind an internal redirect it is asked again whether the request may pass; `unless-same`: not where the same scopes hold as
   * before it. With `freshFrom`: not where besides both files are in the same folder, the new one is there, and no scope of that
   * rank or a higher one holds. It is asked where absent.
   */
  readonly accessAfterRedirect?: 'unless-same' | { readonly freshFrom: number }
  /**
   * What becomes of the request's environment when another URL takes over (`Target` `internal`): `kept`, or each
   * NAME becomes REDIRECT_NAME. `kept` where absent. `collected`: one list for the whole request, in the order in which things
   * became known, the status of an error (REDIRECT_STATUS) among them; a name that comes again is joined to the first.
   */
  readonly environmentAfterRedirect?: 'kept' | 'prefixed' | 'collected'
}

/** How answers look that the server makes itself: redirects, errors, files. */
export interface OwnAnswers {
  /** Phrases for statuses other than the usual ones (RFC 9110, section 15). */
  readonly reasons?: readonly { readonly status: number; readonly phrase: string }[]
  /** Statuses that are not told: the connection is closed without an answer. None where absent. */
  readonly silent?: readonly number[]
  /** Media type of the pages that tell a status; `text/html` where absent. */
  readonly pageType?: string
  /** The statuses that have such a page; all where absent. Others have no body. */
  readonly pages?: readonly number[]
  /** Escapes in Locations that the server makes itself are written in small letters; in capitals where absent. */
  readonly escapes?: 'small'
  /** Whether a redirect has such a page; it has where absent. */
  readonly redirectPage?: boolean
  /** Whether a part of a file says `Accept-Ranges`; it does where absent. */
  readonly rangesOnPart?: boolean
  /** Whether ranges and `Accept-Ranges` go with every method; with GET and HEAD only where absent. */
  readonly rangesWithAnyMethod?: boolean
  /** Whether a file that answers in place of an error says `Accept-Ranges`; it does not where absent. */
  readonly rangesOnError?: boolean
  /** Whether a 304 for a file says `Accept-Ranges`; it does not where absent. */
  readonly rangesOnNotModified?: boolean
  /** Whether the refusal of a range tells the file's size; it does where absent. */
  readonly sizeOnRefusedRange?: boolean
  /**
   * Whether headers that the configuration adds go along with the refusal of a range; those of errors do where absent. `both`:
   * those of the whole answer, and those of errors behind them.
   */
  readonly headersOnRefusedRange?: false | 'both'
  /**
   * What asks for a login goes along with the server's own page for 401 only, once, whatever led to the page; where
   * absent it stays with whatever becomes of the request.
   */
  readonly challengeWith401Only?: true
}

export interface TargetRules {
  /** `//` becomes `/` before anything is matched. */
  readonly mergeSlashes: boolean
  /** Several slashes at the beginning are one whatever becomes of others; they are as others where absent. */
  readonly leadingSlashes?: 'one'
  /** More blanks than one in front of the target and behind it are no part of it; else they are refused with it. */
  readonly blanksAround?: 'skipped'
  /** `%2F` in the path: becomes a slash, is 404, or stays as it is. */
  readonly encodedSlash: 'decoded' | 'not-found' | 'kept'
  /** `#` and what follows: cut off (with a query behind it), or 400. */
  readonly fragment: 'cut' | 'refused'
  /** `%00` and escaped control characters. */
  readonly control: 'refused' | 'nul-refused' | 'nul-not-found' | 'kept' | 'underscore'
  /** Blanks, control characters and the byte 255 that are not escaped; refused but for DEL and 255 where absent. */
  readonly rawBytes?: 'refused' | 'kept'
  readonly invalidUtf8: 'refused' | 'kept'
  /** `..` above the root. */
  readonly aboveRoot: 'clamped' | 'refused'
  /** Whether the current target is rewritten in normal form, so that `redirect.uri` differs from the received one. */
  readonly normalised: boolean
  /** Where `normalised`: how, as far as it is not the usual way. */
  readonly normalForm?: NormalForm
  /** `replaces-host`: the Host header itself is replaced, so that applications see the target's. */
  readonly absoluteForm: 'must-equal-host' | 'overrides-host' | 'replaces-host'
  /** `%` without two hexadecimal digits; `refused` where absent. `kept`: stands for itself (normalised: `%25`). */
  readonly badEscape?: 'refused' | 'kept'
  /** The target `*`: `refused` where absent, or `OPTIONS *` is answered with 200 and this `Allow`: at once, or by the step `asterisk`. */
  readonly asterisk?: { readonly allow: readonly string[]; readonly byStep?: true }
  /** With CONNECT the target is the path as it came, whatever it is. */
  readonly connect?: 'as-it-came'
  readonly refusedStatus: number
}

/** How the target is rewritten. The path that is looked at is decoded and simplified whatever stays in the target. */
export interface NormalForm {
  /**
   * Which escapes are undone: of letters, digits and `-._~` where absent; `required`: of all but the characters that need
   * one. Path and query are parted at the last `?` then.
   */
  readonly escapes?: 'required'
  /** An escaped slash in the path is refused. */
  readonly encodedSlash?: 'refused'
  /** Slashes and dots that a simple path has not are taken away where absent, else they stay or are refused. */
  readonly dots?: 'kept' | 'refused'
  /** `%20` in the query becomes `+`. */
  readonly spaces?: 'plus'
}

export interface HostRules {
  /** Whether the Host header is kept lower-cased, without default port and final dot. */
  readonly normalised: boolean
  /** With `normalised`: letters only are made small, and whatever port was sent stays. */
  readonly keepsPort?: true
  /** Where not `strict`: characters that no host has are let through, slashes as well. */
  readonly anyCharacters?: true
  /** Characters outside host names are 400. */
  readonly strict: boolean
  /** An absolute target may have letters, digits, dots and dashes in any order, or what an IP literal holds; else it is held to be `strict`. */
  readonly looseInTarget?: true
  readonly missing: 'refused-since-1.1' | 'empty'
  /** A host that no request names is told as the server's name; as an empty one where absent. */
  readonly missingTold?: 'server-name'
}

export interface BodyRules {
  /** `100-continue` is answered for a request without a body too, once an application is to be asked. */
  readonly continueWithoutBody?: true
  /** Read whole before the application is asked. */
  readonly buffered: boolean
  readonly chunked: 'accepted' | 'length-required'
  /** A chunked body of at most so many bytes is read first, and told as one of that length. */
  readonly measuredUpTo?: number
  /** A body with GET or HEAD. */
  readonly withGet: 'accepted' | 'refused'
  /** POST with neither length nor chunks. */
  readonly withoutLength: 'empty' | 'length-required'
  /** Of a body that is not read for an application: in answers of the server's own it counts for nothing (`request.length`), and chunks have the length 0. */
  readonly unread?: 'counts-nothing'
}

/** How the server writes a Location it makes itself: the path alone, or with scheme, host and a port that is not the scheme's own: of the connection, or (`absolute-named`) by the settings `serverName` and `serverPort`; a query may be empty there. */
export type RedirectForm = 'relative' | 'absolute' | 'absolute-named'

/** One question of the pipeline. The parameters say how this site asks it. */
export type Step =
  /**
   * Fold the scopes whose conditions can be answered by now: by host and listener, by URL, by mapped file. With a `moment`, answers that
   * were kept (`once`) stay, and the conditions that wait for the moment are asked.
   */
  | {
      readonly step: 'scopes'
      readonly by: 'host' | 'url' | 'file'
      readonly folders?: FolderFiles
      readonly moment?: string
    }
  /** Read the target once more, by the setting `targetRules`, where there is one. */
  | { readonly step: 'target' }
  /**
   * `no-file`: the setting `missingRewrites`, where the request is mapped to no file and nobody took it; `unaliased`: the file is
   * looked for below the root, aliases come later.
   */
  | { readonly step: 'rewrite'; readonly at?: 'no-file'; readonly unaliased?: true }
  /** These methods are refused unless somebody took the request by its URL; then it is mapped to no file. */
  | { readonly step: 'untaken-methods'; readonly methods: readonly string[]; readonly status: number }
  /** Where nobody took the request, methods other than these are refused before any file is looked for. */
  | { readonly step: 'file-methods'; readonly methods: readonly string[]; readonly otherwise: number }
  /** `url`: unless somebody took the request, or rules settled where its file is; `file`: the `fileRedirects`. */
  | { readonly step: 'redirect'; readonly at?: 'url' | 'file' }
  /** A folder that nobody answers for is shown to these methods as the setting `listing` says. */
  | { readonly step: 'listing'; readonly methods: readonly string[] }
  /** Ends requests that the setting `undecided` has an entry for here. */
  | { readonly step: 'undecided'; readonly at: UndecidedAt }
  /**
   * Request headers are changed here, and what answers and the environment get is settled, once in a request: one that
   * never comes here gets none of it. In a pipeline without this step it is what is in force in the end.
   */
  | { readonly step: 'change-headers' }
  /** Request headers are changed here, `asked` by what is early and `file` by all else, once more behind each internal redirect. */
  | { readonly step: 'request-headers'; readonly at: 'asked' | 'file' }
  /** `url`: the setting `urlRules`; `folder`: `folderRules`. */
  | { readonly step: 'path-rules'; readonly on: 'url' | 'folder' }
  /** From here on variables that are not `early` are known; without this step they are from the beginning. */
  | { readonly step: 'late-environment' }
  /** The client's address as the setting `realAddress` says. */
  | { readonly step: 'real-address' }
  | { readonly step: 'internal-only' }
  /**
   * `status`: 413 where absent; `label`: only for requests that have it, once it is clear that the application would be asked;
   * `zero`: 0 is no limit unless it is said to be one; `once`: a body that was refused is thrown away, so that the page which
   * answers in its place is not refused for it again.
   */
  | {
      readonly step: 'body-limit'
      readonly status?: number
      readonly label?: string
      readonly zero?: 'limits'
      readonly once?: true
    }
  /** 301 to `name/` where a handler's location ends in a slash (`absolute` where not said). */
  | { readonly step: 'slash-location'; readonly location?: RedirectForm }
  /** Ask the applications of this stage whether the request may pass; those of the others are asked at `authenticate`. */
  | { readonly step: 'guards'; readonly at: 'access' }
  /** `untaken`: not of a request that somebody took by its URL, which was asked there. */
  /** Counts the request as the settings `requestLimits` and `connectionLimits` want it. */
  | { readonly step: 'limits' }
  | { readonly step: 'access'; readonly untaken?: true }
  | { readonly step: 'authenticate' }
  | { readonly step: 'permission' }
  /**
   * Try the bindings that take part at this stage. A request taken at `url` still passes the steps behind it, except
   * those that look for somebody to answer (locate, label, try-files, index, slash-directory, static, further binds);
   * it is answered at the end of the pipeline. At `file` and `content` whoever takes it answers at once, with `access: 'behind'` once
   * the rules for access let the request pass as well.
   * A matching binding whose `mustExist` cannot be known yet (stage `url`) ends the stage without taking the request.
   * At `content` the `actions` for the request's label are asked first.
   */
  | {
      readonly step: 'bind'
      readonly at: 'url' | 'file' | 'content'
      /** Only bindings of this group; absent: only those of none. */
      readonly group?: string
      readonly access?: 'behind'
    }
  /** TRACE, unless somebody took the request: `traceEchoed`, else this status. */
  | { readonly step: 'trace'; readonly otherwise: number }
  /** Find the file name: aliases, then root. */
  | { readonly step: 'map' }
  /**
   * Look at the file. `walk`: go down from the root to the first thing that is no directory, split the path there;
   * `missing`: what a missing file is; `keep`: the name ends at the first missing component and the rest is path info.
   */
  | {
      readonly step: 'locate'
      readonly missing: 'not-found' | 'keep'
      /** What goes on behind a file is missing too. */
      readonly behindFile?: 'missing'
      readonly directorySlash: 'redirect' | 'later'
    }
  /** Answers `OPTIONS *`, which has been a path like any other until here. */
  | { readonly step: 'asterisk' }
  | { readonly step: 'label' }
  | { readonly step: 'try-files' }
  /** Only for these methods, where given. */
  | { readonly step: 'index'; readonly methods?: readonly string[] }
  /** 301 to the same URL with a slash, for a directory. */
  | { readonly step: 'slash-directory'; readonly location: RedirectForm }
  /** Send the file; methods other than these are refused with `otherwise`, or left to the steps behind where it is absent. */
  | {
      readonly step: 'static'
      readonly methods: readonly string[]
      readonly otherwise?: number
      /** Methods that are known at all, and what others are refused with; refusals tell `allow` then. */
      readonly known?: { readonly methods: readonly string[]; readonly otherwise: number }
      readonly pathInfo: 'sent' | 'not-found'
      /** A path that ends in a slash is left to the next step, whatever the method. */
      readonly folders?: 'left'
      /** Ends the search for whatever is there, where steps behind it look further: what is no file is refused, what `staticRefused` names is left. */
      readonly endsSearch?: true
      /** Where given, OPTIONS is answered with 200 and this `Allow`: for what exists, and with `known` for everything. */
      readonly allow?: readonly string[]
    }
  /** Nobody answered. */
  /**
   * `listedBy`: the methods that `directory` is for; `labelled`: whether it is for requests with a label of their scope (a
   * handler). Others get `status`. It is for all where absent.
   */
  | {
      readonly step: 'answer'
      readonly status: number
      readonly directory: number
      readonly listedBy?: readonly string[]
      readonly labelled?: 'not-listed'
    }

/** A variable (`TemplatePart` `user`) whose value is found where it is used first: that of the first case that holds. */
export interface ComputedVariable {
  readonly name: string
  readonly cases: readonly { readonly when: Condition; readonly value: Template }[]
  /** Found anew at each use. */
  readonly volatile?: true
  readonly origin: Span
}

/** What a reader did with one directive of the source. */
export interface DirectiveRecord {
  readonly name: string
  /** The directive whose option this is (`check-local` within `fastcgi.server`, `-idle-timeout` within `FastCgiServer`). */
  readonly within?: string
  readonly span: Span
  readonly comments: readonly string[]
  readonly state:
    /** Its meaning is in the model. `as`: the setting or field it became, as its vocabulary row says. */
    | { readonly kind: 'read'; readonly as?: string }
    /** Known, and not about how a request reaches its application. */
    /** `text`: as it was written, where the model stands without its source. */
    | { readonly kind: 'outside'; readonly topic: string; readonly text?: string }
    /** Known, and a later version will read it. */
    | { readonly kind: 'not-read-yet' }
    /** A command prints what it stands for, and commands are not run unless that is allowed. */
    | { readonly kind: 'not-run' }
    /** The server itself takes no notice of it. */
    | { readonly kind: 'ignored'; readonly why: string }
    /** It holds others together (a block, an include, a variable) and has its meaning through them. */
    | { readonly kind: 'structure' }
    /** No such directive is known. */
    | { readonly kind: 'unknown' }
}
