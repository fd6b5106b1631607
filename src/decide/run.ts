import { unreachable } from '../diagnostics/index.js'
import type { Step } from '../model/index.js'
import { errorPage, finalAnswer } from './error-page.js'
import { Unsupported, type State, type StepResult } from './state.js'
import { authenticate } from './steps/authenticate.js'
import { asks, bind } from './steps/bind.js'
import { asterisk } from './asterisk.js'
import { index, slashDirectory, tryFiles } from './steps/find.js'
import { guarded, hasPassed } from './steps/guard.js'
import { askGuards } from './steps/guards.js'
import { limits } from './steps/limits.js'
import { listing } from './steps/listing.js'
import { locate } from './steps/locate.js'
import { pathRules } from './steps/path-rules.js'
import { changeHeaders } from './steps/change-headers.js'
import { permission } from './steps/permission.js'
import { realAddress } from './steps/real-address.js'
import { redirect } from './steps/redirect.js'
import { requestHeaders } from './steps/request-headers.js'
import { rewrite } from './steps/rewrite.js'
import { scopes } from './steps/scopes.js'
import * as simple from './steps/simple.js'
import { nobody, sendStatic } from './steps/static.js'
import { undecided } from './steps/undecided.js'
import { completeLate, environmentOf } from './environment.js'
import { takeRedirect } from './steps/redirected.js'
import type { InternalRedirect, Outcome } from './types.js'

/** Asks the questions of the pipeline in order until one gives an answer. */
export function run(state: State, start: 'start' | 'named'): Outcome {
  const { pipeline } = state.site.site
  let at = start === 'start' ? 0 : urlScopes(pipeline)
  // Every way back counts against the site's limit; this bound only guards against a step that forgets to.
  for (let turns = 0; turns < 10_000; turns++) {
    const step = pipeline[at]
    const result = step === undefined ? finish(state) : ask(state, step)
    if (result === undefined) {
      at += 1
      continue
    }
    const next = result.kind === 'answer' ? onError(state, result.outcome) : result
    switch (next.kind) {
      case 'answer':
        return finalAnswer(state, next.outcome)
      case 'restart':
        at = next.from === 'start' ? 0 : urlScopes(pipeline)
        break
      default:
        return unreachable(next)
    }
  }
  throw new Unsupported('a configuration that leads in circles')
}

/** What an answer leads to: an error may have a page. */
export function onError(state: State, outcome: Outcome): NonNullable<StepResult> {
  const isError = (outcome.kind === 'status' || outcome.kind === 'redirect') && outcome.status >= 300
  const page = isError ? errorPage(state, outcome) : undefined
  return page ?? { kind: 'answer', outcome }
}

/** Where a request that the site makes itself comes to, from the start or where an answer leads. */
function goOn(inner: State, redirect: InternalRedirect | undefined): Outcome {
  if (redirect === undefined) return run(inner, 'start')
  if (redirect.kind === 'error') {
    if (redirect.tooMany === true) inner.redirects += 1
    const why = 'the application did not answer'
    const next = onError(inner, { kind: 'status', status: redirect.status, why })
    if (next.kind === 'answer') return finalAnswer(inner, next.outcome)
    return run(inner, next.from === 'start' ? 'start' : 'named')
  }
  const refused = takeRedirect(inner, redirect)
  if (refused?.kind === 'answer') return finalAnswer(inner, refused.outcome)
  return run(inner, inner.named === undefined ? 'start' : 'named')
}

function urlScopes(pipeline: readonly Step[]): number {
  const found = pipeline.findIndex((step) => step.step === 'scopes' && step.by !== 'host')
  return Math.max(found, 0)
}

/** Behind the last step: whoever took the request by its URL answers now. */
function finish(state: State): StepResult {
  const { taken } = state
  if (taken?.kind === 'elsewhere') throw new Unsupported(taken.what, taken.origin)
  if (taken?.binding.target.kind !== 'fastcgi')
    throw new Unsupported('a pipeline that ends without an answer')
  const { target } = taken.binding
  return asks(state, target, taken)
}

/** An application that takes the request may yet have to wait for the rules for access. */
function bound(state: State, step: Extract<Step, { step: 'bind' }>): StepResult {
  const result = bind(state, step)
  const isTaken = result?.kind === 'answer' && result.outcome.kind === 'fastcgi'
  const refused = isTaken && step.access === 'behind' ? access(state) : undefined
  return refused ?? result
}

function access(state: State): StepResult {
  return hasPassed(state) ? undefined : guarded(state, 'access', () => simple.access(state))
}

function ask(state: State, step: Step): StepResult {
  switch (step.step) {
    case 'scopes': {
      const result = scopes(state, step)
      state.environment = environmentOf(state)
      return result
    }
    case 'target':
      return simple.target(state)
    case 'rewrite':
      return rewrite(state, step)
    case 'file-methods':
      return simple.fileMethods(state, step)
    case 'untaken-methods':
      return simple.untakenMethods(state, step)
    case 'change-headers':
      return changeHeaders(state)
    case 'request-headers':
      return requestHeaders(state, step)
    case 'redirect':
      return redirect(state, step)
    case 'path-rules':
      return pathRules(state, step)
    case 'late-environment':
      completeLate(state)
      return undefined
    case 'listing':
      return listing(state, step)
    case 'undecided':
      return undecided(state, step)
    case 'real-address':
      return realAddress(state)
    case 'internal-only':
      return simple.internalOnly(state)
    case 'body-limit':
      return simple.bodyLimit(state, step)
    case 'slash-location':
      return simple.slashLocation(state, step)
    case 'guards': {
      if (hasPassed(state)) return undefined
      const heard = askGuards(state, step.at)
      return heard.kind === 'end' ? heard.result : undefined
    }
    case 'limits':
      return limits(state)
    case 'access':
      if (step.untaken === true && state.taken !== undefined) return undefined
      return access(state)
    case 'authenticate':
      return hasPassed(state) ? undefined : guarded(state, 'authenticate', () => authenticate(state))
    case 'permission':
      return guarded(state, 'permission', () => permission(state, goOn))
    case 'bind':
      return bound(state, step)
    case 'trace':
      return simple.trace(state, step)
    case 'map':
      return simple.map(state)
    case 'locate':
      return locate(state, step)
    case 'asterisk':
      return asterisk(state)
    case 'label':
      return simple.label(state)
    case 'try-files':
      return tryFiles(state)
    case 'index':
      return index(state, step)
    case 'slash-directory':
      return slashDirectory(state, step)
    case 'static':
      return sendStatic(state, step)
    case 'answer':
      return state.taken === undefined ? nobody(state, step) : finish(state)
    default:
      return unreachable(step)
  }
}
