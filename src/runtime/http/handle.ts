import { unreachable } from '../../diagnostics/index.js'
import { throughLink } from '../../decide/index.js'
import type {
  ApplicationOutcome,
  AuthorizerAnswer,
  Asked,
  CountOutcome,
  Decision,
  FastcgiOutcome,
  History,
  InternalRedirect,
  Outcome,
  Request,
  Surroundings
} from '../../decide/types.js'
import type { Member, Site } from '../../model/index.js'
import type { Applications, Brought } from '../applications.js'
import { checkPassword } from '../passwords/index.js'
import { dropped, noContent, withoutHeaders } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { withAdditions } from './additions.js'
import { Answers } from './answers.js'
import { judge } from './authorize.js'
import type { IncomingRequest } from './connection.js'
import { BodyReading } from './body-reading.js'
import { count } from './count.js'
import { evaluateConditions } from './conditional.js'
import { deliveryOf, finished, headersRead } from './finish.js'
import type { Finishing } from './finish.js'
import { impliedStatus } from './implied-status.js'
import { htmlCharset } from './headers.js'
import { listingAnswer } from './listing.js'
import { countersAnswer, statusOutcome } from './own-answers.js'
import { Picks } from './picks.js'
import { statusAnswer } from './refusals.js'
import type { RequestBody } from './request-body.js'
import { brokenOff, conditionalStatus, leadsTo, passedHeaders, respond } from './respond.js'
import { sendfileAnswer } from './sendfile.js'
import { factsOf } from './service.js'
import type { Arrival, Service } from './service.js'
import { fileAnswer } from './static.js'
import type { FileRequest } from './static.js'

/** Decides a request and carries the decision out, as often as its answers lead somewhere else. */
export async function handle(
  service: Service,
  incoming: IncomingRequest,
  arrival: Arrival
): Promise<HttpAnswer | 'close'> {
  await service.ready
  const run = new Run(service, incoming, arrival)
  return run.answer()
}

/** Decisions for one request; a site's own limits are far below it. */
const mostTurns = 100

type PasswordOutcome = Extract<Outcome, { kind: 'password' }>

/** Params may say which member of a pool is asked, or hang on it. */
function isToldApart({ label, route, overrides }: Member): boolean {
  return label !== undefined || route !== undefined || overrides !== undefined
}

const noAsked: Asked = { authority: '', path: '' }

type Turn =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer | 'close' }
  /** The history has grown: decide again. */
  | { readonly kind: 'again' }

class Run {
  private history: History = { authorized: [], redirects: [] }
  private kept: Headers = []
  private readonly body: BodyReading
  private readonly answers = new Answers()
  /** Of applications that were asked for a permission. */
  private readonly aboutPermission = new Map<string, Answers>()
  private facts: Request
  private readonly picks: Picks

  constructor(
    private readonly service: Service,
    private readonly incoming: IncomingRequest,
    private readonly arrival: Arrival,
    /** The path of an inner request, which is made on the way to the answer of the client's. */
    inner?: string
  ) {
    this.body = new BodyReading(service, incoming)
    const facts = factsOf(incoming, arrival, service.moment(arrival))
    this.facts = inner === undefined ? facts : innerFacts(facts, inner)
    this.picks = new Picks((pool, asked, tried) =>
      service.pools.pick(pool, { asked, remoteAddress: asked.address ?? arrival.remote.address, tried })
    )
  }

  async answer(): Promise<HttpAnswer | 'close'> {
    const refused = await this.readChunks()
    if (refused) return refused
    for (let turn = 0; turn < mostTurns; turn++) {
      this.facts = await this.body.told(this.facts)
      const decision = this.decide()
      const done = await this.carryOut(decision.outcome, decision)
      if (done.kind !== 'answer') continue
      if (done.answer === 'close') return 'close'
      return finished(this.finishing(decision), decision, this.added(done.answer, decision))
    }
    this.log('error', 'the request leads in a circle')
    return statusAnswer(500)
  }

  // ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────

  private decide(): Decision {
    this.picks.rewind()
    const { router } = this.service
    const decision = router.decide(
      this.facts,
      this.surroundings((pool, asked) => this.picks.pick(pool, asked ?? noAsked)),
      this.history
    )
    const { firstValues } = decision
    if (firstValues.size > 0) this.history = { ...this.history, firstValues }
    return decision
  }

  private surroundings(pick: Surroundings['pick']): Surroundings {
    const { files, folderFile } = this.service
    return { files, pick, ...(folderFile && { folderFile }) }
  }

  /** How long a chunked body is must be known before anything is decided by it; whether it is wanted, before it is read. */
  private async readChunks(): Promise<HttpAnswer | 'close' | undefined> {
    if (this.facts.body.kind !== 'chunked' || !this.body.isMeasured) return undefined
    const { site, router, pools } = this.service
    const surroundings = this.surroundings((pool) => pools.peek(pool))
    let decision = router.decide(this.facts, surroundings, this.history)
    let { outcome } = decision
    while (comesBeforeBody(outcome)) {
      // Who answers is chosen only for those that are asked at once.
      if (isPermission(outcome)) decision = this.decide()
      const done = await this.carryOut(decision.outcome, decision)
      if (done.kind === 'answer') return done.answer
      decision = router.decide(this.facts, surroundings, this.history)
      ;({ outcome } = decision)
    }
    if (outcome.kind !== 'fastcgi' && outcome.kind !== 'http') return undefined
    if (outcome.streamsBody === true || (decision.refused === true && !outcome.sendsBody)) return undefined
    const facts = await this.body.chunks(outcome, decision, this.facts)
    if (facts === 'incomplete') this.error(411)
    else if (facts === 'too-long') {
      // Whoever answers for the error is told of no body.
      this.facts = { ...this.facts, body: { kind: 'length', bytes: 0 } }
      this.error(tooLongStatus(site))
    } else this.facts = facts
    return undefined
  }

  private error(status: number): Turn {
    return this.goOn({ kind: 'error', status })
  }

  /** What the variables of the decision hold goes along. */
  private redirect(wanted: InternalRedirect, decision: Decision): Turn {
    if (wanted.kind === 'error') return this.goOn(wanted)
    const { maxRedirects } = this.service.site.request
    const { redirects: made, inPlaceOf, request: from } = decision
    const led = wanted.kind === 'named' ? { ...wanted, from } : wanted
    if (made < maxRedirects) return this.goOn({ ...led, made, ...(inPlaceOf && { inPlaceOf }) }, decision)
    this.log('error', `more than ${maxRedirects} internal redirects`)
    return this.goOn({ kind: 'error', status: 500, tooMany: true })
  }

  private goOn(redirect: InternalRedirect, assigned?: Decision): Turn {
    this.history = { ...this.history, redirects: [...this.history.redirects, redirect] }
    // Behind an error the same place is looked at once more; elsewhere members are chosen anew.
    if (redirect.kind !== 'error') {
      this.picks.forget()
      if (assigned) this.history = { ...this.history, ...carried(assigned) }
    }
    return { kind: 'again' }
  }

  // ── carrying out ──────────────────────────────────────────────────────────────────────────────────────────────

