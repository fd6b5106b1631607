import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { unreachable } from '../../diagnostics/index.js'
import type { Address, ConnectionRules, HeadRules } from '../../model/index.js'
import { beginExchange, isOver, step } from './exchange.js'
import type { AnswerEnd, ExchangeEffect, ExchangeEvent, ExchangeFailure, ExchangeState } from './exchange.js'
import type { Header, ResponseHead } from './head.js'
import type { RoleName } from './records.js'
import { FastcgiWire } from './wire.js'
import type { Wire } from './wire.js'

/** One request to an application. */
export interface Question extends Asking {
  readonly role: RoleName
  readonly params: readonly (readonly [name: string, value: string])[]
}

/** One request, whatever is spoken. */
export interface Asking {
  /** Absent where none is sent (to an authorizer). */
  readonly body?: AsyncIterable<Uint8Array>
  readonly head: HeadRules
  readonly rules: ConnectionRules
}

/** What the connection tells on the side. */
export interface Listeners {
  readonly stderr: (bytes: Uint8Array) => void
  readonly interim: (head: ResponseHead) => void
  /** Somebody is reached: the request goes out now. */
  readonly connected: () => void
  /** Calls back when nobody waits for the answer any more: the connection is closed then. */
  readonly onGone: (then: () => void) => void
  /** Calls back when the client has closed its sending side, where the application is to know. */
  readonly onEnded?: (then: () => void) => void
  /** Calls back when the only process that could answer has ended. */
  readonly onDied?: (then: () => void) => void
}

export type Answer =
  | { readonly kind: 'answer'; readonly head: ResponseHead; readonly body: AnswerBody }
  | {
      readonly kind: 'failed'
      readonly why: AskFailure
      readonly detail: string
      readonly reused: boolean
      /** The application ended its answer before its header was whole. */
      readonly ended?: true
      /** The headers ahead of the one that is malformed. */
      readonly before?: readonly Header[]
    }

/** `unknown-host`: no address is known for its name. */
export type AskFailure = 'connect' | 'connect-timeout' | 'unknown-host' | ExchangeFailure

/** The body as it comes; destroying the stream ends the connection. */
export interface AnswerBody {
  readonly stream: Readable
  /** How it ended, known once the stream has ended. */
  readonly end: Promise<AnswerEnd>
}

/** Idle connections of one address, newest last. */
export interface IdleConnections {
  /** One of them begins: it may be given later. */
  opened(socket: Socket): void
  take(): Socket | undefined
  /** Keeps it if there is room, else closes it. */
  give(socket: Socket): void
}

/** Sends one request and resolves when the header block of its answer is there, or when it failed. */
export function ask(
  address: Address,
  question: Question,
  tell: Listeners,
  idle?: IdleConnections
): Promise<Answer> {
  const { role, params, rules } = question
  return askOver(new FastcgiWire(role, params, rules.keep), address, question, tell, idle)
}

/** The same for whatever is spoken. */
export function askOver(
  wire: Wire,
  address: Address,
  question: Asking,
  tell: Listeners,
  idle?: IdleConnections
): Promise<Answer> {
  return new Promise((resolve) => new Exchange(wire, address, question, tell, idle, resolve).start())
}

