import type { RequestRules } from '../model/index.js'
import { asteriskOutcome, isAsterisk } from './asterisk.js'
import { hostAsSent, noHost, readAuthority, withHostOfTarget } from './authority.js'
import { firstState } from './first-state.js'
import { valuesOf } from './headers.js'
import { Reading } from './reading.js'
import { bodyProblem, headerProblem, methodProblem } from './request-problems.js'
import { unescapePercent } from './path.js'
import type { CompiledSite } from './site.js'
import type { State } from './state.js'
import { readReceived, splitAbsolute } from './target.js'
import { requestLine } from './variables.js'
import type { History, Outcome, Request, Surroundings, TraceLine } from './types.js'

/** The line stays as it came. */
function withoutBlanks(request: Request): Request {
  const target = request.target.replace(/^ +| +$/g, '')
  return target === request.target ? request : { ...request, target, line: requestLine(request) }
}

/** A request read under the site's rules, or what it is answered with before anything is looked up. */
export type Begun =
  | { readonly kind: 'begun'; readonly state: State }
  | {
      readonly kind: 'answered'
      readonly outcome: Outcome
      /** Where an error page may answer in its place. */
      readonly state?: State
    }

export function begin(
  site: CompiledSite,
  sent: Request,
  surroundings: Surroundings,
  history: History,
  trace: TraceLine[] | undefined
): Begun {
  const rules = site.site.request
  const read = rules.target.blanksAround === 'skipped' ? withoutBlanks(sent) : sent
  const request = withHostOfTarget(read, rules)
  const isOfServer = rules.pagesForRefused === 'of-server'
  const known = (
    from: Request,
    unknown: Partial<Pick<State, 'hostUnknown' | 'lineUnread' | 'method' | 'methodTold' | 'withoutBody'>>
  ): Pick<Extract<Begun, { kind: 'answered' }>, 'state'> => {
    if (!isOfServer && (rules.pagesForRefused === undefined || !site.hasErrorPages)) return {}
    return { state: { ...refusedState(site, from, surroundings, history, trace), ...unknown } }
  }
  const refuse = (status: number, why: string): Begun => ({
    kind: 'answered',
    outcome: { kind: 'status', status, why },
    ...known(request, {})
  })
  /** Behind the header that names it nothing was read, where they are read one by one. */
  const refuseHost = (why: string): Begun => {
    const at = request.headers.findIndex(([name]) => name.toLowerCase() === 'host')
    const isRead = !isOfServer || at === -1
    return {
      kind: 'answered',
      outcome: { kind: 'status', status: 400, why },
      ...known(isRead ? request : unreadBehind(request, at + 1), {
        hostUnknown: isOfServer,
        ...(!isRead && { withoutBody: true })
      })
    }
  }
  /** Nothing behind the request line was looked at, and the target neither. */
  const refuseLine = (status: number, why: string, lineUnread = isOfServer): Begun => ({
    kind: 'answered',
    outcome: { kind: 'status', status, why },
    ...(rules.pagesForRefused === 'of-host'
      ? {}
      : known(
          { ...unreadBehind(request, 0, lineUnread), line: requestLine(request), target: '' },
          {
            withoutBody: true,
            hostUnknown: isOfServer,
            lineUnread,
            // It is known whether a body is wanted, and nothing is told of it until a page is asked for with GET.
            ...(lineUnread && request.method === 'HEAD' && { methodTold: '' }),
            ...(lineUnread && request.method !== 'HEAD' && { method: '' })
          }
        ))
  })
  const { unreadable } = request
  if (unreadable?.inLine === true) return refuseLine(unreadable.status, unreadable.why)
  const { asterisk } = rules.target
  if (isAsterisk(request.method, request.target) && asterisk !== undefined && asterisk.byStep !== true)
    return { kind: 'answered', outcome: asteriskOutcome(asterisk.allow) }
  const method = methodProblem(request.method, rules)
  // Some methods are read as far as any, and refused then.
  const later = isOfServer && isRefusedByName(request.method, rules)
  if (method !== undefined && !later) return refuseLine(method, notAnswered(request))
  const reading = new Reading(site, request)
  const tooLong = reading.lineProblem()
  if (tooLong !== undefined) return refuseLine(tooLong.status, tooLong.why)
  const { authority, rest, received } = splitAbsolute(request.target)
  const target = readReceived(request.method, rest, {
    ...rules.target,
    mergeSlashes: reading.mergeSlashes
  })
  if (target.kind === 'refused' && (isOfServer || !rest.startsWith('/')))
    return refuseLine(target.status, target.why, isOfServer && !isWholeLine(rest))
  if (target.kind === 'refused') return refuse(target.status, target.why)
  const host = readAuthority(request, authority, rules)
  if (typeof host === 'string') return refuseHost(host)
  const kept = reading.headers(host, authority !== undefined)
  if ('why' in kept) return refuse(kept.status, kept.why)
  const problem = unreadable ?? headerProblem(request, rules) ?? bodyProblem(request, rules)
  if (problem === undefined && method !== undefined) return refuse(method, notAnswered(request))
  if (problem !== undefined) return refuse(problem.status, problem.why)
  return {
    kind: 'begun',
    state: firstState(site, request, surroundings, history, trace, host, received, target, kept)
  }
}