  private async carryOut(outcome: Outcome, decision: Decision): Promise<Turn> {
    switch (outcome.kind) {
      case 'http':
        return outcome.permission === true
          ? this.askPermission(outcome)
          : this.askResponder(outcome, decision)
      case 'fastcgi':
        if (outcome.permission === true) return this.askPermission(outcome)
        return outcome.role === 'responder'
          ? this.askResponder(outcome, decision)
          : this.askAuthorizer(outcome, decision)
      case 'file': {
        const { ownAnswers = {} } = this.service.site
        const { rangesOnError = false, rangesOnNotModified = false, rangesWithAnyMethod = false } = ownAnswers
        const file = { ...outcome, rangesOnError, rangesOnNotModified, rangesWithAnyMethod }
        const found = await fileAnswer(file, this.fileRequest(decision))
        if ('kind' in found) return this.error(found.status)
        return answered({ ...found, headers: [...found.headers, ...(outcome.headers ?? [])] })
      }
      case 'redirect':
        return answered(statusAnswer(outcome.status, [['Location', outcome.location]]))
      case 'status':
        if (outcome.nobodyOf !== undefined) this.answers.nobody(outcome.nobodyOf, outcome.status)
        if (outcome.body === undefined && this.isSilent(outcome.status)) return answered('close')
        return this.tellStatus(outcome, decision)
      case 'password':
        await this.comparePassword(outcome)
        return { kind: 'again' }
      case 'count':
        return (await this.count(outcome)) ? { kind: 'again' } : answered('close')
      case 'listing': {
        const found = await listingAnswer(outcome, htmlCharset(decision))
        if ('failed' in found) return this.error(found.failed)
        return this.unlessConditions(decision) ?? answered(found)
      }
      case 'counters':
        return answered(countersAnswer(this.service.counters, outcome.names, decision))
      case 'close':
        return answered('close')
      case 'unsupported':
        this.service.log({
          level: 'error',
          message: `not served yet: ${outcome.what}`,
          ...(outcome.origin && { origin: outcome.origin })
        })
        return answered(statusAnswer(501))
      default:
        return unreachable(outcome)
    }
  }

  private isSilent(status: number): boolean {
    return this.service.site.ownAnswers?.silent?.includes(status) === true
  }

  /** A text that the site gives may be asked for under conditions as a file may. */
  private tellStatus(outcome: Extract<Outcome, { kind: 'status' }>, decision: Decision): Turn {
    const isAsked = outcome.status === 200 && outcome.body !== undefined
    return (isAsked ? this.unlessConditions(decision) : undefined) ?? answered(statusOutcome(outcome))
  }

  /** Instead of an answer that has neither a tag nor a time. */
  private unlessConditions(decision: Decision): Turn | undefined {
    const rules = deliveryOf(decision)
    if (rules.conditions !== 'all') return undefined
    const { method, headers } = this.facts
    const verdict = evaluateConditions(method, headers, { etag: undefined, modified: NaN }, rules)
    if (verdict === 'failed') return this.error(412)
    return verdict === 'not-modified' ? answered({ status: 304, headers: [], body: noContent }) : undefined
  }

  private async comparePassword({ given, stored, form }: PasswordOutcome): Promise<void> {
    const verdict = await checkPassword(given, stored, form)
    const compared = { given, stored, verdict }
    this.history = { ...this.history, passwords: [...(this.history.passwords ?? []), compared] }
  }

  /** Whether there is still somebody who waits. */
  private async count(outcome: CountOutcome): Promise<boolean> {
    const { redirects, limited } = this.history
    const verdict = await count(outcome, this.service, this.incoming, redirects.length)
    if (verdict === 'gone') return false
    this.history = { ...this.history, limited: { ...limited, [outcome.counts]: verdict } }
    return true
  }

  private async askAuthorizer(outcome: FastcgiOutcome, decision: Decision): Promise<Turn> {
    const brought = await this.bring(outcome, undefined)
    if (brought.kind === 'failed') return this.goOn(failure(brought))
    const judged = judge(outcome, decision, brought.head, brought.body)
    const isTold =
      judged.kind === 'denied' && judged.sendfile === undefined && judged.answer.body.kind === 'stream'
    // Where it is chosen among again, it is free again.
    if (!isTold) await dropped(brought.body.stream)
    if (judged.kind === 'denied') {
      const { answer, sendfile: wanted } = judged
      if (wanted === undefined || outcome.sendfile === undefined) return answered(answer)
      const names = outcome.sendfile.headers.map((name) => name.toLowerCase())
      const said = { wanted, status: answer.status, headers: withoutHeaders(answer.headers, names) }
      const sent = await sendfileAnswer(outcome.sendfile, said, this.fileRequest(decision))
      return 'kind' in sent ? this.error(sent.status) : answered(sent)
    }
    this.history = { ...this.history, authorized: [...this.history.authorized, judged.answer] }
    // What is decided again begins behind the choices that led to the authorizer.
    if (judged.answer.at !== undefined) this.picks.forget()
    return { kind: 'again' }
  }

