import type { ChangedAnswer } from './answer-headers.js'
import type { Span } from '../diagnostics/index.js'
import type { State } from './state.js'
import type {
  ConnectionLimit,
  ConnectionZone,
  CounterNames,
  ErrorPage,
  FolderReading,
  FolderRules,
  LimitZone,
  Listener,
  Member,
  PasswordForm,
  RequestLimit,
  RequestZone,
  Pool,
  ResponseRules,
  Role,
  Listing,
  SendRate,
  Sendfile,
  SettingKey,
  SettingOf,
  SettingValues,
  Template
} from '../model/index.js'

/**
 * A request as it came in, before anything is normalised. Texts hold bytes the way `decodeBytes` of `src/diagnostics`
 * makes them (UTF-8, other bytes as lone surrogates); the params of a decision do too and are sent with `encodeBytes`.
 */
export interface Request {
  readonly listener: Listener['id']
  readonly method: string
  /** What stands on the request line. */
  readonly target: string
  readonly protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2.0'
  /** The request line as it came; put together from the three above where absent. */
  readonly line?: string
  /** Bytes of the request line and of each header line as they came, line ends included. */
  readonly lines?: readonly number[]
  /** In the order received, names as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body:
    | { readonly kind: 'none' }
    | { readonly kind: 'length'; readonly bytes: number }
    | { readonly kind: 'chunked'; readonly bytes?: number }
  readonly remote: { readonly address: string; readonly port: number }
  readonly local: { readonly address: string; readonly port: number }
  readonly tls: boolean
  /** Why it cannot be read; `inLine`: the request line already. What is told besides is what was read until then. */
  readonly unreadable?: Unreadable
  /** What only a running server knows. Variables made of it are told by their names in brackets where it is absent. */
  readonly moment?: Moment
  /**
   * The site asks a path of its own with GET, on the way to the answer of this request, which variables go on telling of:
   * nobody is asked whether it may pass, and `internal` places answer.
   */
  readonly inner?: string
  /** The body, where the outcome wanted it (`wantsBody`). */
  readonly bodyText?: string
}

export interface Unreadable {
  readonly status: number
  readonly why: string
  readonly inLine?: true
}

/** A request's circumstances. Times in milliseconds since 1970. */
export interface Moment {
  readonly id: string
  readonly began: number
  readonly now: () => number
  /** Bytes of the head. */
  readonly headLength: number
  readonly connection: { readonly number: number; readonly requests: number; readonly began: number }
  readonly machine: { readonly name: string; readonly process: number }
}

/** The document tree, as far as decisions ask for it. */
export interface FileView {
  kind(path: string): 'file' | 'directory' | 'missing' | 'forbidden'
  isExecutable(path: string): boolean
  /** Whether it is a symbolic link, wherever that leads. */
  isLink(path: string): boolean
  /** Bytes of a plain file; undefined if there is none. */
  size(path: string): number | undefined
  /** With every symbolic link resolved; undefined if it does not exist. */
  realPath(path: string): string | undefined
  /** The text of a small file (htpasswd); undefined if it cannot be read. */
  readText(path: string): string | undefined
}

/** What has happened to this request so far; the caller adds to it and decides again. */
export interface History {
  /** Answers of authorizers that were asked, in order. */
  readonly authorized: readonly AuthorizerAnswer[]
  /** Internal redirects that answers asked for (X-Accel-Redirect, a local Location, an error page). */
  readonly redirects: readonly InternalRedirect[]
  /** What variables of the configuration held when an answer led elsewhere (`Decision.variables`). */
  readonly variables?: ReadonlyMap<string, string>
  /** What `TemplatePart.first` was told of so far (`Decision.firstValues`). */
  readonly firstValues?: ReadonlyMap<string, string | undefined>
  /** The rate that instructions gave the answer before that, in bytes a second. */
  readonly sendRate?: number
  /** What the applications answered that were asked before an internal redirect. */
  readonly answer?: AnswerParts
  /** Whether there were too many of them. */
  readonly limited?: { readonly [counts in LimitZone['counts']]?: LimitVerdict }
  /** Passwords that were compared. */
  readonly passwords?: readonly ComparedPassword[]
}

