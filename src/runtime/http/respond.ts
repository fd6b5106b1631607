import { Readable } from 'node:stream'
import type { ApplicationOutcome, InternalRedirect } from '../../decide/types.js'
import type { ErrorPage, ResponseRules, SendRate } from '../../model/index.js'
import type { AnswerBody } from '../fastcgi/connection.js'
import type { ResponseHead } from '../fastcgi/head.js'
import { dropped, headerOf, noContent, withoutHeaders } from './answer.js'
import type { FramedContent, Headers, HttpAnswer } from './answer.js'
import { bodyDecoder } from './body-decoder.js'
import { collect } from './collect.js'
import { evaluateConditions } from './conditional.js'
import { gathered } from './gather.js'
import { impliedStatus } from './implied-status.js'
import { statusAnswer } from './refusals.js'
import { sendfileAnswer, wantedFile } from './sendfile.js'
import type { FileRequest } from './static.js'

/** What an application's answer leads to. */
export type Response =
  | { readonly kind: 'send'; readonly answer: HttpAnswer }
  /** Another place of the site answers; these headers of the first answer go along. */
  | { readonly kind: 'redirect'; readonly redirect: InternalRedirect; readonly keep: Headers }

/** Belong to one connection (RFC 9110, section 7.6.1), or were meant for the server. */
const neverPassed = ['status', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer', 'content-length']

/** Turns an application's answer into the client's, by the rules in force. */
export async function respond(
  outcome: ApplicationOutcome,
  head: ResponseHead,
  body: AnswerBody,
  request: FileRequest,
  errorPages: readonly ErrorPage[]
): Promise<Response> {
  const rules = outcome.response
  if (rules.head?.unparsed === true) {
    return { kind: 'send', answer: { status: 200, headers: [], body: { kind: 'raw', stream: body.stream } } }
  }
  const leading = leadsTo(outcome, head, request, errorPages)
  if (leading) {
    await dropped(body.stream)
    const keep = keptHeaders(rules, head, leading.isError)
    // A place that there cannot be is an error, which has a type of its own.
    const isNowhere = leading.redirect.kind === 'error'
    return {
      kind: 'redirect',
      redirect: leading.redirect,
      keep: isNowhere ? withoutHeaders(keep, ['content-type']) : keep
    }
  }
  const isSent = (head.status ?? 200) === 200 || outcome.sendfile?.onlyWithSuccess !== true
  const sendfile = isSent ? outcome.sendfile : undefined
  const consumed = [...(sendfile?.headers ?? []), sendfile?.temporary ?? ''].map((name) => name.toLowerCase())
  const passed = located(passedHeaders(rules, head), outcome)
  const headers = typed(withoutHeaders(passed, consumed), outcome.fileType)
  const status = outcome.status ?? head.status ?? outcome.statusUnlessSaid ?? impliedStatus(rules, head)
  const wanted = sendfile && wantedFile(sendfile, head.headers)
  if (sendfile && wanted !== undefined) {
    await dropped(body.stream)
    const said = { wanted, status: head.status ?? (status === 200 ? undefined : status), headers }
    const sent = await sendfileAnswer(sendfile, said, request, outcome.sendfileFolder)
    return 'kind' in sent
      ? { kind: 'redirect', redirect: { kind: 'error', status: sent.status }, keep: [] }
      : { kind: 'send', answer: { ...sent, headers: headersFor(rules, sent.status, sent.headers) } }
  }
  const own = ownAnswer(rules, head, headers, request)
  if (own) {
    await dropped(body.stream)
    return { kind: 'send', answer: own }
  }
  let answer: HttpAnswer = {
    status,
    headers: headersFor(rules, status, headers),
    body: contentOf(rules, status, head, body, outcome.pool.connection.keep),
    ...(head.reason !== undefined && head.reason !== '' && { reason: head.reason }),
    ...(head.statusText !== undefined && status === head.status && { statusText: head.statusText })
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (rules.heldBack === true) answer = await heldBack(answer)
  const rate = rateOf(rules, head)
  const isMeasured = answer.body.kind !== 'stream' || answer.body.length !== undefined
  const isRangeable =
    rules.ranges && isRead && status === 200 && (rules.rangesNeedLength !== true || isMeasured)
  return { kind: 'send', answer: { ...answer, isRangeable, ...(rate !== undefined && { rate }) } }
}

/** Where another server leads to places of its own, the client is led to those of the site. */
function located(headers: Headers, outcome: ApplicationOutcome): Headers {
  if (outcome.kind !== 'http' || outcome.replacesLocation === undefined) return headers
  const { from, to } = outcome.replacesLocation
  return headers.map(([name, value]) => {
    switch (name.toLowerCase()) {
      case 'location':
        return [name, value.startsWith(from) ? to + value.slice(from.length) : value]
      case 'refresh':
        return [name, value.replace(`url=${from}`, `url=${to}`)]
      default:
        return [name, value]
    }
  })
}

/** The file's type, where the application says none. */
function typed(headers: Headers, fileType: string | undefined): Headers {
  if (fileType === undefined || headerOf(headers, 'content-type') !== undefined) return headers
  return [...headers, ['Content-Type', fileType]]
}

/** What is left of an answer that turned out to be malformed: the headers that were taken as they came (httpd: `ap_scan_script_header_err_core_ex`). */
export function brokenOff({ fileType }: ApplicationOutcome, status: number, before: Headers): HttpAnswer {
  const taken = before.filter(([name]) => /^(?:location|content-type)$/i.test(name))
  return { status, headers: typed(taken, fileType), body: noContent }
}

function keptHeaders(rules: ResponseRules, { headers, status }: ResponseHead, isError: boolean): Headers {
  const kept = (isError ? rules.interceptKeeps : rules.redirectKeeps) ?? []
  if (kept === 'all') return withoutHeaders(headers, ofBody)
  return headers.filter(([given]) => {
    const name = given.toLowerCase()
    return kept.includes(name) && (!isError || name !== 'www-authenticate' || status === 401)
  })
}

/** The rate that an application asks for; null: none at all, whatever the site says. */
function rateOf({ rateHeader }: ResponseRules, { headers }: ResponseHead): SendRate | null | undefined {
  const told = rateHeader === undefined ? undefined : headerOf(headers, rateHeader)
  if (told === undefined || !/^\d+$/.test(told)) return undefined
  return Number(told) === 0 ? null : { bytesPerSecond: Number(told), after: 0 }
}

/** More bytes are not held back. */
const mostHeldBack = 16 * 1024 * 1024

async function heldBack(answer: HttpAnswer): Promise<HttpAnswer> {
  const { body } = answer
  if (body.kind !== 'stream' || body.length !== undefined) return answer
  const bytes = await collect(body.stream, undefined, mostHeldBack)
  const held: FramedContent =
    bytes instanceof Uint8Array ? { kind: 'bytes', bytes } : { ...body, stream: bytes }
  return { ...answer, body: held }
}

/** What is said in place of the application's body: a redirect's page, or that the client has the answer already. */
function ownAnswer(
  rules: ResponseRules,
  head: ResponseHead,
  headers: Headers,
  { method, headers: asked }: FileRequest
): HttpAnswer | undefined {
  const isQuiet = head.status === undefined || head.status === 200
  if (rules.redirectPage === 'own' && isQuiet && headerOf(headers, 'location') !== undefined)
    return statusAnswer(302, withoutHeaders(headers, ['content-type']))
  const status = conditionalStatus(rules, head, headers, { method, headers: asked })
  if (status === undefined) return undefined
  if (status === 412) return statusAnswer(412, withoutHeaders(headers, ['content-type']))
  return { status, headers: headersFor(rules, status, headers), body: noContent }
}

/** The status that the request's conditions give an answer without one of its own. */
export function conditionalStatus(
  rules: ResponseRules,
  head: ResponseHead,
  headers: Headers,
  { method, headers: asked }: Pick<FileRequest, 'method' | 'headers'>
): 304 | 412 | undefined {
  if (rules.conditional !== true || head.status !== undefined) return undefined
  const etag = headerOf(headers, 'etag')
  const modified = Date.parse(headerOf(headers, 'last-modified') ?? '')
  if (etag === undefined && Number.isNaN(modified)) return undefined
  const verdict = evaluateConditions(method, asked, { etag: etag ?? '', modified })
  if (verdict === 'send') return undefined
  return verdict === 'failed' ? 412 : 304
}

/** What belongs to the body of an answer that is thrown away. */
const ofBody: readonly string[] = ['content-type', 'content-length', 'location', ...neverPassed]

function headersFor({ emptyWithoutType }: ResponseRules, status: number, headers: Headers): Headers {
  const isBare = emptyWithoutType === true && (status === 204 || status === 304)
  return isBare ? withoutHeaders(headers, ['content-type']) : headers
}

/** The headers of an answer that reach the client. */
export function passedHeaders(rules: ResponseRules, head: ResponseHead): Headers {
  const dropped = [...neverPassed, ...rules.hide]
  const prefixes = rules.hide.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  // Of the connection's own header only the wish to end it means something here.
  const kept = withoutHeaders(head.headers, dropped)
    .filter(([name, value]) => name.toLowerCase() !== 'connection' || value.toLowerCase() === 'close')
    .filter(([name]) => !prefixes.some((prefix) => name.toLowerCase().startsWith(prefix)))
    .map(
      ([name, value]) =>
        [name, name.toLowerCase() === 'content-type' ? renamed(rules, value) : value] as const
    )
  return rules.repeated === 'apart' ? kept : joined(kept)
}

/** A media type under the name the client gets, its parameters kept. */
function renamed(rules: ResponseRules, type: string): string {
  const [bare = ''] = type.split(';')
  const rename = rules.renamedTypes?.find(({ from }) => from === bare.trim().toLowerCase())
  return rename ? rename.to + type.slice(bare.length) : type
}

const onlyOne: readonly string[] = ['content-type', 'location']

/** Repeated headers as one, but for cookies, which cannot be joined (RFC 9110, section 5.3). */
function joined(headers: Headers): Headers {
  const places = new Map<string, number>()
  const result: [string, string][] = []
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const place = key === 'set-cookie' ? undefined : places.get(key)
    const earlier = place === undefined ? undefined : result[place]
    // Of several of these the last one is meant.
    if (earlier) earlier[1] = onlyOne.includes(key) ? value : `${earlier[1]}, ${value}`
    else places.set(key, result.push([name, value]) - 1)
  }
  return result
}

interface Leading {
  readonly redirect: InternalRedirect
  /** The answer is an error whose page is looked for; else it has named the place. */
  readonly isError: boolean
}

/** Where an answer leads, rather than to the client. */
export function leadsTo(
  { response: rules, inPlaceOfError, ownErrors }: ApplicationOutcome,
  head: ResponseHead,
  request: Pick<FileRequest, 'method'>,
  errorPages: readonly ErrorPage[]
): Leading | undefined {
  const isKept = rules.keepsErrorPages === true && inPlaceOfError === true
  return redirectOf(rules, head, request, isKept ? 'kept' : errorPages, ownErrors)
}

function redirectOf(
  rules: ResponseRules,
  head: ResponseHead,
  request: Pick<FileRequest, 'method'>,
  errorPages: readonly ErrorPage[] | 'kept',
  ownErrors: ApplicationOutcome['ownErrors']
): Leading | undefined {
  const { status } = head
  const isSaid = status !== undefined && head.invalidStatus !== true
  if (isSaid && isOwnError(ownErrors, status)) return { redirect: { kind: 'error', status }, isError: true }
  const isError = status !== undefined && rules.interceptFrom !== undefined && status >= rules.interceptFrom
  const isIntercepted =
    isError &&
    errorPages !== 'kept' &&
    ((rules.interceptsAlways === true && status < 600) ||
      errorPages.some(({ statuses }) => statuses.includes(status)))
  if (isIntercepted) return { redirect: { kind: 'error', status }, isError: true }
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET'
  const wanted = rules.redirectHeader === undefined ? undefined : headerOf(head.headers, rules.redirectHeader)
  if (wanted !== undefined) return { redirect: elsewhere(wanted, method), isError: false }
  const location = head.headers.findLast(([name]) => name.toLowerCase() === 'location')?.[1]
  const isLocal = rules.location === 'internal' && location?.startsWith('/') === true
  return isLocal && (status === undefined || status === 200)
    ? { redirect: { kind: 'uri', uri: location, method, withoutBody: true }, isError: false }
    : undefined
}

function isOwnError(which: ApplicationOutcome['ownErrors'], status: number): boolean {
  return which === 'all' ? status >= 400 && status <= 599 : which?.includes(status) === true
}

/** Where an answer sends the request; a path that leads upwards, or none at all, is not followed. */
function elsewhere(wanted: string, method: string): InternalRedirect {
  if (wanted.startsWith('@')) return { kind: 'named', name: wanted.slice(1) }
  const [path = ''] = wanted.split('?')
  const isSafe =
    path.startsWith('/') && !/\/\.\.(?:\/|$)/.test(path.replace(/%2e/gi, '.').replace(/%2f/gi, '/'))
  return isSafe ? { kind: 'uri', uri: wanted, method, decodedOnly: true } : { kind: 'error', status: 404 }
}

function contentOf(
  rules: ResponseRules,
  status: number,
  head: ResponseHead,
  { stream, end }: AnswerBody,
  kept: boolean
): FramedContent {
  if ((rules.bodyless ?? [204, 304]).includes(status)) {
    stream.destroy()
    return noContent
  }
  const isChunked = headerOf(head.headers, 'transfer-encoding') !== undefined
  if (rules.decodesChunked === true && isChunked) return dechunked(stream)
  const passed = gathers(rules, head) ? gathered(stream, rules.gathers?.bytes ?? 0) : stream
  const told = rules.hide.includes('content-length') ? undefined : headerOf(head.headers, 'content-length')
  const length = told !== undefined && /^\d+$/.test(told) ? Number(told) : undefined
  return {
    kind: 'stream',
    stream: passed,
    ...(length !== undefined && { length }),
    ...(rules.lengthTold === 'as-is' && { lengthOnlyTold: true }),
    // Closing the connection ends an answer too, unless it was to stay open.
    whole: async () => {
      const how = await end
      return how === 'ended' || (how === 'closed' && !kept)
    }
  }
}

function gathers({ gathers: rule }: ResponseRules, { headers }: ResponseHead): boolean {
  if (rule === undefined) return false
  const said = rule.header === undefined ? undefined : headerOf(headers, rule.header)?.toLowerCase()
  return said === 'yes' || (said !== 'no' && rule.byDefault)
}

/** An application's body without the chunks it made; what is malformed ends it. */
function dechunked(stream: Readable): FramedContent {
  const decoder = bodyDecoder({ kind: 'chunked' })
  let isWhole = false
  async function* pieces(): AsyncIterable<Uint8Array> {
    for await (const piece of stream) {
      if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
      const { pieces: decoded, rest, broken } = decoder.push(piece)
      yield* decoded
      isWhole = rest !== undefined || broken !== undefined
      if (isWhole) return
    }
  }
  return {
    kind: 'stream',
    stream: Readable.from(pieces(), { objectMode: false }),
    whole: () => Promise.resolve(isWhole)
  }
}
