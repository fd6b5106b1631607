import type { ErrorPage } from '../model/index.js'
import type { State, StepResult } from './state.js'
import { carriedOn, isCollected, tell } from './environment.js'
import { mediaTypeOf } from './media-type.js'
import { throughLink } from './steps/locate.js'
import {
  becomeUri,
  becomeWritten,
  countRedirect,
  forget,
  leavePhase,
  redirectToText
} from './steps/redirected.js'
import { renderText } from './template.js'
import type { Outcome } from './types.js'

type Failed = Extract<Outcome, { kind: 'status' | 'redirect' }>

/** Where an error goes that an error page in force is for; undefined if the plain status answers. */
export function errorPage(state: State, outcome: Failed): StepResult {
  // A text of its own is an answer; and of several errors in one request only the first has a page, unless said otherwise.
  if ((outcome.kind === 'status' && outcome.body !== undefined) || state.errorPaged) return undefined
  const { request, ownAnswers } = state.site.site
  if (state.redirects > request.maxRedirects || ownAnswers?.silent?.includes(outcome.status) === true)
    return undefined
  const setting = state.settings.errorPages
  const page = setting?.value.find(({ statuses }) => statuses.includes(outcome.status))
  if (page === undefined || page.to.kind === 'own') return undefined
  state.errorPaged = state.settings.recursiveErrorPages?.value !== true
  if (outcome.kind === 'status') {
    const kept = outcome.headers?.filter((header) => isKept(header, page)) ?? []
    state.clientHeaders = [...state.clientHeaders, ...kept]
  }
  state.trace?.push({ step: 'error-page', text: `${String(outcome.status)} has a page`, origin: page.origin })
  state.finalStatus = finalStatus(page, outcome.status)
  if (page.keepsOnError === true) state.statusOnError ??= outcome.status
  state.leftLocation = outcome.kind === 'redirect' ? outcome.location : undefined
  state.kept =
    page.keptWithoutApplication === undefined ? undefined : { how: page.keptWithoutApplication, page }
  switch (page.to.kind) {
    case 'text':
      return {
        kind: 'answer',
        outcome: {
          kind: 'status',
          status: outcome.status,
          why: 'an error page answers',
          ...(outcome.kind === 'status' && outcome.headers ? { headers: outcome.headers } : {}),
          ...(outcome.origin === undefined ? {} : { origin: outcome.origin }),
          body: renderText(page.to.text, { state }),
          mediaType: state.site.site.ownAnswers?.pageType ?? 'text/html'
        }
      }
    case 'named': {
      const over = countRedirect(state)
      if (over !== undefined) return over
      leave(state, outcome.status)
      state.named = page.to.name
      return { kind: 'restart', from: 'url-scopes' }
    }
    case 'uri':
      return toUri(state, page, renderText(page.to.uri, { state }), page.to.inside === true, outcome.status)
  }
}

function toUri(state: State, page: ErrorPage, uri: string, inside: boolean, status: number): StepResult {
  if (!inside && !uri.startsWith('/')) {
    const wanted = page.status.kind === 'fixed' ? page.status.status : 302
    return redirectToText(state, isRedirect(wanted) ? wanted : 302, uri, page.origin)
  }
  const over = countRedirect(state)
  if (over !== undefined) return over
  leave(state, status)
  if (page.anew === true) {
    state.rewritesOver = false
    state.settled = undefined
    state.environmentTold = false
    state.authorizerAsked = false
  }
  if (page.request === 'without-body') state.method = 'GET'
  else if (page.request === undefined) state.method = state.method === 'HEAD' ? 'HEAD' : 'GET'
  if (page.request === 'without-body') state.withoutBody = true
  if (page.asWritten !== true) return becomeUri(state, uri) ?? { kind: 'restart', from: 'start' }
  const mark = uri.indexOf('?')
  becomeWritten(state, mark < 0 ? uri : uri.slice(0, mark), mark < 0 ? undefined : uri.slice(mark + 1))
  return { kind: 'restart', from: 'start' }
}

/** Others would leave the client without the page. */
function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

function leave(state: State, status: number): void {
  state.urlSettled = false
  state.method = state.ownMethod ?? state.method
  state.ownMethod = undefined
  if (isCollected(state)) tell(state, 'REDIRECT_STATUS', String(status))
  const carried = carriedOn(state)
  state.before = { path: state.path, query: state.query, label: state.label, status, user: state.user }
  if (carried !== undefined) state.carried = [...carried, ['REDIRECT_REQUEST_METHOD', state.method]]
  leavePhase(state)
  forget(state)
}