/** Why nobody can be connected to, by the system's codes. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such socket'],
  ['ECONNREFUSED', 'nobody listens there'],
  ['EACCES', 'connecting is not permitted'],
  ['EAGAIN', 'the application takes no connections, and its queue of them is full']
])

class Exchange {
  private state: ExchangeState
  private readonly body: Readable
  private readonly socket: Socket
  private readonly reused: boolean
  private timer: NodeJS.Timeout | undefined
  private ended: (how: AnswerEnd) => void = () => undefined
  private readonly end: Promise<AnswerEnd>
  private answered = false
  private sent = false
  private clientEnded = false

  constructor(
    private readonly wire: Wire,
    address: Address,
    private readonly question: Asking,
    private readonly tell: Listeners,
    private readonly idle: IdleConnections | undefined,
    private readonly resolve: (answer: Answer) => void
  ) {
    this.state = beginExchange(question.head)
    this.end = new Promise((done) => (this.ended = done))
    const kept = idle?.take()
    this.reused = kept !== undefined
    this.socket = kept ?? connect(addressOptions(address, question.rules))
    if (!kept) idle?.opened(this.socket)
    this.body = new Readable({
      read: () => void this.socket.resume(),
      destroy: (error, done) => {
        if (this.question.rules.outlivesClient === true) this.socket.resume()
        else if (!isOver(this.state)) this.socket.destroy()
        done(error)
      }
    })
  }

  start(): void {
    if (this.question.rules.outlivesClient !== true) this.tell.onGone(() => this.event({ kind: 'gone' }))
    this.tell.onDied?.(() => {
      if (this.state.at === 'reading-head') this.event({ kind: 'closed' })
    })
    this.tell.onEnded?.(() => {
      this.clientEnded = true
      this.passOnEnd()
    })
    if (this.reused) {
      this.connected()
      return
    }
    this.arm(this.question.rules.connectTimeout, () =>
      this.refused('connect-timeout', 'no connection in time')
    )
    this.socket.once('connect', this.connected)
    this.socket.once('error', this.notConnected)
  }

  private readonly connected = (): void => {
    this.disarm()
    this.tell.connected()
    this.socket.off('error', this.notConnected)
    this.socket.on('data', this.onData)
    this.socket.on('end', this.onClosed)
    this.socket.on('close', this.onClosed)
    // What a broken connection means depends on the state; `close` follows.
    this.socket.on('error', this.onError)
    this.socket.setNoDelay(true)
    this.arm(this.question.rules.readTimeout, this.onSilence)
    void this.send()
  }

  private readonly notConnected = (error: NodeJS.ErrnoException): void => {
    const isUnknown = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
    const reason = reasons.get(error.code ?? '')
    const detail = reason === undefined ? error.message : `${reason} (${error.message})`
    this.refused(isUnknown ? 'unknown-host' : 'connect', detail)
  }

  private refused(why: 'connect' | 'connect-timeout' | 'unknown-host', detail: string): void {
    this.disarm()
    this.state = { at: 'failed', why: 'closed', detail }
    this.socket.off('connect', this.connected)
    this.socket.on('error', this.onError)
    this.socket.destroy()
    this.resolve({ kind: 'failed', why, detail, reused: false })
  }

  // ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────

  private async send(): Promise<void> {
    const { body } = this.question
    this.socket.cork()
    for (const bytes of this.wire.opening()) this.socket.write(bytes)
    // What is at hand of the body goes along: some applications take what comes first for the whole of the request.
    setImmediate(() => this.socket.uncork())
    try {
      if (body !== undefined) await this.sendBody(body)
      if (this.isOpen) for (const bytes of this.wire.ending()) this.socket.write(bytes)
      this.sent = true
      this.passOnEnd()
    } catch {
      // The client's half of the request broke off, which its own side knows: no fault of the application's.
      this.event({ kind: 'gone' })
    }
  }

  /** Not before the request is out: the application must see all of it. */
  private passOnEnd(): void {
    if (this.clientEnded && this.sent && this.isOpen) this.socket.end()
  }

  private async sendBody(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of body) {
      for (const record of this.wire.piece(piece)) {
        if (!this.isOpen) return
        this.timer?.refresh()
        if (!this.socket.write(record)) await this.drained()
      }
    }
  }

  /** The application may answer and end without reading its input: then nothing more is sent. */
  private get isOpen(): boolean {
    return !isOver(this.state) && this.socket.writable
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const seconds = this.question.rules.sendTimeout
      const timer = seconds > 0 ? setTimeout(() => this.onSilence(), seconds * 1000) : undefined
      const done = (): void => {
        clearTimeout(timer)
        this.socket.off('drain', done)
        this.socket.off('close', done)
        resolve()
      }
      this.socket.once('drain', done)
      this.socket.once('close', done)
    })
  }

  // ── receiving ─────────────────────────────────────────────────────────────────────────────────────────────────

  private readonly onData = (piece: Buffer): void => {
    this.timer?.refresh()
    const { records, broken } = this.wire.push(piece)
    for (const record of records) this.event({ kind: 'record', record })
    if (broken !== undefined) this.event({ kind: 'broken', why: broken })
  }

  private readonly onClosed = (): void => {
    for (const record of this.wire.closed()) this.event({ kind: 'record', record })
    this.event({ kind: 'closed' })
  }
  private readonly onError = (): void => undefined
  private readonly onSilence = (): void => {
    // While a slow client holds the application back, nothing is to be heard of it.
    if (this.socket.isPaused()) this.timer?.refresh()
    else this.event({ kind: 'timeout' })
  }

  private event(event: ExchangeEvent): void {
    const { state, effects } = step(this.state, event)
    this.state = state
    for (const effect of effects) this.carryOut(effect)
  }

  private carryOut(effect: ExchangeEffect): void {
    switch (effect.kind) {
      case 'head':
        this.answered = true
        this.resolve({ kind: 'answer', head: effect.head, body: { stream: this.body, end: this.end } })
        break
      case 'interim':
        this.tell.interim(effect.head)
        break
      case 'body':
        // A slow client holds the application back.
        // What nobody takes any more is read all the same where the application is to finish.
        if (!this.body.destroyed && !this.body.push(effect.bytes)) this.socket.pause()
        break
      case 'stderr':
        this.tell.stderr(effect.bytes)
        break
      case 'end':
        this.ended(effect.how)
        this.body.push(null)
        this.release()
        break
      case 'fail':
        this.release()
        this.resolve({
          kind: 'failed',
          why: effect.why,
          detail: effect.detail,
          reused: this.reused,
          ...(effect.ended === true && { ended: true }),
          ...(effect.before !== undefined && { before: effect.before })
        })
        break
      case 'odd-record':
        break
      default:
        return unreachable(effect)
    }
  }

  private release(): void {
    this.disarm()
    this.socket.off('connect', this.connected)
    this.socket.off('error', this.notConnected)
    this.socket.off('error', this.onError)
    this.socket.on('error', this.onError)
    this.socket.off('data', this.onData)
    this.socket.off('end', this.onClosed)
    this.socket.off('close', this.onClosed)
    const reusable = this.state.at === 'ended' && this.state.reusable && this.wire.isReusable
    // Where not all of the body went out, the rest would be taken for the next request.
    if (reusable && this.sent && this.answered && this.idle) {
      this.socket.off('error', this.onError)
      this.idle.give(this.socket)
    } else {
      this.socket.destroy()
    }
  }

  // ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private arm(seconds: number, then: () => void): void {
    if (seconds > 0) this.timer = setTimeout(then, seconds * 1000)
  }

  private disarm(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}

function addressOptions(
  address: Address,
  { from }: ConnectionRules
): { path: string } | { host: string; port: number; localAddress?: string; localPort?: number } {
  if (address.kind === 'unix') return { path: address.path }
  const { host, port } = address
  const local =
    from === undefined ? {} : { localAddress: from.host, ...(from.port && { localPort: from.port }) }
  return { host, port, ...local }
}