/** What is known of the answer (`AnswerFact`). */
export interface AnswerParts {
  readonly status: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly address?: string
  readonly headerTime?: string
  readonly responseTime?: string
  readonly cacheStatus?: string
  /** As it goes to the client. */
  readonly sent?: {
    readonly status: number
    readonly headers: readonly (readonly [name: string, value: string])[]
  }
}

/** A header that the configuration adds to an answer. */
export interface AddedHeader {
  readonly name: string
  readonly value: string
  /** To errors as well. */
  readonly always: boolean
  /** Takes the place of those of the name, and is none where empty. */
  readonly set?: true
  /** Told even where it is empty; else it is none then. */
  readonly evenEmpty?: true
}

export interface ComparedPassword {
  readonly given: string
  readonly stored: string
  readonly verdict: PasswordVerdict
}

/** What became of a request that was counted, when so many internal redirects had been made. */
export interface LimitVerdict {
  readonly verdict: 'passed' | 'delayed' | 'refused'
  readonly dryRun?: true
  readonly redirects: number
}

/** `unknown-form`: it is stored in a way that is not understood here. */
export type PasswordVerdict = 'yes' | 'no' | 'unknown-form'

export interface AuthorizerAnswer {
  /** The binding that asked, by its origin. */
  readonly origin: Span
  /** What it was asked about (`ApplicationOutcome.about`): the same guard is asked again for another URL. Absent: whatever that is. */
  readonly about?: string
  readonly allowed: boolean
  /** What the request had come to when it was asked (`FastcgiOutcome.at`), if it goes on from there. */
  readonly at?: Readonly<State>
  /** The root that a yes brought along. */
  readonly root?: string
  /** `Variable-NAME: value` of a yes. */
  readonly variables: readonly (readonly [name: string, value: string])[]
  /** Of an answer to a request for permission: what it said. */
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** It gave no answer; `status` is what is made of that. */
  readonly failed?: true
  /** Where the answer leads (`ApplicationOutcome.followed`). */
  readonly redirect?: InternalRedirect
  /** With `followed`: what is known of it, and of those before it that led to it. */
  readonly parts?: AnswerParts
}

export type InternalRedirect =
  | {
      readonly kind: 'uri'
      readonly uri: string
      readonly method?: string
      readonly status?: number
      /** Only decoded: dots and slashes stay as they are. */
      readonly decodedOnly?: true
      /** The body has been read; nobody is told of it. */
      readonly withoutBody?: true
      /** Those before it (`Decision.redirects`); as many as the history has where absent. */
      readonly made?: number
      /** What asked for it stood in for an error (`Decision.inPlaceOf`), and so does whatever answers in the end. */
      readonly inPlaceOf?: ReplacedAnswer
    }
  | {
      readonly kind: 'named'
      readonly name: string
      /** The request as it stood when its answer led there (`Decision.request`). */
      readonly from?: Decision['request']
      readonly status?: number
      readonly made?: number
      readonly inPlaceOf?: ReplacedAnswer
    }
  /** What was decided so far turned out as this error (nobody listens, a broken answer, an intercepted status): the error page in force answers, else the plain status. */
  | {
      readonly kind: 'error'
      readonly status: number
      /** No application had been told of the request. */
      readonly unreached?: true
      /** One more internal redirect was asked for than there may be. */
      readonly tooMany?: true
    }

/** An answer that an error page takes the place of: what is left of it. */
export interface ReplacedAnswer {
  /** Absent: that of the page's answer. */
  readonly status?: number
  readonly location?: string
  /** A further error has a page as well. */
  readonly recursive?: true
}

export type LookUpFolderFile = (
  path: string,
  rules: FolderRules,
  host: Span | undefined
) => FolderReading | undefined

