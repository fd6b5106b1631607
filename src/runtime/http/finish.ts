import type { AddedHeader, Decision, Outcome, Request } from '../../decide/types.js'
import { isPlainStatus } from '../../decide/index.js'
import { defaultDelivery } from '../../model/index.js'
import type { Delivery, SendRate, Site } from '../../model/index.js'
import { discard, headerOf, withoutHeaders } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import type { Answers } from './answers.js'
import { withCharset, withExpiry } from './headers.js'
import { slower } from './pace.js'
import { ranged } from './ranges.js'
import { dressed, statusAnswer } from './refusals.js'

/** What an answer is finished with. */
export interface Finishing {
  readonly site: Site
  readonly request: Request
  /** Headers of earlier answers that go along with this one. */
  readonly kept: Headers
  /** What applications answered so far. */
  readonly answers: Answers
  /** Milliseconds since 1970. */
  readonly now: number
}

/** An answer as the client gets it: the part that was asked for, with what goes along with it. */
export async function finished(
  finishing: Finishing,
  decision: Decision,
  plain: HttpAnswer
): Promise<HttpAnswer> {
  const { site, request, answers } = finishing
  const whole = withHeaders(finishing, decision, plain)
  const { ranges } = deliveryOf(decision)
  const headers = headersRead(request, decision)
  const asked =
    ranges.onlyGet === true && request.method !== 'GET' ? withoutHeaders(headers, ['range']) : headers
  const part = await ranged(whole, asked, ranges)
  const keepAlive = decision.settings.keepAlive?.value
  const answer =
    'kind' in part
      ? withHeaders(
          finishing,
          decision,
          statusAnswer(416, [['Content-Range', `bytes */${part.size}`]]),
          whole
        )
      : part === whole
        ? whole
        : dressed(part, site.ownAnswers)
  if ('kind' in part) await discard(whole.body)
  const rate = rateOf(decision, answer, answers)
  const isLast = decision.refused === true && site.request.endsBehindRefused === true
  return {
    ...answer,
    ...(keepAlive && { keepAlive }),
    ...(isLast && { isLast }),
    ...(rate && { rate })
  }
}

/** Those of a request that was refused early were not all read. */
export function headersRead({ headers }: Request, decision: Decision): Headers {
  return decision.headersRead ?? headers
}

export function deliveryOf({ settings }: Decision): Delivery {
  return settings.delivery?.value ?? defaultDelivery
}

function rateOf(decision: Decision, { rate: asked }: HttpAnswer, answers: Answers): SendRate | undefined {
  const { outcome } = decision
  const own = decision.sendRate(answers.parts())
  // The number an application tells begins where the site's would.
  const wanted = asked === null ? 0 : (asked?.bytesPerSecond ?? own.bytesPerSecond)
  const told = wanted === 0 ? undefined : { bytesPerSecond: wanted, after: own.after }
  const read = 'response' in outcome ? outcome.response.readRate : undefined
  return slower(told, read === undefined ? undefined : { bytesPerSecond: read, after: 0 })
}

/** Adds what goes along with every answer. `refused`: the whole answer, where its range is refused. */
function withHeaders(
  finishing: Finishing,
  decision: Decision,
  plain: HttpAnswer,
  refused?: HttpAnswer
): HttpAnswer {
  const { site, answers, now } = finishing
  const answer = dressed(plain, site.ownAnswers)
  const { status } = answer
  const kept =
    refused === undefined && keepsType(decision.outcome, answer)
      ? finishing.kept
      : withoutHeaders(finishing.kept, ['content-type'])
  const keptNames = kept.map(([name]) => name.toLowerCase()).filter((name) => name !== 'set-cookie')
  let headers: Headers = [...withoutHeaders(answer.headers, keptNames), ...kept]
  headers = withExpiry(headers, status, decision, now)
  const addedTo = (to: Pick<HttpAnswer, 'status' | 'headers'>): readonly AddedHeader[] =>
    fitting(decision.addedHeaders(answers.parts(to)), to.status)
  const added =
    refused === undefined
      ? addedTo({ status, headers })
      : toRefusedRange(site, addedTo(refused), addedTo({ status, headers }))
  headers = withCharset(headers, status, decision)
  for (const { name, value, set, evenEmpty } of added) {
    if (set === true) headers = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())
    if (value !== '' || evenEmpty === true) headers = [...headers, [name, value]]
  }
  headers = decision.changedHeaders({
    headers,
    isPage: plain.isPage === true,
    isOfApplication: decision.outcome.kind === 'fastcgi',
    parts: answers.parts({ status, headers })
  })
  const software = decision.settings.serverSoftware?.value
  if (software !== undefined && software !== '' && headerOf(headers, 'server') === undefined) {
    headers = [...headers, ['Server', software]]
  }
  return { ...answer, headers }
}

function fitting(all: readonly AddedHeader[], status: number): readonly AddedHeader[] {
  return isPlainStatus(status) ? all : all.filter(({ always }) => always)
}

/** The range is refused when the headers of the whole are settled already. */
function toRefusedRange(
  { ownAnswers }: Site,
  ofWhole: readonly AddedHeader[],
  ofError: readonly AddedHeader[]
): readonly AddedHeader[] {
  const { headersOnRefusedRange } = ownAnswers ?? {}
  if (headersOnRefusedRange === false) return []
  return headersOnRefusedRange === 'both' ? [...ofWhole, ...ofError] : ofError
}

/** A file or a text has no type of its own that outweighs what an application said before; answers that say one and error pages have. */
function keepsType(outcome: Outcome, { status, headers }: HttpAnswer): boolean {
  if (outcome.kind === 'file') return true
  if (outcome.kind === 'status') return outcome.body !== undefined
  if (!('response' in outcome) || headerOf(headers, 'content-type') !== undefined) return false
  return outcome.response.emptyWithoutType !== true || (status !== 204 && status !== 304)
}
