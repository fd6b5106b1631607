import type { Session } from './session.js'
import type { Span } from '../diagnostics/index.js'
import type { Binding, ErrorPage, InForce, LimitZone, Member, Pool } from '../model/index.js'
import type { Host } from './host.js'
import type { Groups } from './regex.js'
import type { Holding, Needs } from './condition.js'
import type { ChosenScope } from './scopes/compile.js'
import type { CompiledSite } from './site.js'
import type { AnswerParts, History, Outcome, Request, Surroundings, TraceLine } from './types.js'

/** One request on its way through the pipeline. Steps change it; nothing else does. */
export interface State {
  readonly site: CompiledSite
  readonly request: Request
  readonly surroundings: Surroundings
  readonly looks: Looks
  readonly history: History
  /** Undefined unless asked for. */
  readonly trace: TraceLine[] | undefined

  // As it came
  host: Host
  /** The target without scheme and host. */
  readonly received: string
  /** Its path, decoded. */
  readonly receivedPath: string
  /** By lower-case name; what the server drops is not here. */
  headers: ReadonlyMap<string, readonly string[]>
  headerList: readonly (readonly [name: string, value: string])[]

  // As it stands now
  /** The client's address, which a proxy may have told. */
  remote: Request['remote']
  method: string
  /** Of a request that the site makes itself: the method of the one it was made for, which variables tell. */
  readonly methodTold: string | undefined
  /** The method that the request has again once its file answers, where it is looked up with another. */
  ownMethod: string | undefined
  path: string
  query: string | undefined
  /** Path and query, still encoded. */
  uri: string
  /** A named location that an internal redirect asked for. */
  named: string | undefined
  namedMissing: boolean
  redirects: number
  /** What the last internal redirect took the request from. */
  before: Before | undefined

  /** An error page was gone to, and the status its answer gets. */
  errorPaged: boolean
  /** A name of the try list was found below a directory that otherwise stands for every path. */
  foundBelow: boolean
  /** Where a redirect led that has an error page: what answers in its place tells it along. */
  leftLocation: string | undefined
  /** Of an error whose page is looked for: the status that a further error is told with. */
  statusOnError: number | undefined
  finalStatus: number | undefined
  /** With `finalStatus`: an application's own status goes before it. */
  kept:
    { readonly how: NonNullable<ErrorPage['keptWithoutApplication']>; readonly page: ErrorPage } | undefined
  /** The request's body was too long, and is thrown away: nothing is refused for it any more. */
  bodyDropped: boolean
  /** An application was sent the request, so how long its chunked body is has been known since. */
  bodyMeasured: boolean
  /** Nobody reads the request's body, and that is settled. */
  bodyUnread: boolean
  /** The page that answers is not sent the request's body. */
  withoutBody: boolean
  /** Nor is it told that there was one. */
  lengthGone: boolean

  /** The request is made by the site itself, to ask whether another may pass. */
  readonly inner: boolean
  /** It is only looked up where such a request would lead. */
  readonly lookedUp: boolean
  /** Where one guard is enough: whether one has said yes, and the no of another. */
  passed: boolean
  refusal: StepResult

  // Scopes
  /** The request was refused before it was known which host it is for. */
  readonly hostUnknown: boolean
  /** It was refused within the request line, before its protocol was read. */
  readonly lineUnread: boolean
  chosen: readonly ChosenScope[]
  /** Those that held when an internal redirect took the request elsewhere, and its user. */
  left: Left | undefined
  /** The request was looked up as one of its own, and nobody objected. */
  cleared: boolean
  /** By what they were chosen so far. */
  chosenBy: Needs
  /** Answers of conditions that are asked once, by their numbers. */
  heard: Map<number, Holding>
  /** Which of the conditions that wait for a moment may be asked. */
  moments: readonly string[]
  /** The scopes were chosen anew since headers were changed. */
  startedAgain: boolean
  settings: InForce
  /** Pools that files in folders brought along. */
  folderPools: ReadonlyMap<string, Pool>
  /** The longest matching location would answer for the path with a slash. */
  slashLocation: boolean
  /** The instructions done last, so that they are not done twice where no further scope was chosen. */
  instructed: InForce['instructions']
  /** Those done before a location was chosen. */
  ofServer: InForce['instructions']
  rewritten: InForce['rewrites']
  /** No further rewrite is tried. */
  rewritesOver: boolean

  /** What rules on the path have made of it so far, while they are tried. */
  soFar: string | undefined
  // File
  mapped: Mapped | undefined
  /** A rewrite of this round fitted, and locations are to be searched again. */
  uriChanged: boolean
  /** No client asked for the current path. */
  internal: boolean
  /** The path was rewritten since the location was chosen. */
  rewrittenHere: boolean
  /** The split that was made first, where it is made once. */
  split: { readonly name: string; readonly pathInfo: string } | undefined
  /** The scopes stay as they are: an authorizer settled where files are. */
  scopesSettled: boolean
  /** Bindings by URL take no part any more: an authorizer settled where files are. */
  urlSettled: boolean
  /** The session in the pool that was chosen from last. */
  session: Session | undefined
  /** An authorizer said yes: nobody else is asked. */
  authorizerAsked: boolean

