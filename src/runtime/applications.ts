import { decodeBytes, encodeBytes } from '../diagnostics/index.js'
import type { ApplicationOutcome, FastcgiOutcome } from '../decide/types.js'
import { defaultHeadRules } from '../model/index.js'
import type {
  Address,
  HeadRules,
  Member,
  Pool,
  ResponseRules,
  RetryReason,
  RetryRules
} from '../model/index.js'
import { addressText } from './address.js'
import type { Backends, Lease } from './backends.js'
import type { Clock } from './clock.js'
import type { Counters } from './counters.js'
import { ask, askOver } from './fastcgi/connection.js'
import type { Answer, AskFailure, AnswerBody, Asking, IdleConnections } from './fastcgi/connection.js'
import type { Header, ResponseHead } from './fastcgi/head.js'
import { IdleStack } from './fastcgi/idle.js'
import { encodePairs } from './fastcgi/records.js'
import type { RequestBody } from './http/request-body.js'
import { impliedStatus } from './http/implied-status.js'
import { HttpWire } from './http/wire.js'
import type { Log } from './log.js'
import type { Pools } from './pools/index.js'

/** One request on its way to a pool. */
export interface Errand {
  readonly outcome: ApplicationOutcome
  readonly method: string
  /** Absent where the role is sent none. */
  readonly body: RequestBody | undefined
  /** The next member to try; undefined when there is none. */
  readonly next: (tried: ReadonlySet<Member>) => ApplicationOutcome | undefined
  readonly interim: (head: ResponseHead) => void
  /** Calls back when the client does not wait any more. */
  readonly onGone: (then: () => void) => void
  /** Calls back when the client has closed its sending side. */
  readonly onEnded: (then: () => void) => void
}

/** One member asked. Times in milliseconds since it was asked. */
export interface Try {
  readonly address: string
  /** Absent where the client was gone before an answer came. */
  readonly status?: number
  /** Until the header of its answer was there, or it was given up. */
  readonly took: number
}

export type Brought = (
  { readonly kind: 'answer'; readonly head: ResponseHead; readonly body: AnswerBody } | FailedToBring
) & {
  /** In the order they were asked; none where nobody was. */
  readonly tries: readonly Try[]
}

interface FailedToBring {
  readonly kind: 'failed'
  readonly status: number
  readonly detail: string
  /** Nobody waits for it any more. */
  readonly gone?: true
  /** No application was connected to, so none was told of the request. */
  readonly unreached?: true
  /** The client gets no page, only the status and what is left of these headers of the application. */
  readonly withoutPage?: readonly Header[]
}

type BroughtOnce = Attempt['brought']

export interface ApplicationsOptions {
  readonly pools: Pools
  readonly backends: Pick<Backends, 'lease'>
  readonly counters: Counters
  readonly clock: Clock
  readonly log: Log
}

/** Sends requests to pools: the next member where the rules want one, idle connections where they are kept. */
export class Applications {
  private readonly idle = new Map<string, IdleStack>()

  private readonly pools: Pools
  private readonly backends: Pick<Backends, 'lease'>
  private readonly counters: Counters
  private readonly clock: Clock
  private readonly log: Log

  constructor({ pools, backends, counters, clock, log }: ApplicationsOptions) {
    this.pools = pools
    this.backends = backends
    this.counters = counters
    this.clock = clock
    this.log = log
  }