export interface Surroundings {
  readonly files: FileView
  /**
   * A file with settings that lies in a folder, read; undefined if it is gone. `host`: the head of the scope of the host
   * that is asked. Absent where nobody can read such files: requests that come by one are not answered then.
   */
  readonly folderFile?: LookUpFolderFile
  /** The caller's balancer; undefined when no member of the pool can be used. Called once for each time a binding is considered. */
  pick(pool: Pool, asked?: Asked): Member | undefined
}

/** What a balancer may choose by. */
export interface Asked {
  readonly authority: string
  /** The client's, where the configuration takes another one for it than the connection's. */
  readonly address?: string
  /** The decoded path as it stands now. */
  readonly path: string
  /** What the balance rule's key gives for this request. */
  readonly key?: string
  /** Of the member that the request's session belongs to. */
  readonly route?: string
}

export interface Decision {
  readonly outcome: Outcome
  /** What variables of the configuration hold. */
  readonly variables: ReadonlyMap<string, string>
  /** The values told so far that stay for the rest of the request, for `History.firstValues`. */
  readonly firstValues: ReadonlyMap<string, string | undefined>
  /** The internal redirects made so far. */
  readonly redirects: number
  /** An error page answers. */
  readonly inPlaceOf?: ReplacedAnswer
  /** The request as it stands in the end: rewritten, led on; an error page is asked for with GET. */
  readonly request: { readonly method: string; readonly path: string; readonly query: string | undefined }
  /** The request was refused before any scope was looked for. */
  readonly refused?: true
  /** Those of its headers that were read by then; all where absent. */
  readonly headersRead?: Request['headers']
  /** The scopes that hold, outermost first, by name and head. */
  readonly scopes: readonly ChosenScope[]
  /** The settings in force when it was decided. */
  readonly settings: { readonly [K in SettingKey]?: SettingOf<K> }
  /** Headers that the configuration adds to the answer, in order. */
  readonly addedHeaders: (answer: AnswerParts | undefined) => readonly AddedHeader[]
  /** The answer's headers with the changes that the configuration makes to them, behind those it adds. */
  readonly changedHeaders: (answer: ChangedAnswer) => ChangedAnswer['headers']
  /** How fast the answer goes out; at 0 as fast as the client takes it. */
  readonly sendRate: (answer: AnswerParts | undefined) => SendRate
  /** The rate that instructions gave it, for `History.sendRate`. */
  readonly assignedRate?: number
  /** A text of the configuration that is made of the answer. */
  readonly render: (template: Template, answer: AnswerParts | undefined) => string
  /** Each step taken, in order; empty unless asked for. */
  readonly trace: readonly TraceLine[]
}

export interface ChosenScope {
  readonly name: string
  readonly head?: Span
}

export interface TraceLine {
  readonly step: string
  readonly text: string
  readonly origin?: Span
}

export interface Param {
  readonly name: string
  readonly value: string
  /** The directive that asked for it; absent for what the server sends unasked. */
  readonly origin?: Span
}

/** A limit with what counts for it, and the text it is counted by. */
export interface KeyedLimit<L, Z> {
  readonly limit: L
  readonly zone: Z
  readonly key: string
}

/**
 * The caller must count the request by each of these until one says no, wait where they say so, add that to the history and
 * decide again. Connections are counted until the request is over.
 */
export type CountOutcome =
  | {
      readonly kind: 'count'
      readonly counts: 'requests'
      readonly asked: readonly KeyedLimit<RequestLimit, RequestZone>[]
      /** Nobody waits, and nobody is refused. */
      readonly dryRun?: true
      readonly origin: Span
    }
  | {
      readonly kind: 'count'
      readonly counts: 'connections'
      readonly asked: readonly KeyedLimit<ConnectionLimit, ConnectionZone>[]
      readonly dryRun?: true
      readonly origin: Span
    }