/** The request as far as so many of its headers were read, or not even its line. */
function unreadBehind(request: Request, headers: number, lineUnread = false): Request {
  const { moment, lines = [] } = request
  const read = lineUnread ? [] : lines.slice(0, headers + 1)
  const headLength = read.reduce((sum, length) => sum + length, 0)
  return {
    ...request,
    headers: request.headers.slice(0, headers),
    body: { kind: 'none' },
    ...(moment && { moment: { ...moment, headLength } })
  }
}

/** The line could be read to its end, although the path makes no sense. */
function isWholeLine(target: string): boolean {
  return target.startsWith('/') && !/[\0- \x7f]/.test(target)
}

function isRefusedByName(wanted: string, { methods }: RequestRules): boolean {
  return methods.refused.some(({ method }) => method === wanted)
}

function notAnswered({ method }: Request): string {
  return `the method ${method} is not answered`
}

/** The headers in front of the one that the request is refused for, where they are read one by one. */
function beforeRefused(request: Request, rules: RequestRules): Request {
  const end = request.headers.findIndex((_header, index) => {
    const soFar = { ...request, headers: request.headers.slice(0, index + 1) }
    return new Set(valuesOf(soFar.headers, 'host')).size > 1 || headerProblem(soFar, rules) !== undefined
  })
  return end === -1 ? request : { ...request, headers: request.headers.slice(0, end) }
}

/** What was sent, where errors are told of a target that makes no sense; its path as far as it can be decoded. */
function asReceived(
  received: string,
  { pagesForRefused }: RequestRules
): Pick<State, 'path' | 'query' | 'uri'> {
  if (pagesForRefused !== 'of-host') return { path: '', query: undefined, uri: received }
  const mark = received.indexOf('?')
  const path = mark < 0 ? received : received.slice(0, mark)
  // What stands behind a NUL is not seen.
  return {
    path: unescapePercent(path).replace(/\0[^]*/, ''),
    query: mark < 0 ? undefined : received.slice(mark + 1),
    uri: received
  }
}

/** What is known of a request that cannot be read, for the sake of its error page. */
function refusedState(
  site: CompiledSite,
  whole: Request,
  surroundings: Surroundings,
  history: History,
  trace: TraceLine[] | undefined
): State {
  const rules = site.site.request
  const request = rules.pagesForRefused === 'of-root' ? beforeRefused(whole, rules) : whole
  const { authority, received, rest } = splitAbsolute(request.target)
  const host = readAuthority(request, authority, site.site.request)
  const target = readReceived(request.method, rest, site.site.request.target)
  // The host is put in form behind the target: where that cannot be read it is as it was sent.
  const asSent = target.kind === 'refused' && site.site.request.pagesForRefused === 'of-root'
  const known = asSent ? hostAsSent(request) : typeof host === 'string' ? noHost : host
  // A target that can be read says where an error page is looked for, where the site goes by the server's settings.
  const isKnown = target.kind !== 'refused' && site.site.request.pagesForRefused === 'of-server'
  const where = isKnown ? target : asReceived(received, rules)
  const kept = new Reading(site, request).all(known)
  return firstState(site, request, surroundings, history, trace, known, received, where, kept)
}