  async bring(errand: Errand): Promise<Brought> {
    const tried = new Set<Member>()
    const { retry } = errand.outcome.pool
    const until = retry.within > 0 ? this.clock.now() + retry.within * 1000 : Infinity
    let { outcome } = errand
    const tries: Try[] = []
    let slow = 0
    let reached = false
    for (let count = 1; ; count++) {
      const began = this.clock.now()
      const attempt = await this.attempt(outcome, errand)
      tried.add(outcome.member)
      if (attempt.asked) tries.push(tryOf(outcome, attempt.brought, this.clock.now() - began))
      reached ||= attempt.sent || !attempt.asked
      const brought: Brought = { ...attempt.brought, ...(!reached && { unreached: true }), tries }
      if (attempt.slow === true) slow += 1
      const goesOn =
        isReason(attempt, retry, slow) &&
        count < mostTries(outcome.pool) &&
        this.clock.now() < until &&
        isRepeatable(attempt, errand)
      this.settle(outcome, attempt, goesOn)
      if (!goesOn) return brought
      const next = errand.next(tried)
      if (attempt.brought.kind === 'answer') attempt.brought.body.stream.destroy()
      if (next === undefined) return { ...nobodyLeft(outcome, tries), ...(!reached && { unreached: true }) }
      outcome = next
    }
  }

  close(): void {
    for (const stack of this.idle.values()) stack.close()
  }

  /** What the pool learns of a member that answered: a status that sends the request on to another is a failure. */
  private settle({ pool, member }: ApplicationOutcome, { brought, reason }: Attempt, goesOn: boolean): void {
    if (brought.kind !== 'answer') return
    const status = brought.head.status ?? 200
    if (goesOn && reason !== 403 && reason !== 404) this.pools.failed(pool, member, status)
    else this.pools.answered(pool, member, status)
  }

  /** One member asked, with the reason why another one might be. */
  private async attempt(outcome: ApplicationOutcome, errand: Errand): Promise<Attempt> {
    const { pool, member, response } = outcome
    const tooMany = response.statuses.tooManyParams
    if (tooMany !== undefined && outcome.kind === 'fastcgi' && paramBytes(outcome) > mostParamBytes) {
      const detail = `more than ${mostParamBytes} bytes of params`
      return {
        brought: { kind: 'failed', status: tooMany, detail },
        reason: undefined,
        sent: false,
        asked: false
      }
    }
    const lease = await this.backends.lease(member, outcome.kind)
    if (lease === 'ended') {
      const detail = 'the process that was started for it ended at once'
      const brought: BroughtOnce = { kind: 'failed', status: response.statuses.closed, detail }
      return { brought, reason: 'closed', sent: true, asked: true }
    }
    if (lease === undefined) {
      this.pools.failed(pool, member, 'unreached')
      const detail = 'none of its processes is running'
      this.log({
        level: 'error',
        message: `\`${addressText(member.address)}\`: ${detail}`,
        origin: member.origin
      })
      const brought: BroughtOnce = { kind: 'failed', status: response.statuses.unreachable, detail }
      return { brought, reason: 'connect', sent: false, asked: true }
    }
    this.pools.started(pool, member)
    const counted = this.counters.begin(member, lease.process ?? 0)
    this.tell(1, outcome, () => `${placeOf(lease)} is asked; requests in work there: ${lease.load ?? 1}`)
    let isOver = false
    const over = (failed = false): void => {
      if (isOver) return
      isOver = true
      this.pools.finished(pool, member)
      counted()
      lease.done(failed)
      this.tell(1, outcome, () => `${placeOf(lease)} is done with a request`)
    }
    const answer = await this.askOn(lease, outcome, errand)
    if (answer.kind === 'failed') {
      over(answer.why !== 'gone')
      return this.failed(lease, outcome, answer)
    }
    lease.answered?.()
    answer.body.stream.once('close', () => over())
    return this.answered(outcome, answer)
  }

