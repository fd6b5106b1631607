import { unreachable } from '../diagnostics/index.js'
import type { RequestRules } from '../model/index.js'
import { readHost, type Host } from './host.js'
import { encodePath } from './path.js'
import { Reading, type Problem } from './reading.js'
import type { CompiledSite } from './site.js'
import type { State } from './state.js'
import { looks } from './steps/look-up.js'
import { asteriskOutcome, isAsterisk } from './asterisk.js'
import { readReceived, splitAbsolute } from './target.js'
import { requestLine } from './variables.js'
import type { History, Outcome, Request, Surroundings, TraceLine } from './types.js'

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
  const request = withHostOfTarget(sent, rules)
  const isOfServer = rules.pagesForRefused === 'of-server'
  const known = (
    from: Request,
    unknown: Partial<Pick<State, 'hostUnknown' | 'lineUnread' | 'headersUnread' | 'method'>>
  ): Pick<Extract<Begun, { kind: 'answered' }>, 'state'> => {
    if (!isOfServer && (rules.pagesForRefused === undefined || !site.hasErrorPages)) return {}
    return { state: { ...refusedState(site, from, surroundings, history, trace), ...unknown } }
  }
  const refuse = (status: number, why: string, hostUnknown = false): Begun => ({
    kind: 'answered',
    outcome: { kind: 'status', status, why },
    ...known(request, { hostUnknown })
  })
  /** Nothing behind the request line was looked at, and the target neither. */
  const refuseLine = (status: number, why: string, lineUnread = isOfServer): Begun => ({
    kind: 'answered',
    outcome: { kind: 'status', status, why },
    ...(rules.pagesForRefused === 'of-host'
      ? known(request, {})
      : known(
          { ...request, line: requestLine(request), target: '', headers: [] },
          {
            hostUnknown: isOfServer,
            lineUnread,
            headersUnread: true,
            ...(lineUnread && { method: '' })
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
  if (typeof host === 'string') return refuse(400, host, isOfServer)
  const kept = reading.headers(host, authority !== undefined)
  if ('why' in kept) return refuse(kept.status, kept.why)
  const problem = unreadable ?? headerProblem(request, rules) ?? bodyProblem(request, rules)
  if (problem === undefined && method !== undefined) return refuse(method, notAnswered(request))
  if (problem !== undefined) return refuse(problem.status, problem.why)
  return {
    kind: 'begun',
    state: stateOf(site, request, surroundings, history, trace, host, received, target, kept)
  }
}

/** The line could be read to its end, although the path makes no sense. */
function isWholeLine(target: string): boolean {
  return target.startsWith('/') && !/[\0- \x7f]/.test(target)
}

function notAnswered({ method }: Request): string {
  return `the method ${method} is not answered`
}

function isRefusedByName(wanted: string, { methods }: RequestRules): boolean {
  return methods.refused.some(({ method }) => method === wanted)
}

const noHost = { name: '', port: '', authority: '' }

/** In lower case, and else not put in form yet. */
function hostAsSent({ headers }: Request): typeof noHost {
  const authority = (valuesOf(headers, 'host')[0] ?? '').toLowerCase()
  return { ...noHost, name: authority.replace(/:\d*$/, ''), authority }
}

/** Where the host of an absolute target must be that of the Host header, it stands for one, before all other headers. */
function withHostOfTarget(request: Request, rules: RequestRules): Request {
  const { authority } = splitAbsolute(request.target)
  if (authority === undefined || rules.target.absoluteForm !== 'must-equal-host') return request
  const usual = request.tls ? '443' : '80'
  const inForm = (host: string): string =>
    (readHost(host, rules.host, usual)?.authority ?? host).toLowerCase()
  const others = request.headers.filter(
    ([name, value]) => name.toLowerCase() !== 'host' || inForm(value) !== inForm(authority)
  )
  return { ...request, headers: [['Host', authority], ...others] }
}

/** The headers in front of the one that the request is refused for, where they are read one by one. */
function beforeRefused(request: Request, rules: RequestRules): Request {
  const end = request.headers.findIndex((_header, index) => {
    const soFar = { ...request, headers: request.headers.slice(0, index + 1) }
    return new Set(valuesOf(soFar.headers, 'host')).size > 1 || headerProblem(soFar, rules) !== undefined
  })
  return end === -1 ? request : { ...request, headers: request.headers.slice(0, end) }
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
  const where = isKnown ? target : { path: '', query: undefined, uri: received }
  const kept = new Reading(site, request).all(known)
  return stateOf(site, request, surroundings, history, trace, known, received, where, kept)
}

function stateOf(
  site: CompiledSite,
  request: Request,
  surroundings: Surroundings,
  history: History,
  trace: TraceLine[] | undefined,
  host: Host,
  received: string,
  target: Pick<State, 'path' | 'query' | 'uri'>,
  headerList: State['headerList']
): State {
  const { inner } = request
  return {
    site,
    request,
    surroundings,
    looks,
    history,
    trace,
    host,
    received,
    receivedPath: target.path,
    headers: byName(headerList),
    headerList,
    remote: request.remote,
    method: inner === undefined ? request.method : 'GET',
    methodTold: inner === undefined ? undefined : request.method,
    path: inner ?? target.path,
    query: inner === undefined ? target.query : undefined,
    uri: inner === undefined ? target.uri : encodePath(inner),
    named: undefined,
    namedMissing: false,
    redirects: 0,
    before: undefined,
    errorPaged: false,
    finalStatus: undefined,
    leftLocation: undefined,
    statusOnError: undefined,
    foundBelow: false,
    lateKnown: false,
    cleared: false,
    kept: undefined,
    bodyDropped: false,
    withoutBody: false,
    lengthGone: false,
    inner: inner !== undefined,
    lookedUp: false,
    hostUnknown: false,
    headersUnread: false,
    lineUnread: false,
    passed: false,
    refusal: undefined,
    chosen: [],
    chosenBy: 'host',
    heard: new Map(),
    moments: [],
    startedAgain: false,
    settings: {},
    folderPools: new Map(),
    slashLocation: false,
    instructed: undefined,
    ofServer: undefined,
    rewritten: undefined,
    rewritesOver: false,
    mapped: undefined,
    soFar: undefined,
    uriChanged: false,
    internal: inner !== undefined,
    rewrittenHere: false,
    split: undefined,
    scopesSettled: false,
    urlSettled: false,
    authorizerAsked: false,
    label: undefined,
    mediaLabel: undefined,
    taken: undefined,
    environment: [],
    settled: undefined,
    environmentTold: false,
    leftPathInfo: '',
    carried: [],
    ruled: [],
    told: [],
    leftType: undefined,
    leftStatus: undefined,
    ownMethod: undefined,
    left: undefined,
    user: undefined,
    clientHeaders: [],
    variables: new Map(history.variables),
    limited: new Set(),
    sendRate: history.sendRate,
    last: undefined,
    wantsBody: false
  }
}

function methodProblem(method: string, rules: RequestRules): number | undefined {
  const { known, otherwise, refused } = rules.methods
  const special = refused.find((entry) => entry.method === method)
  if (special !== undefined) return special.status
  if (known === 'any') return undefined
  const isKnown = known === 'any-upper-case' ? /^[A-Z_-]+$/.test(method) : known.includes(method)
  return isKnown ? undefined : otherwise
}

const looseAuthority = /^(?:[a-z0-9.-]+|\[[a-z0-9:._~!$&'()*+,;=-]+\])(?::\d*)?$/i

/** The host, or why the request is refused. */
function readAuthority(request: Request, absolute: string | undefined, rules: RequestRules): Host | string {
  const usual = request.tls ? '443' : '80'
  const written = valuesOf(request.headers, 'host')
  const [header] = written
  if (new Set(written).size > 1) {
    return header === absolute
      ? `the target's host \`${absolute ?? ''}\` is not the Host header's`
      : 'several Host headers that differ'
  }
  if (absolute !== undefined && rules.target.absoluteForm !== 'must-equal-host') {
    const isLoose = rules.host.looseInTarget === true && looseAuthority.test(absolute)
    return (
      readHost(absolute, { ...rules.host, strict: !isLoose }, usual) ??
      `the host \`${absolute}\` is not well formed`
    )
  }
  if (header === undefined) {
    if (rules.host.missing === 'refused-since-1.1' && request.protocol !== 'HTTP/1.0') return 'no Host header'
    return noHost
  }
  return readHost(header, rules.host, usual) ?? `the host \`${header}\` is not well formed`
}

function headerProblem({ headers }: Request, rules: RequestRules): Problem | undefined {
  const { once, sameAgain, strictHeaders, unknownExpect } = rules
  const names = headers.map(([name]) => name.toLowerCase())
  const repeated = once?.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (repeated !== undefined) return { status: 400, why: `the header ${repeated} comes twice` }
  const differs = sameAgain?.find((name) => new Set(valuesOf(headers, name)).size > 1)
  if (differs !== undefined) return { status: 400, why: `the header ${differs} comes twice and differs` }
  const odd = strictHeaders && headers.find(strictHeaders === true ? isOdd : hasSeparator)
  if (odd !== undefined) return { status: 400, why: `the header ${odd[0]} has characters it must not have` }
  if (unknownExpect === undefined) return undefined
  const expect = headers.find(([name]) => name.toLowerCase() === 'expect')?.[1]
  if (expect === undefined || expect.toLowerCase() === '100-continue') return undefined
  return { status: unknownExpect, why: `the expectation \`${expect}\` is not known` }
}

function valuesOf(headers: Request['headers'], wanted: string): readonly string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
}

function hasSeparator([name]: Request['headers'][number]): boolean {
  return /[\s()<>@,:;\\"/[\]?={}\0]/.test(name)
}

function isOdd([name, value]: Request['headers'][number]): boolean {
  return !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || hasControls(value)
}

function hasControls(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return true
  }
  return false
}

function bodyProblem(request: Request, rules: RequestRules): Problem | undefined {
  const { body, method } = request
  const lengthRequired = (why: string): { status: number; why: string } => ({ status: 411, why })
  switch (body.kind) {
    case 'none':
      return rules.body.withoutLength === 'length-required' && method === 'POST'
        ? lengthRequired('POST without a length')
        : undefined
    case 'chunked':
      if (rules.body.chunked === 'length-required') return lengthRequired('a chunked body')
      break
    case 'length':
      if (body.bytes === 0) return undefined
      break
    default:
      return unreachable(body)
  }
  if (rules.body.withGet === 'refused' && (method === 'GET' || method === 'HEAD'))
    return { status: 400, why: `a body with ${method}` }
  return undefined
}

export function byName(
  list: readonly (readonly [name: string, value: string])[]
): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const [name, value] of list) {
    const key = name.toLowerCase()
    const values = map.get(key)
    if (values === undefined) map.set(key, [value])
    else values.push(value)
  }
  return map
}
