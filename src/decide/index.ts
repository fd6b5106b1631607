import type { Site } from '../model/index.js'
import { begin } from './begin.js'
import { carriedOn, environmentOf } from './environment.js'
import { changedHeaders } from './answer-headers.js'
import { addedHeaders, renderedFor, sendRate } from './outcome.js'
import { finalAnswer } from './error-page.js'
import { resume } from './resume.js'
import { onError, run } from './run.js'
import { chooseScopes, onlyRoot } from './scopes/choose.js'
import { compileSite, type CompiledSite } from './site.js'
import { leaveBody, MustAsk, Unsupported, type State } from './state.js'
import { takeRedirect } from './steps/redirected.js'
import type {
  AddedHeader,
  Decision,
  History,
  InternalRedirect,
  Outcome,
  ReplacedAnswer,
  Request,
  Router,
  Surroundings,
  TraceLine
} from './types.js'

export { isPlainStatus } from './plain-status.js'
export { unknownLoginText } from './steps/authenticate.js'
export { throughLink } from './steps/locate.js'
export type * from './types.js'

const noHistory: History = { authorized: [], redirects: [] }

/** Makes a Site ready to answer. */
export function compile(site: Site): Router {
  const compiled = compileSite(site)
  return {
    decide: (request, surroundings, history = noHistory, options = {}) =>
      decide(compiled, request, surroundings, history, options.trace === true ? [] : undefined)
  }
}

function decide(
  site: CompiledSite,
  request: Request,
  surroundings: Surroundings,
  history: History,
  trace: TraceLine[] | undefined
): Decision {
  const begun = begin(site, request, surroundings, history, trace)
  if (begun.kind === 'begun') return decided(begun.state, undefined, trace)
  if (begun.state !== undefined) return decided(begun.state, begun.outcome, trace)
  return {
    outcome: begun.outcome,
    scopes: [],
    settings: {},
    request: { method: request.method, path: request.target, query: undefined },
    variables: new Map(),
    firstValues: new Map(),
    redirects: 0,
    refused: true,
    addedHeaders: () => [],
    changedHeaders: ({ headers }) => headers,
    sendRate: () => ({ bytesPerSecond: 0, after: 0 }),
    render: () => '',
    trace: trace ?? []
  }
}

function decided(state: State, refused: Outcome | undefined, trace: TraceLine[] | undefined): Decision {
  const outcome = outcomeOf(state, refused)
  if (refused === undefined && isOwn(outcome)) leaveBody(state)
  return {
    outcome,
    scopes: state.chosen.map(({ compiled }) => ({
      name: compiled.scope.name,
      ...(compiled.scope.head === undefined ? {} : { head: compiled.scope.head })
    })),
    settings: state.settings,
    request: { method: state.method, path: state.path, query: state.query },
    variables: state.variables,
    firstValues: state.firstValues,
    redirects: state.redirects,
    ...(isReplacing(state) && { inPlaceOf: replaced(state) }),
    ...(refused !== undefined && { refused: true, headersRead: state.request.headers }),
    addedHeaders: (answer) => [...leftLocation(state, outcome), ...addedHeaders(state, answer)],
    changedHeaders: (answer) => changedHeaders(state, answer),
    sendRate: (answer) => sendRate(state, answer),
    ...(state.sendRate !== undefined && { assignedRate: state.sendRate }),
    render: (template, answer) => renderedFor(state, template, answer),
    trace: trace ?? []
  }
}

/** No application answers, and nothing has to be found out first. */
function isOwn({ kind }: Outcome): boolean {
  return kind === 'file' || kind === 'status' || kind === 'redirect'
}

function isReplacing({ errorPaged, finalStatus, kept }: State): boolean {
  return (errorPaged || finalStatus !== undefined) && kept === undefined
}

function replaced({ errorPaged, finalStatus, leftLocation }: State): ReplacedAnswer {
  return {
    ...(!errorPaged && { recursive: true }),
    ...(finalStatus !== undefined && { status: finalStatus }),
    ...(leftLocation !== undefined && { location: leftLocation })
  }
}

/** Whatever answers in place of a redirect still says where to. */
function leftLocation({ leftLocation: value }: State, outcome: Outcome): readonly AddedHeader[] {
  return value === undefined || outcome.kind === 'redirect'
    ? []
    : [{ name: 'Location', value, always: true, evenEmpty: true }]
}

function outcomeOf(state: State, refused: Outcome | undefined): Outcome {
  try {
    if (refused !== undefined) {
      if (state.site.site.request.pagesForRefused === 'of-root') onlyRoot(state)
      else chooseScopes(state, 'host')
      if (state.site.site.request.pagesForRefused === 'of-host') state.environment = environmentOf(state)
      const next = onError(state, refused)
      if (next.kind === 'answer') return finalAnswer(state, next.outcome)
    }
    const refusedNow = resume(state)
    if (refusedNow?.kind === 'answer') return refusedNow.outcome
    // Those before the last authorizer was asked are part of what it goes on with.
    const { authorized, redirects } = state.history
    for (const redirect of redirects.slice(authorized.at(-1)?.at?.history.redirects.length)) {
      const answered = enter(state, redirect)
      if (answered !== undefined) return answered
    }
    return run(state, state.named === undefined ? 'start' : 'named')
  } catch (error) {
    if (error instanceof MustAsk) return error.outcome
    if (!(error instanceof Unsupported)) throw error
    const { what, origin } = error
    return { kind: 'unsupported', what, ...(origin === undefined ? {} : { origin }) }
  }
}

/** Goes where an answer asked to go. */
function enter(state: State, redirect: InternalRedirect): Outcome | undefined {
  switch (redirect.kind) {
    case 'uri': {
      carryParams(state)
      state.bodyMeasured = true
      const refused = takeRedirect(state, redirect)
      return refused?.kind === 'answer' ? refused.outcome : undefined
    }
    case 'named':
      state.bodyMeasured = true
      takeRedirect(state, redirect)
      return undefined
    case 'error': {
      // Where it failed is looked at once more, for the error pages and headers in force there.
      state.unreached = redirect.unreached === true
      const failed = rememberParams(state)
      state.unreached = false
      state.bodyMeasured = true
      // Once an application has had the request, a page is asked of authorizers again.
      if (failed.kind === 'fastcgi') state.authorizerAsked = false
      if (redirect.tooMany === true) state.redirects += 1
      const next = onError(state, {
        kind: 'status',
        status: redirect.status,
        why: 'the application did not answer'
      })
      return next.kind === 'answer' ? finalAnswer(state, next.outcome) : undefined
    }
  }
}

/** Where variables outlive a redirect under another name, those that the application was told do as well. */
function carryParams(state: State): void {
  if (state.site.site.request.environmentAfterRedirect !== 'prefixed') return
  rememberParams(state)
  state.carried = carriedOn(state) ?? state.carried
}

/** What the application was told is part of the request's environment from then on. */
function rememberParams(state: State): Outcome {
  const outcome = run(state, state.named === undefined ? 'start' : 'named')
  if (outcome.kind === 'fastcgi' && state.site.site.request.environmentAfterRedirect === 'prefixed')
    state.environment = outcome.params.map(({ name, value }) => [name, value] as const)
  return outcome
}