  private async askOn(
    { address, process = 0, onDied }: Lease,
    outcome: ApplicationOutcome,
    errand: Errand
  ): Promise<Answer> {
    const { pool, member, response } = outcome
    const stack = pool.connection.keep ? this.stackFor(address, pool) : undefined
    const isResponder = outcome.kind === 'http' || outcome.role === 'responder'
    const head = headRules(response, isResponder)
    const asking = (): Asking => ({
      ...(isResponder && errand.body && outcome.sendsBody && { body: errand.body.open() }),
      head,
      rules: { ...pool.connection, ...member.overrides?.connection }
    })
    const tell = {
      onGone:
        pool.connection.endsWithClient === true
          ? (then: () => void): void => {
              errand.onGone(then)
              errand.onEnded(then)
            }
          : errand.onGone,
      ...(member.passesOnEnd === true && address.kind === 'tcp' && { onEnded: errand.onEnded }),
      ...(onDied && { onDied }),
      stderr: (bytes: Uint8Array): void => this.stderr(bytes, outcome),
      interim: errand.interim,
      connected: (): void => {
        this.counters.connected(member, process)
        this.tell(2, outcome, () => `connected to \`${addressText(address)}\``)
      }
    }
    const once = (idle?: IdleConnections): Promise<Answer> => {
      if (outcome.kind === 'http')
        return askOver(new HttpWire(outcome.forwarded, head), address, asking(), tell, idle)
      const params = outcome.params.map(({ name, value }): readonly [string, string] => [name, value])
      const role = isResponder ? 'responder' : 'authorizer'
      return ask(address, { ...asking(), role, params }, tell, idle)
    }
    const answer = await once(stack)
    const wasStale =
      answer.kind === 'failed' && answer.reused && answer.why !== 'timeout' && answer.ended !== true
    // A kept connection may have been closed just then: that says nothing about the application.
    if (wasStale && (errand.body?.repeatable ?? true)) return once()
    return answer
  }

  private failed(
    { address, process = 0 }: Lease,
    outcome: ApplicationOutcome,
    answer: Extract<Answer, { kind: 'failed' }>
  ): Attempt {
    const { pool, member, response } = outcome
    if (answer.why === 'gone') {
      const { detail } = answer
      const brought: BroughtOnce = { kind: 'failed', status: response.statuses.closed, detail, gone: true }
      return { brought, reason: undefined, sent: true, asked: true }
    }
    const isConnect = ['connect', 'connect-timeout', 'unknown-host'].includes(answer.why)
    const isSilent = answer.why === 'timeout'
    this.pools.failed(pool, member, isConnect ? 'unreached' : isSilent ? 'silent' : 'broken')
    if (isConnect) this.counters.notConnected(member, process)
    this.log({
      level: 'error',
      message: `\`${addressText(address)}\`: ${answer.detail}`,
      origin: member.origin
    })
    const brought: BroughtOnce = {
      kind: 'failed',
      status: statusFor(answer.why, response),
      detail: answer.detail,
      ...(answer.why === 'malformed' &&
        response.malformedWithoutPage === true && { withoutPage: answer.before ?? [] })
    }
    const reason = answer.ended === true ? 'invalid-header' : reasons[answer.why]
    return { brought, reason, sent: !isConnect, asked: true, slow: answer.why === 'connect-timeout' }
  }

  private answered(outcome: ApplicationOutcome, answer: Extract<Answer, { kind: 'answer' }>): Attempt {
    const reason = outcome.pool.retry.on.find((one) => one === answer.head.status)
    return { brought: answer, reason, sent: true, asked: true }
  }

  private stderr(bytes: Uint8Array, { member }: ApplicationOutcome): void {
    for (const line of decodeBytes(bytes).split(/\r?\n/)) {
      if (line !== '') this.log({ level: 'warning', message: `stderr: ${line}`, origin: member.origin })
    }
  }

  /** What is logged only where the configuration wants to know more. */
  private tell(least: number, { told = 0, pool, member }: ApplicationOutcome, what: () => string): void {
    if (told >= least)
      this.log({ level: 'info', message: `${pool.name ?? pool.id}: ${what()}`, origin: member.origin })
  }

  private stackFor(address: Address, pool: Pool): IdleStack {
    const key = `${pool.id}\0${addressText(address)}`
    const known = this.idle.get(key)
    if (known) return known
    const fresh = new IdleStack(pool.connection.idle, pool.connection.kept, this.clock)
    this.idle.set(key, fresh)
    return fresh
  }
}

function placeOf({ address, pid }: Lease): string {
  return `\`${addressText(address)}\`${pid === undefined ? '' : ` (process ${pid})`}`
}