export type Outcome =
  | FastcgiOutcome
  | HttpOutcome
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mediaType: string | undefined
      readonly status: number
      readonly headers?: readonly (readonly [string, string])[]
      readonly origin?: Span
    }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string; readonly origin?: Span }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: string
      readonly mediaType?: string
      readonly headers?: readonly (readonly [string, string])[]
      readonly why: string
      /** The pool none of whose members could be asked. */
      readonly nobodyOf?: Pool
      readonly origin?: Span
    }
  /** The caller must say whether the password that was given is the stored one, add that to the history and decide again. */
  | {
      readonly kind: 'password'
      readonly user: string
      readonly given: string
      readonly stored: string
      readonly form: PasswordForm
      readonly origin?: Span
    }
  | CountOutcome
  /** What lies in a folder. */
  | {
      readonly kind: 'listing'
      readonly folder: string
      /** Its URL path, decoded. */
      readonly title: string
      readonly form: Listing
      /** The function that `jsonp` calls. */
      readonly callback?: string
      /** 200 where absent. */
      readonly status?: number
      readonly origin?: Span
    }
  /** A page that says what the pools did. */
  | { readonly kind: 'counters'; readonly names: CounterNames; readonly origin?: Span }
  /** The connection is closed without an answer. */
  | { readonly kind: 'close'; readonly why: string; readonly origin?: Span }
  /** The configuration asks for something that is not decided yet: never a wrong answer. */
  | { readonly kind: 'unsupported'; readonly what: string; readonly origin?: Span }

/** A member of a pool is asked. */
interface AskingOutcome {
  readonly pool: Pool
  readonly member: Member
  /** Bytes of the body are sent on; an authorizer gets none. */
  readonly sendsBody: boolean
  /** The body goes out as it comes in. */
  readonly streamsBody?: true
  /** A body in chunks that has not come whole by now is refused. */
  readonly chunksAtOnce?: true
  /** A param holds the body: the caller reads it and decides again with `Request.bodyText`. */
  readonly wantsBody?: true
  readonly response: ResponseRules
  readonly sendfile?: Sendfile
  /** Where names of files begin that have no slash at their begin (`Sendfile.named`). */
  readonly sendfileFolder?: string
  /** Errors of the application that the server's own page replaces. */
  readonly ownErrors?: SettingValues['ownErrors']
  /** The type that an answer has which says none. */
  readonly fileType?: string
  /** The client's status whatever the application says: it answers in place of an error. */
  readonly status?: number
  /** How much is logged of it (the setting `toldOfApplications`); nothing where absent. */
  readonly told?: number
  /** What a store of answers has to do with it. */
  readonly cacheStatus?: string
  /** It answers in place of an error, with a status of its own or not. */
  readonly inPlaceOfError?: true
  /** The client's status where the application says none. */
  readonly statusUnlessSaid?: number
  /** Its answer is no answer to the client, but says whether the request may pass. The caller adds it to the history and decides again. */
  readonly permission?: true
  /** With `permission`: what it was asked about, to be handed back with the answer. */
  readonly about?: string
  /** With `permission`: where the answer leads under these error pages is to be handed back as well. */
  readonly followed?: { readonly errorPages: readonly ErrorPage[] }
  readonly origin: Span
}

export interface FastcgiOutcome extends AskingOutcome {
  readonly kind: 'fastcgi'
  readonly role: Role
  readonly params: readonly Param[]
  /** Of an authorizer: the root that a yes brings along. */
  readonly rootWhenAllowed?: string
  /** Of an authorizer: where the request goes on behind a yes (`AuthorizerAnswer.at`). */
  readonly at?: Readonly<State>
}

/** Another HTTP server is asked. */
export interface HttpOutcome extends AskingOutcome {
  readonly kind: 'http'
  readonly forwarded: ForwardedRequest
  /** A Location and a Refresh that begin with `from` get `to` in its place. */
  readonly replacesLocation?: { readonly from: string; readonly to: string }
}

export type ApplicationOutcome = FastcgiOutcome | HttpOutcome

/** The head of a request to another HTTP server. */
export interface ForwardedRequest {
  readonly version: '1.0' | '1.1'
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body's length is not known before it is sent. */
  readonly chunked?: true
}

/** A Site made ready to answer quickly. */
export interface Router {
  decide(
    request: Request,
    surroundings: Surroundings,
    history?: History,
    options?: { readonly trace?: boolean }
  ): Decision
}
