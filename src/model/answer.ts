import type { Span } from '../diagnostics/index.js'
import type { Condition, Regex } from './condition.js'
import type { Template } from './template.js'

/**
 * A change made to an answer's headers once it is known, in turn. They stand in two lists: those that last when a page of the server's own
 * takes an answer's place, and the others, which are gone then and not changed either.
 */
export interface AnswerHeaderChange {
  readonly how:
    'set' | 'set-if-absent' | 'add' | 'append' | 'append-new' | 'unset' | 'edit' | 'edit-all' | 'echo'
  /** With `echo` a pattern that names of the request's headers fit. */
  readonly name: string
  readonly among: 'lasting' | 'others'
  /** With `edit`: what takes the place of what `pattern` fits, `$1` to `$9` for its groups. */
  readonly value: Template
  readonly pattern?: Regex
  readonly when: Condition
  readonly origin: Span
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
  /** An answer is kept from its nth request on. */
  readonly minimumUses?: number
  /** What goes wrong for an answer that is too old to be given again. */
  readonly stale?: readonly string[]
  /** One request at a time computes what is not there, others wait so many seconds; `again`: after so many another one does. */
  readonly lock?: { readonly wait: number; readonly again: number }
  /** What is too old is asked for with If-Modified-Since. */
  readonly revalidates?: true
  /** What is too old is given while it is computed anew. */
  readonly renewsBehind?: true
  /** Ranges that begin behind so many bytes are not looked for among what is kept. */
  readonly rangesUpTo?: number
}

export interface ErrorPage {
  readonly statuses: readonly number[]
  readonly to:
    /** What does not begin with a slash is a redirect; with `inside`, a bad request. */
    | { readonly kind: 'uri'; readonly uri: Template; readonly inside?: true }
    | { readonly kind: 'named'; readonly name: string }
    | { readonly kind: 'text'; readonly text: Template }
    /** The server's own. */
    | { readonly kind: 'own' }
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
  /** What asks for a login is asked with the page as well. */
  readonly keepsChallenge?: true
  /** The error's own headers go along with the page, but for the methods that are allowed. */
  readonly keepsHeaders?: true
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
    /** No address is known for the application's host; absent: as `unreachable`. */
    readonly unknownHost?: number
    /** More than 65535 bytes of params; absent: they are sent. */
    readonly tooManyParams?: number
  }
  /** Media types that reach the client under another name (`application/javascript`); parameters stay. */
  readonly renamedTypes?: readonly { readonly from: string; readonly to: string }[]
  /** A Transfer-Encoding of an answer is undone, and taken for chunks whatever it says; else the header is dropped and the body passed as it is. */
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
  /** Pieces of a body are collected before they are passed on; each goes out as it comes where absent. */
  readonly gathers?: Gathering
  /** How the answer's header block is read; absent: `defaultHeadRules`. */
  readonly head?: HeadRules
  /** Statuses without a body; absent: 204 and 304. */
  readonly bodyless?: readonly number[]
  /** A 204 and a 304 say no media type. */
  readonly emptyWithoutType?: true
  /** An answer that says no type has that of the file the request is for. */
  readonly untypedAsFile?: true
  /** A Location without Status that is no path: the server's own page instead of the application's body. */
  readonly redirectPage?: 'own'
  /** `as-is`: the application's length is told whatever its body is; else a body is cut to its length. */
  readonly lengthTold?: 'as-is'
  /** An answer without Status is held against the request's conditions (If-None-Match …) by its ETag and Last-Modified. */
  readonly conditional?: true
  /** What a malformed answer becomes has no body, whatever error page is in force, but the Location and the type that stood ahead of what is wrong. */
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
  /** Lower-case headers of an answer that do not last (`AnswerHeaderChange`): all others of an application's do. */
  readonly passing?: readonly string[]
  /** Bytes a second that are taken from the application; absent: as many as it gives. */
  readonly readRate?: number
  /** Where this answer is an authorizer's. */
  readonly authorizer?: AuthorizerRules
}

export interface Gathering {
  /** So many are collected at least, unless the answer ends. */
  readonly bytes: number
  readonly byDefault: boolean
  /** The lower-case header by which an answer asks for it (`yes`) or against it (`no`); it has no say where absent. */
  readonly header?: string
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
    /**
     * Headers of the answer have a say: its own Accept-Ranges stays, `none` there and a Content-Encoding keep it whole, and an If-Range
     * that is no ETag holds where it is the very text of Last-Modified. Absent: only a time is compared.
     */
    readonly byHeaders?: true
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

/** Bodies of other URLs of the site around that of an answer with 200. */
export interface Additions {
  /** Decoded paths; nobody is asked where they are absent. */
  readonly before?: string
  readonly after?: string
  /** Media types of the answers, in small letters. */
  readonly types: readonly string[] | 'all'
}

/** Sizes as texts say them (`100k`) are found for each request; what is none counts as 0, and a rate of 0 is none. */
export interface SendRateRule {
  readonly bytesPerSecond: number | Template
  readonly after: number | Template
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
   * number it begins with, 0 if none. One below 0 is invalid, or as well 500 (`signed-number`), as others are that no status has.
   */
  readonly statusForm: 'word' | 'prefix' | 'number' | 'signed-number'
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