function headRules(
  { head = defaultHeadRules, authorizer, statuses }: ResponseRules,
  isResponder: boolean
): HeadRules {
  if (isResponder) return head
  const isBare = authorizer?.invalidStatus === 'body-alone'
  return { ...head, emptyValue: 'kept', ...(isBare && { invalidStatusIs: statuses.malformed }) }
}

/** What fits into one record. */
const mostParamBytes = 65535

function paramBytes({ params }: FastcgiOutcome): number {
  const pairs = params.map(({ name, value }) => [encodeBytes(name), encodeBytes(value)] as const)
  return encodePairs(pairs).length
}

function tryOf({ member, response }: ApplicationOutcome, brought: BroughtOnce, took: number): Try {
  const status =
    brought.kind === 'failed'
      ? brought.status
      : (brought.head.status ?? impliedStatus(response, brought.head))
  return { address: upstreamText(member.address), status, took }
}

/** As nginx's variables tell it. */
function upstreamText(address: Address): string {
  return `${address.kind === 'unix' ? 'unix:' : ''}${addressText(address)}`
}

interface Attempt {
  readonly brought:
    { readonly kind: 'answer'; readonly head: ResponseHead; readonly body: AnswerBody } | FailedToBring
  /** Why another member might be asked; undefined where all is well. */
  readonly reason: RetryReason | undefined
  /** Whether the application may have acted on the request. */
  readonly sent: boolean
  /** Whether the member was gone to at all. */
  readonly asked: boolean
  /** The connection took too long. */
  readonly slow?: boolean
}

/** Whether another member is due by the rules; `slow` connections there were so far. */
function isReason(attempt: Attempt, { on, slowConnections }: RetryRules, slow: number): boolean {
  if (attempt.slow === true && slowConnections !== undefined) return slow <= slowConnections
  return attempt.reason !== undefined && on.includes(attempt.reason)
}

/** Members that one request may be sent to. */
function mostTries({ members, retry }: Pool): number {
  const count = members.filter(({ down }) => !down).length
  return retry.tries === 0 ? count : Math.min(retry.tries, count)
}

/** Another member was due, but none of those left can be used now. */
function nobodyLeft({ pool, response }: ApplicationOutcome, tries: readonly Try[]): Brought {
  const status = response.statuses.unreachable
  const last: Try = { address: pool.name ?? pool.id, status, took: 0 }
  return { kind: 'failed', status, detail: 'no other member can be used', tries: [...tries, last] }
}

/** Methods that are not sent twice once an application may have acted. */
const actingMethods = ['POST', 'LOCK', 'PATCH']

function isRepeatable(attempt: Attempt, { method, body, outcome }: Errand): boolean {
  if (!attempt.sent) return true
  if (body !== undefined && outcome.sendsBody && !body.repeatable) return false
  return outcome.pool.retry.nonIdempotent || !actingMethods.includes(method)
}

const reasons: Readonly<Record<Exclude<AskFailure, 'gone'>, RetryReason>> = {
  connect: 'connect',
  'unknown-host': 'connect',
  'connect-timeout': 'timeout',
  timeout: 'timeout',
  closed: 'closed',
  'no-line': 'closed',
  malformed: 'invalid-header',
  'invalid-status': 'invalid-header'
}

function statusFor(
  why: Exclude<AskFailure, 'gone'>,
  { statuses, invalidStatus, head }: ResponseRules
): number {
  switch (why) {
    case 'connect':
      return statuses.unreachable
    case 'unknown-host':
      return statuses.unknownHost ?? statuses.unreachable
    case 'connect-timeout':
      return statuses.connectTimeout ?? statuses.unreachable
    case 'timeout':
      return statuses.timeout
    case 'closed':
      return statuses.closed
    case 'no-line':
      return head?.noLine ?? statuses.closed
    case 'malformed':
      return statuses.malformed
    case 'invalid-status':
      return invalidStatus === 'malformed' ? statuses.malformed : invalidStatus
  }
}
