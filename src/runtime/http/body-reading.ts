import type { ApplicationOutcome, Decision, Request } from '../../decide/types.js'
import type { IncomingRequest } from './connection.js'
import { arrivedBody, bufferBody, emptyBody, measureBody, streamBody } from './request-body.js'
import type { RequestBody } from './request-body.js'
import type { Service } from './service.js'

/** The body of a request: it is read once, in the way that whoever is handed it wants, however often that is decided anew. */
export class BodyReading {
  private body: RequestBody | undefined

  constructor(
    private readonly service: Service,
    private readonly incoming: IncomingRequest
  ) {}

  /** How long a chunked body is must be known before an application is told of it. */
  get isMeasured(): boolean {
    const { buffered, measuredUpTo } = this.service.site.request.body
    return buffered || measuredUpTo !== undefined
  }

  /** Reads a chunked body as far as its length is to be known, and gives what is known of the request then. */
  async chunks(
    outcome: ApplicationOutcome,
    { settings }: Decision,
    facts: Request
  ): Promise<Request | 'too-long' | 'incomplete'> {
    const { site, temporary } = this.service
    const { buffered, measuredUpTo } = site.request.body
    if (!buffered && measuredUpTo !== undefined) return this.measured(measuredUpTo, facts)
    const body =
      outcome.chunksAtOnce === true
        ? await arrivedBody(this.incoming, temporary)
        : await bufferBody(this.incoming, bodyLimit(settings), temporary)
    if (body === 'too-long') this.body = emptyBody
    if (body === 'too-long' || body === 'incomplete') return body
    this.body = body
    return { ...facts, body: { kind: 'chunked', ...(body.bytes !== undefined && { bytes: body.bytes }) } }
  }

  /** Whoever answers in an application's place may tell the body that was read for it. */
  async told(facts: Request): Promise<Request> {
    if (this.body === undefined || facts.bodyText !== undefined) return facts
    return { ...facts, bodyText: await this.body.text() }
  }

  /** What an application is sent; undefined where it is sent none, or none can be read. */
  async bodyFor(outcome: ApplicationOutcome, { settings }: Decision): Promise<RequestBody | undefined> {
    if (!outcome.sendsBody) return undefined
    const { buffered, continueWithoutBody } = this.service.site.request.body
    if (continueWithoutBody === true) this.incoming.goOn()
    if (this.body) return this.body
    if (!buffered || outcome.streamsBody === true)
      return (this.body = streamBody(this.incoming, bodyLimit(settings)))
    // Its length was looked at when it was decided where the request goes.
    const body = await bufferBody(this.incoming, Infinity, this.service.temporary)
    return body === 'too-long' ? undefined : (this.body = body)
  }

  /** A short chunked body counts as one of its length, which is told behind the other headers. */
  private async measured(limit: number, facts: Request): Promise<Request> {
    const body = await measureBody(this.incoming, limit)
    this.body = body
    if (body.bytes === undefined) return facts
    const headers = facts.headers.filter(([name]) => name.toLowerCase() !== 'transfer-encoding')
    return {
      ...facts,
      headers: [...headers, ['Content-Length', String(body.bytes)]],
      body: { kind: 'length', bytes: body.bytes }
    }
  }
}

/** In bytes. */
function bodyLimit({ maxBodySize }: Decision['settings']): number {
  return maxBodySize === undefined || maxBodySize.value === 0 ? Infinity : maxBodySize.value
}