  /** What it says is weighed where the request is decided again; no answer is none that lets it through. */
  private async askPermission(outcome: ApplicationOutcome): Promise<Turn> {
    const { origin, about } = outcome
    const brought = await this.bring(outcome, undefined)
    if (brought.kind !== 'failed') await dropped(brought.body.stream)
    const status =
      brought.kind === 'failed'
        ? brought.status
        : (outcome.status ??
          brought.head.status ??
          outcome.statusUnlessSaid ??
          conditionalStatus(outcome.response, brought.head, brought.head.headers, this.facts) ??
          (outcome.kind === 'http' || outcome.role === 'responder'
            ? impliedStatus(outcome.response, brought.head)
            : undefined))
    // A condition of the request that fails ends it whatever the answer is.
    const isFailed = brought.kind === 'failed' || (brought.head.status === undefined && status === 412)
    const headers = brought.kind === 'failed' ? [] : brought.head.headers
    const said = {
      origin,
      ...(about !== undefined && { about }),
      allowed: status === undefined || (status >= 200 && status < 300),
      variables: [],
      ...(status !== undefined && { status }),
      headers,
      ...(isFailed && { failed: true as const }),
      ...(outcome.followed && this.followed(outcome, brought, status ?? 0))
    }
    this.history = { ...this.history, authorized: [...this.history.authorized, said] }
    return { kind: 'again' }
  }

  /** Where the answer about a permission leads, and what is known of it. */
  private followed(
    outcome: ApplicationOutcome,
    brought: Brought,
    status: number
  ): Pick<AuthorizerAnswer, 'redirect' | 'parts'> {
    const { about = '', followed: { errorPages } = { errorPages: [] }, cacheStatus } = outcome
    const answers = this.aboutPermission.get(about) ?? new Answers()
    this.aboutPermission.set(about, answers)
    answers.add(brought, cacheStatus)
    if (brought.kind === 'failed') return { redirect: failure(brought), parts: answers.parts() }
    const { head } = brought
    const leading = leadsTo(outcome, head, { method: 'GET' }, errorPages)
    const parts = answers.parts({ status, headers: passedHeaders(outcome.response, head) })
    return { parts, ...(leading && { redirect: leading.redirect }) }
  }

  private async askResponder(outcome: ApplicationOutcome, decision: Decision): Promise<Turn> {
    if (outcome.wantsBody === true && this.facts.bodyText === undefined) {
      const body = await this.body.bodyFor({ ...outcome, sendsBody: true }, decision)
      this.facts = { ...this.facts, bodyText: (await body?.text()) ?? '' }
      return { kind: 'again' }
    }
    const body = await this.body.bodyFor(outcome, decision)
    const brought = await this.bring(outcome, body)
    this.answers.add(brought, outcome.cacheStatus)
    this.history = { ...this.history, answer: this.answers.parts() }
    if (brought.kind === 'failed' && brought.gone === true && body?.fault === undefined)
      return answered('close')
    if (brought.kind === 'failed' && brought.withoutPage !== undefined)
      return answered(brokenOff(outcome, brought.status, brought.withoutPage))
    if (brought.kind === 'failed')
      return this.goOn({ ...failure(brought), status: body?.fault ?? brought.status })
    const errorPages = decision.settings.errorPages?.value ?? []
    const response = await respond(
      outcome,
      brought.head,
      brought.body,
      this.fileRequest(decision),
      errorPages
    )
    if (response.kind === 'send') return answered(response.answer)
    this.kept = addedTo(this.kept, response.keep)
    return this.redirect(response.redirect, decision)
  }