function finalStatus(page: ErrorPage, status: number): number | undefined {
  switch (page.status.kind) {
    case 'kept':
      return status
    case 'fixed':
      return page.status.status
    case 'of-answer':
      return page.keptWithoutApplication === undefined ? undefined : status
  }
}

/** The answer in the end: with the status that an error page is to have, and a file in place of a page of the server's own. */
export function finalAnswer(state: State, outcome: Outcome): Outcome {
  // Whoever is asked whether the request may pass answers nobody else.
  if ('permission' in outcome) return outcome
  return withErrorFile(state, withChallenge(state, withFirstStatus(state, withFinalStatus(state, outcome))))
}

function withChallenge(state: State, outcome: Outcome): Outcome {
  if (state.site.site.ownAnswers?.challengeWith401Only !== true) return outcome
  if (outcome.kind !== 'status' || outcome.body !== undefined) return outcome
  const { status, headers = [] } = outcome
  const others = (all: Headers): Headers => all.filter((header) => !isChallenge(header))
  if (status !== 401 || headers.some(isChallenge)) state.clientHeaders = others(state.clientHeaders)
  return status === 401 || !headers.some(isChallenge) ? outcome : { ...outcome, headers: others(headers) }
}

type Headers = State['clientHeaders']

/** What asks for a login is asked with the page as well. */
function isKept(header: Headers[number], page: ErrorPage): boolean {
  if (page.keepsHeaders === true) return header[0].toLowerCase() !== 'allow'
  return (page.keptWithoutApplication !== undefined || page.keepsChallenge === true) && isChallenge(header)
}

function isChallenge([name]: Headers[number]): boolean {
  return name.toLowerCase() === 'www-authenticate'
}

function withFirstStatus({ statusOnError: status }: State, outcome: Outcome): Outcome {
  const isError = outcome.kind === 'status' && outcome.body === undefined && outcome.status >= 400
  return status !== undefined && isError ? { ...outcome, status } : outcome
}

function withErrorFile(state: State, outcome: Outcome): Outcome {
  const setting = state.settings.errorFiles
  if (setting === undefined || outcome.kind !== 'status' || outcome.body !== undefined) return outcome
  const { status, headers } = outcome
  if (status < 400 || status > 599) return outcome
  const path = `${setting.value.before}${String(status)}${setting.value.after}`
  const { files } = state.surroundings
  if (files.kind(path) !== 'file') return outcome
  if (state.settings.symlinks?.value === 'refused' && throughLink(files, path)) return outcome
  return {
    kind: 'file',
    path,
    mediaType: mediaTypeOf(state, path),
    status,
    ...(headers && { headers }),
    ...(setting.origin && { origin: setting.origin })
  }
}

/** An answer that stands in for an error has the error's status; a further error has its own. */
function withFinalStatus(state: State, outcome: Outcome): Outcome {
  const { finalStatus: status, kept } = state
  if (status === undefined) return withLeftStatus(state, outcome)
  switch (outcome.kind) {
    case 'fastcgi':
    case 'http':
      return kept?.page.status.kind === 'of-answer' ? outcome : { ...outcome, status }
    case 'file':
      return kept?.how === 'same-error' ? outcome : { ...outcome, status }
    case 'status':
      if (kept === undefined) return inPlaceOf(outcome, status)
      if (kept.how === 'same-error' && !kept.page.statuses.includes(outcome.status)) return outcome
      return { ...outcome, status }
    case 'listing':
      return { ...outcome, status }
    case 'redirect':
      return kept?.how === 'always' ? { kind: 'status', status, why: 'the page is a redirect' } : outcome
    case 'password':
    case 'count':
    case 'counters':
    case 'close':
    case 'unsupported':
      return outcome
  }
}

/** A further error has its own status; an answer without a text has none in place of the error's page either. */
function inPlaceOf(outcome: Extract<Outcome, { kind: 'status' }>, status: number): Outcome {
  if (outcome.body === undefined && outcome.status >= 300) return outcome
  const { body = '' } = outcome
  return { ...outcome, status, body }
}

function withLeftStatus({ leftStatus }: State, outcome: Outcome): Outcome {
  if (leftStatus === undefined) return outcome
  if (outcome.kind === 'file') return { ...outcome, status: leftStatus }
  return outcome.kind === 'fastcgi' ? { ...outcome, statusUnlessSaid: leftStatus } : outcome
}