  // Answer
  label: string | undefined
  mediaLabel: string | undefined
  taken: Taken | TakenElsewhere | undefined
  environment: Environment
  /** What the step `change-headers` settled, and whether its part of the environment is in the list. */
  settled: Settled | undefined
  environmentTold: boolean
  /** The application that failed could not be connected to, so it was told nothing. */
  unreached: boolean
  /** Path info of a request that failed: where the environment is collected, it stays with the page that answers, unless that has its own. */
  leftPathInfo: string
  /** The step `late-environment` was come to since the last internal redirect. */
  lateKnown: boolean
  /** The part of it that an internal redirect left. */
  carried: Environment
  /** What was known for the folder whose index answers; undefined where none does. */
  ofFolder: Environment | undefined
  /** The part of it that rules on the path gave, in order; without a value they took a variable away. */
  ruled: readonly (readonly [name: string, value: string | undefined])[]
  /** How many of them were given by rules on the URL. */
  ruledOnUrl: number
  /** The part of it that guards gave. */
  told: Environment
  /** Whose login is looked at, or let in. */
  user: string | undefined
  /** The media type that a guard's answer had, for files that have none. */
  leftType: string | undefined
  /** The status that a guard left, for answers that have none of their own. */
  leftStatus: number | undefined
  /** Headers of guards' answers that go to the client. */
  clientHeaders: readonly (readonly [name: string, value: string])[]
  readonly variables: Map<string, string>
  /** What was told first, where that stays (`TemplatePart.first`). */
  readonly firstValues: Map<string, string | undefined>
  /** What was said of how many there are has been heeded. */
  readonly limited: Set<LimitZone['counts']>
  /** What `set-send-rate` gave. */
  sendRate: number | undefined
  /** The groups of the regular expression that ran last. */
  last: Groups | undefined
  /** A param is made of the request's body, which is not read yet. */
  wantsBody: boolean
}

/** What an internal redirect leaves behind. */
export interface Left {
  readonly scopes: readonly ChosenScope[]
  readonly user: string | undefined
  /** The folder of the file that the request was mapped to. */
  readonly folder: string | undefined
}

/** Requests that are looked up within the request. */
export interface Looks {
  /** Where a request for another path would be mapped. */
  readonly up: (state: State, path: string) => { readonly filename: string; readonly pathInfo: string }
  /** Whether it would pass: a URL of the site, or a file that is there. */
  readonly allows: (state: State, path: string, as: 'url' | 'file') => boolean
  /** What it would be refused with, or where it would be sent instead; undefined where it would pass. */
  readonly objection: (state: State, path: string, as: 'url' | 'file') => StepResult
  /** How a request for a name of an index list fares, as far as whoever would answer it. */
  readonly index: (state: State, path: string, method: string) => IndexLook
}

export type IndexLook =
  | { readonly kind: 'found'; readonly inner: State }
  /** There is no such file. */
  | { readonly kind: 'none' }
  | { readonly kind: 'answered'; readonly outcome: Outcome }

export interface Settled {
  readonly environment: InForce['environment']
  readonly responseHeaders: InForce['responseHeaders']
}

export type Environment = readonly (readonly [name: string, value: string])[]

export interface Before {
  /** Whom a login let in. */
  readonly user: string | undefined
  readonly path: string
  readonly query: string | undefined
  readonly label: string | undefined
  readonly status: number
}

/** Where in the file system the request is. */
export interface Mapped {
  readonly documentRoot: string
  /** Prefix and target of an alias. */
  readonly context: { readonly prefix: string; readonly root: string } | undefined
  /** Without path info once `locate` has split it. */
  readonly filename: string
  readonly pathInfo: string
  readonly located: 'file' | 'directory' | 'missing' | undefined
  /** A handler that an alias brings along. */
  readonly programs: string | undefined
  /** The URL it is passed on to, in place of a file. */
  readonly passedTo?: string
  /** The server's name, where the document root decides it. */
  readonly serverName?: string
}

/** Something that is no FastCGI application has the request. */
export interface TakenElsewhere {
  readonly kind: 'elsewhere'
  readonly what: string
  readonly origin: Span
}

/** The binding that answers, and how it got the request. */
export interface Taken {
  readonly kind: 'application'
  readonly binding: Binding
  readonly stage: 'url' | 'file' | 'content'
  readonly pool: Pool
  readonly member: Member
  /** The groups of the binding's match. */
  readonly groups: Groups | undefined
}

/** What a step leads to; undefined goes on with the next one. */
export type StepResult =
  | undefined
  | { readonly kind: 'answer'; readonly outcome: Outcome }
  /** Again from the start: another URL, or the same one with changed scopes. */
  | { readonly kind: 'restart'; readonly from: 'start' | 'url-scopes' }

/** The server answers itself: unless an application was sent the body before, nobody reads it. */
export function leaveBody(state: State): void {
  const { site, history } = state
  if (site.site.request.body.unread === 'counts-nothing' && history.answer === undefined)
    state.bodyUnread = true
}

export function answer(outcome: Outcome): StepResult {
  return { kind: 'answer', outcome }
}

export function statusAnswer(status: number, why: string, origin: Span | undefined): StepResult {
  return answer({ kind: 'status', status, why, ...(origin === undefined ? {} : { origin }) })
}

/** The configuration asks for what cannot be decided; caught where the decision is made. */
export class Unsupported extends Error {
  constructor(
    readonly what: string,
    readonly origin?: Span
  ) {
    super(what)
  }
}

/** Somebody must be asked first, wherever that was found; caught where the decision is made. */
export class MustAsk extends Error {
  constructor(readonly outcome: Outcome) {
    super('a question')
  }
}

/** What a template may draw on besides the request. */
export interface RenderContext {
  readonly state: State
  /** Groups of the rule, or of the scope, that the template belongs to. */
  readonly rule?: Groups | undefined
  readonly scope?: Groups | undefined
  readonly script?: ScriptParts | undefined
  readonly member?: Member | undefined
  readonly answer?: AnswerParts | undefined
}

/** What a `Script` rule makes of the path. */
export interface ScriptParts {
  readonly name: string
  readonly pathInfo: string
  readonly filename: string
  readonly documentRoot: string
  readonly pathTranslated: string | undefined
  readonly uri: string
}