  private fileRequest(decision: Decision): FileRequest {
    const { files, locate } = this.service
    const delivery = deliveryOf(decision)
    const { method } = delivery.currentMethod === true ? decision.request : this.facts
    const isThroughLink = (path: string): boolean => throughLink(files, path)
    return { method, headers: headersRead(this.facts, decision), locate, isThroughLink, delivery }
  }

  private bring(
    outcome: ApplicationOutcome,
    body: RequestBody | undefined
  ): ReturnType<Applications['bring']> {
    return this.service.applications.bring({
      outcome,
      method: this.facts.method,
      body,
      next: (tried) => this.nextMember(outcome, tried),
      interim: ({ status, headers }) => {
        if (status !== undefined) this.incoming.interim(status, headers)
      },
      onGone: (then) => this.incoming.onGone(then),
      onEnded: (then) => this.incoming.onEnded(then)
    })
  }

  private nextMember(
    outcome: ApplicationOutcome,
    tried: ReadonlySet<Member>
  ): ApplicationOutcome | undefined {
    const member = this.picks.next(outcome.pool, tried)
    if (member === undefined) return undefined
    if (!isToldApart(member) && !isToldApart(outcome.member)) return { ...outcome, member }
    // The params are worked out anew.
    const { outcome: other } = this.decide()
    return other.kind === outcome.kind && 'member' in other && other.member === member ? other : undefined
  }

  private added(answer: HttpAnswer, { settings }: Decision): HttpAnswer {
    if (this.facts.inner !== undefined) return answer
    return withAdditions(answer, settings.additions?.value, (path) =>
      new Run(this.service, this.incoming, this.arrival, path).answer()
    )
  }

  private finishing({ inPlaceOf }: Decision): Finishing {
    const { facts: request, answers, service } = this
    // What stands in for an error that came after the answer has a type of its own.
    const led = this.history.redirects.findLast(({ kind }) => kind !== 'error')
    const isLater = inPlaceOf !== undefined && led !== undefined && !('inPlaceOf' in led)
    const kept = isLater ? withoutHeaders(this.kept, ['content-type']) : this.kept
    return { site: service.site, request, kept, answers, now: service.date() }
  }

  private log(level: 'warning' | 'error', message: string): void {
    this.service.log({
      level,
      message: `${message}: ${this.facts.method} ${this.facts.target} from ${this.arrival.remote.address}`
    })
  }
}

/** What is found out before anybody reads the request's body. */
function comesBeforeBody(outcome: Outcome): boolean {
  return outcome.kind === 'password' || outcome.kind === 'count' || isPermission(outcome)
}

function isPermission(outcome: Outcome): boolean {
  return 'permission' in outcome && outcome.permission
}

function carried({
  variables,
  assignedRate
}: Pick<Decision, 'variables' | 'assignedRate'>): Partial<History> {
  return { variables, ...(assignedRate !== undefined && { sendRate: assignedRate }) }
}

/** The same for another path, without body; parts and conditions are the client's own business. */
function innerFacts(facts: Request, path: string): Request {
  const kept = facts.headers.filter(([name]) => !/^(?:range|if-|content-|transfer-encoding)/i.test(name))
  return { ...facts, inner: path, headers: kept, body: { kind: 'none' } }
}

/** Headers of one answer more that go along: cookies come to those before, others take their place. */
function addedTo(before: Headers, more: Headers): Headers {
  const names = more.map(([name]) => name.toLowerCase()).filter((name) => name !== 'set-cookie')
  return [...withoutHeaders(before, names), ...more]
}

function failure({ status, unreached }: Extract<Brought, { kind: 'failed' }>): InternalRedirect {
  return { kind: 'error', status, ...(unreached === true && { unreached }) }
}

function tooLongStatus({ pipeline }: Site): number {
  for (const step of pipeline) if (step.step === 'body-limit' && step.status !== undefined) return step.status
  return 413
}

function answered(answer: HttpAnswer | 'close'): Turn {
  return { kind: 'answer', answer }
}
