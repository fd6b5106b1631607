import type { OwnRedirects, RedirectForm, Template } from '../../model/index.js'
import type { Span } from '../../diagnostics/index.js'
import { encodePath, encodePathSmall, unescapePercent } from '../path.js'
import { keepRuled } from '../environment.js'
import { readTargetOf } from '../target.js'
import { hostAsChanged } from '../host.js'
import { onlyRoot } from '../scopes/choose.js'
import { folderOf } from '../condition.js'
import { answer, statusAnswer, type Left, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { serverName } from '../variables.js'
import type { Groups } from '../regex.js'
import type { InternalRedirect } from '../types.js'

/** A Location that the server makes itself, for a path of its own. */
export function ownLocation(state: State, path: string, form: RedirectForm): string {
  const escaped = state.site.site.ownAnswers?.escapes === 'small' ? encodePathSmall : encodePath
  const isBare = state.query === undefined || (state.query === '' && form !== 'absolute-named')
  return completed(state, escaped(path) + (isBare ? '' : `?${state.query ?? ''}`), form)
}

/** A path of the site as the site writes it into a Location. */
function completed(state: State, target: string, form: RedirectForm): string {
  const rules = state.settings.ownRedirects?.value
  if ((rules?.form ?? form) === 'relative') return target
  return origin(state, form, rules) + target
}

/** A path of the site as redirects that the configuration asks for have it. */
export function completedLocation(state: State, path: string): string {
  return completed(state, path, state.site.redirectForm)
}

/** Scheme and host of the site as redirects that the configuration asks for have them. */
export function ownOrigin(state: State): string {
  return origin(state, state.site.redirectForm, state.settings.ownRedirects?.value)
}

/** Scheme, host and a port that is not the scheme's own. */
function origin(state: State, form: RedirectForm, rules: OwnRedirects | undefined): string {
  const scheme = state.request.tls ? 'https' : 'http'
  const usual = state.request.tls ? '443' : '80'
  const { host, port } = form === 'absolute-named' ? namedBy(state) : connectionOf(state, rules)
  return `${scheme}://${host}${port === '' || port === usual ? '' : `:${port}`}`
}

interface Named {
  readonly host: string
  readonly port: string
}

function connectionOf(state: State, rules: OwnRedirects | undefined): Named {
  const { address, port } = state.request.local
  const { name } = state.host
  // A server without a name has none to tell.
  const host = rules?.host === 'server-name' ? serverName(state) : name === '' ? address : name
  return { host, port: rules?.port === false ? '' : String(port) }
}

function namedBy(state: State): Named {
  const { serverName, serverPort } = state.settings
  const host = serverName === undefined ? state.host.name : renderText(serverName.value, { state })
  const port = serverPort === undefined ? state.host.port : renderText(serverPort.value, { state })
  return { host: host === '' ? state.request.local.address : host, port }
}

/** A redirect that the configuration asks for; a path is completed as the site does it. */
export function redirectToText(
  state: State,
  status: number,
  text: string,
  from: Span | undefined
): StepResult {
  const location = text.startsWith('/') ? completed(state, text, state.site.redirectForm) : text
  return answer({ kind: 'redirect', status, location, ...(from === undefined ? {} : { origin: from }) })
}

export function redirectTo(
  state: State,
  status: number,
  to: Template,
  groups: Groups | undefined,
  from: Span | undefined
): StepResult {
  return redirectToText(state, status, renderText(to, { state, rule: groups }), from)
}

/** Makes another URL of the same site the current one; undefined if it is a URL, else why it cannot be. */
export function becomeUri(state: State, uri: string): StepResult {
  const rules = { ...state.site.site.request.target, ...state.settings.targetRules?.value }
  const read = readTargetOf(state.method, uri, rules)
  if (read.kind === 'refused' && state.site.site.request.pagesForRefused === 'of-root') onlyRoot(state)
  if (read.kind === 'refused') return statusAnswer(read.status, `the new target: ${read.why}`, undefined)
  state.path = read.path
  state.query = read.query
  state.uri = read.uri
  return undefined
}

/** The same for a target that is only decoded: its dots and slashes stay. */
export function becomeDecoded(state: State, uri: string): StepResult {
  const mark = uri.indexOf('?')
  becomeWritten(state, unescapePercent(mark < 0 ? uri : uri.slice(0, mark)))
  if (mark >= 0) becomeWritten(state, state.path, uri.slice(mark + 1))
  return undefined
}

/** A path that stands as it is, and the query behind it. */
export function becomeWritten(state: State, path: string, query?: string): void {
  state.path = path
  state.query = query
  state.uri = encodePath(path) + (query === undefined ? '' : `?${query}`)
}

/** Goes where an answer asked to go; an answer says that there is no such place. */
export function takeRedirect(
  state: State,
  redirect: Exclude<InternalRedirect, { readonly kind: 'error' }>
): StepResult {
  const { path, query, user } = state
  state.redirects = (redirect.made ?? state.redirects) + 1
  if (redirect.inPlaceOf !== undefined) {
    state.errorPaged = redirect.inPlaceOf.recursive !== true
    state.finalStatus = redirect.inPlaceOf.status
    state.leftLocation = redirect.inPlaceOf.location
  }
  leavePhase(state)
  if (redirect.kind === 'named') {
    state.named = redirect.name
    const { from } = redirect
    if (from !== undefined) {
      state.method = from.method
      becomeWritten(state, from.path, from.query)
    }
    return undefined
  }
  const refused =
    redirect.decodedOnly === true ? becomeDecoded(state, redirect.uri) : becomeUri(state, redirect.uri)
  if (refused !== undefined) return refused
  forget(state)
  state.before = { path, query, label: undefined, user, status: redirect.status ?? 200 }
  state.method = redirect.method ?? state.method
  if (redirect.withoutBody === true) state.withoutBody = state.lengthGone = true
  return undefined
}

/** What was found once for the request is found anew behind an internal redirect. */
export function leavePhase(state: State): void {
  state.internal = true
  state.split = undefined
}

/** Counts one more turn; too many are an error. */
export function countRedirect(state: State): StepResult {
  state.redirects += 1
  const { maxRedirects } = state.site.site.request
  if (state.redirects <= maxRedirects) return undefined
  return statusAnswer(500, `more than ${String(maxRedirects)} internal redirects`, undefined)
}

/** The same for a rewrite. */
export function countRewrite(state: State): StepResult {
  return countRedirect(state) && closed(state, 'the rewrites lead in circles')
}

/** What rewrites lead to that lead nowhere. */
export function closed(state: State, why: string): StepResult {
  return state.site.site.request.closesOnBadRewrite === true
    ? answer({ kind: 'close', why })
    : statusAnswer(500, why, undefined)
}

/** Goes to another URL of the same site; scopes are searched again from the start. */
export function redirectInside(state: State, path: string, query: string | undefined): StepResult {
  const over = countRedirect(state)
  if (over !== undefined) return over
  becomeWritten(state, path, query)
  leavePhase(state)
  forget(state)
  return { kind: 'restart', from: 'start' }
}

export function leftBehind({ chosen, user, mapped }: State): Left {
  return { scopes: chosen, user, folder: folderOf(mapped) }
}

/** What was found out about the old URL says nothing about the new one. */
export function forget(state: State): void {
  if (state.settled !== undefined) state.host = hostAsChanged(state)
  state.left = leftBehind(state)
  state.cleared = false
  keepRuled(state)
  state.ofFolder = undefined
  state.scopesSettled = false
  state.lateKnown = false
  state.foundBelow = false
  state.mapped = undefined
  state.rewrittenHere = false
  state.taken = undefined
  state.label = undefined
  state.mediaLabel = undefined
  state.named = undefined
  state.instructed = undefined
  state.rewritten = undefined
  state.told = []
  state.user = undefined
}
