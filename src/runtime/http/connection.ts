import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { concat } from '../fastcgi/records.js'
import { endOfHead } from '../fastcgi/head.js'
import { BrokenBody } from './broken-body.js'
import { discard } from './answer.js'
import type { HttpAnswer, Headers } from './answer.js'
import { bodyDecoder } from './body-decoder.js'
import type { BodyDecoder } from './body-decoder.js'
import type { Unreadable } from '../../decide/types.js'
import { mayGoOn } from './keep-alive.js'
import { framingOf, longestHead, parseRequestHead, valuesOf, wantsKeepAlive } from './request-head.js'
import type { Framing, RequestHead } from './request-head.js'
import { writeAnswer, writeInterim } from './write.js'

/** One request as it comes in; the body is read only when asked for. */
export interface IncomingRequest {
  readonly head: RequestHead
  readonly framing: Exclude<Framing, { kind: 'refused' }>
  /** Why it cannot be read further; it is answered, and the connection ends. */
  readonly unreadable?: Unreadable | undefined
  /** Ends with an error where the client breaks off. Reading it is what sends `100 Continue`. */
  readonly body: Readable
  /** Calls back if the client goes away before it has its answer; at once if it is gone. */
  onGone(then: () => void): void
  /** Calls back when the client has closed its sending side; at once if it has. */
  onEnded(then: () => void): void
  /** Calls back once when nothing more is done for the request: its answer is out, or there is none. */
  onOver(then: () => void | Promise<void>): void
  interim(status: number, headers: Headers): void
  /** Sends `100 Continue` where the client waits for it, whether it has a body or not. */
  goOn(): void
}

/** `close`: the connection ends without a word. */
export type RequestHandler = (request: IncomingRequest) => Promise<HttpAnswer | 'close'>

export interface ConnectionOptions {
  readonly handle: RequestHandler
  /** Whether tabs around a header's value are a part of it, as the site says; they are blanks where absent. */
  readonly tabs?: () => 'blank' | 'kept'
  /** Makes the answer to what cannot be read as a request. */
  readonly refuse: (status: number, why: string) => HttpAnswer
  /** Whether `handle` is also given what cannot be read; else `refuse` answers it. */
  readonly handlesUnreadable?: () => boolean
  /** A handler that failed by its own fault; the client gets 500. */
  readonly onError: (error: unknown) => void
  /** Milliseconds a client may be silent between requests and within a header block. */
  readonly idleTimeout: number
  /** Bytes of a head at most, where the site says so. */
  readonly longestHead: () => number | undefined
  /** Bytes of a body nobody wanted that are read for the sake of the connection. */
  readonly drainLimit: number
}

/** Serves HTTP/1 on one connection: one request after the other, pipelined ones in order. */
export class HttpConnection {
  private held: Uint8Array = new Uint8Array(0)
  private at: 'head' | 'request' | 'over' = 'head'
  private incoming: Incoming | undefined
  private closing = false
  private requests = 0
  private idle: number
  private readonly since = performance.now()
  private clientEnded = false

  private get longestHead(): number {
    return Math.min(longestHead, this.options.longestHead() ?? longestHead)
  }

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions
  ) {
    this.idle = options.idleTimeout
    socket.setNoDelay(true)
    socket.setTimeout(options.idleTimeout, this.onSilence)
    socket.on('data', this.onData)
    socket.on('end', this.onEnd)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.at = 'over'
      this.incoming?.gone()
    })
  }

  /** Ends it: at once between requests, else behind the answer. Who has sent part of a request is still answered. */
  close(): void {
    this.closing = true
    if (this.at === 'head' && this.held.length === 0) this.socket.destroy()
  }

  private readonly onData = (bytes: Buffer): void => {
    if (this.at === 'request') {
      const rest = this.incoming?.push(bytes)
      if (rest !== undefined && rest.length > 0) this.hold(rest)
      return
    }
    this.hold(bytes)
    this.readHead()
  }

  /** Nothing was sent or received for long: a fault of the client's, unless it only waits for its answer. */
  private readonly onSilence = (): void => {
    const isStalled = this.incoming?.isWanting === true || this.socket.writableLength > 0
    if (this.at === 'head' || isStalled) this.socket.destroy()
  }

  /** A client that has sent all it wants still waits for its answer. */
  private readonly onEnd = (): void => {
    this.clientEnded = true
    if (this.at === 'request') this.incoming?.clientEnded()
    else this.socket.end()
  }

  private hold(bytes: Uint8Array): void {
    this.held = this.held.length === 0 ? bytes : concat([this.held, bytes])
    // Requests behind the current one wait in the kernel.
    if (this.at === 'request' && this.held.length > this.longestHead) this.socket.pause()
  }

  private readHead(): void {
    // Empty lines before a request are forgiven (RFC 9112, section 2.2).
    while (this.held[0] === 10 || (this.held[0] === 13 && this.held[1] === 10)) {
      this.held = this.held.subarray(this.held[0] === 10 ? 1 : 2)
    }
    const end = endOfHead(this.held, 0)
    if ((end ?? this.held.length) > this.longestHead) return void this.refuse(431, 'header block too long')
    if (end === undefined) return
    const parsed = parseRequestHead(this.held.subarray(0, end), this.options.tabs?.())
    if (parsed.kind === 'refused') {
      this.refuseRead(parsed.head, parsed.status, parsed.why, parsed.line)
      return
    }
    const framing = framingOf(parsed.head)
    if (framing.kind === 'refused') {
      this.refuseRead(parsed.head, framing.status, framing.why)
      return
    }
    const rest = this.held.subarray(end)
    this.held = new Uint8Array(0)
    this.at = 'request'
    this.requests += 1
    this.socket.setTimeout(this.options.idleTimeout)
    const incoming = new Incoming(this.socket, parsed.head, framing)
    this.incoming = incoming
    const behind = incoming.push(rest)
    if (behind !== undefined && behind.length > 0) this.hold(behind)
    void this.answer(incoming)
  }

  private async answer(incoming: Incoming): Promise<void> {
    try {
      if (await this.answered(incoming)) this.next()
      else this.finish()
    } catch (error) {
      this.options.onError(error)
      this.socket.destroy()
    } finally {
      await incoming.over().catch(this.options.onError)
    }
  }

  /** Whether the connection can carry a further request. */
  private async answered(incoming: Incoming): Promise<boolean> {
    const answer = await this.options.handle(incoming).catch((error: unknown) => {
      if (this.socket.destroyed) return 'close'
      if (error instanceof BrokenBody) return this.options.refuse(400, error.message)
      this.options.onError(error)
      return this.options.refuse(500, 'internal error')
    })
    if (answer === 'close' || this.socket.destroyed) {
      if (answer !== 'close') await discard(answer.body)
      this.socket.destroy()
      return false
    }
    incoming.answering()
    this.idle = answer.keepAlive === undefined ? this.options.idleTimeout : answer.keepAlive.idle * 1000
    const keep = await this.write(incoming.head, answer, incoming.canEndWithin(this.options.drainLimit))
    return keep && (await incoming.drained()) && !this.closing
  }

  private get isBetween(): boolean {
    return this.at === 'head'
  }

  private next(): void {
    this.incoming = undefined
    this.at = 'head'
    this.socket.setTimeout(this.idle)
    this.socket.resume()
    if (this.held.length > 0) this.readHead()
    // Its last whole request is answered.
    if (this.isBetween && this.clientEnded) this.finish()
  }

  private write(head: RequestHead, answer: HttpAnswer, mayKeep: boolean): Promise<boolean> {
    return writeAnswer(this.socket, answer, {
      version: head.version,
      isHead: head.method === 'HEAD',
      keepAlive:
        mayKeep &&
        !this.closing &&
        wantsKeepAlive(head) &&
        !asksToClose(answer.headers) &&
        mayGoOn(answer, head, { requests: this.requests, age: performance.now() - this.since }),
      announced: answer.keepAlive?.announced === true,
      date: new Date()
    })
  }

  /** What cannot be read is answered as the site says, where it says so. */
  private refuseRead(head: RequestHead | undefined, status: number, why: string, line?: string): void {
    if (this.options.handlesUnreadable?.() !== true) return void this.refuse(status, why)
    this.at = 'request'
    this.closing = true
    const unreadable = { status, why, ...(head === undefined && { inLine: true as const }) }
    const read = head ?? { ...nothingRead, ...(line !== undefined && { line }) }
    const incoming = new Incoming(this.socket, read, { kind: 'none' }, unreadable)
    this.incoming = incoming
    incoming.push(new Uint8Array(0))
    void this.answer(incoming)
  }

  private async refuse(status: number, why: string): Promise<void> {
    this.at = 'request'
    await this.write(nothingRead, this.options.refuse(status, why), false)
    this.finish()
  }

  /** Ends the connection so that the client still reads the answer although it may be sending. */
  private finish(): void {
    this.at = 'over'
    this.socket.end()
    this.socket.resume()
    this.socket.setTimeout(lingerTime, () => this.socket.destroy())
  }
}

const nothingRead: RequestHead = {
  method: 'GET',
  target: '/',
  version: '1.1',
  headers: [],
  lines: [],
  length: 0
}

/** Milliseconds a client may take to read its last answer and close. */
const lingerTime = 2000

function asksToClose(headers: Headers): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'connection' && value.toLowerCase() === 'close'
  )
}

class Incoming implements IncomingRequest {
  readonly body: Readable
  private readonly decoder: BodyDecoder
  private complete = false
  private answered = false
  private received = 0
  private isGone = false
  private onGoneThen: (() => void) | undefined
  private isEnded = false
  private onEndedThen: (() => void) | undefined
  private readonly onOverThen: (() => void | Promise<void>)[] = []
  private expectsContinue: boolean

  constructor(
    private readonly socket: Socket,
    readonly head: RequestHead,
    readonly framing: Exclude<Framing, { kind: 'refused' }>,
    readonly unreadable?: Unreadable
  ) {
    this.decoder = bodyDecoder(framing)
    this.expectsContinue =
      head.version === '1.1' &&
      valuesOf(head, 'expect').some((value) => value.toLowerCase() === '100-continue')
    this.body = new Readable({
      read: () => {
        if (this.complete) return
        this.goOn()
        this.socket.resume()
      }
    })
    // Nobody may be reading it when the client breaks off.
    this.body.on('error', () => undefined)
  }

  /** Takes in bytes of the connection; gives back what lies behind the body. */
  push(bytes: Uint8Array): Uint8Array | undefined {
    if (this.complete) return bytes
    const { pieces, rest, broken } = this.decoder.push(bytes)
    let room = true
    for (const piece of pieces) {
      this.received += piece.length
      room = this.body.destroyed || this.body.push(piece)
    }
    if (broken !== undefined) {
      this.body.destroy(new BrokenBody(broken))
      return undefined
    }
    if (rest !== undefined) {
      this.complete = true
      this.body.push(null)
      return rest
    }
    if (!room) this.socket.pause()
    return undefined
  }

  /** The client sends no more; where that is too early its request is broken. */
  clientEnded(): void {
    this.breakOff()
    this.isEnded = true
    this.onEndedThen?.()
  }

  private breakOff(): void {
    if (!this.complete)
      this.body.destroy(new BrokenBody('the client closed the connection within the request'))
  }

  gone(): void {
    this.isGone = true
    this.breakOff()
    this.onGoneThen?.()
  }

  onEnded(then: () => void): void {
    this.onEndedThen = then
    if (this.isEnded) then()
  }

  onGone(then: () => void): void {
    this.onGoneThen = then
    if (this.isGone) then()
  }

  async over(): Promise<void> {
    for (const then of this.onOverThen.splice(0)) await then()
  }

  onOver(then: () => void | Promise<void>): void {
    this.onOverThen.push(then)
  }

  /** Whether more of the body is wanted than the client has sent. */
  get isWanting(): boolean {
    return !this.complete && !this.socket.isPaused()
  }

  interim(status: number, headers: Headers): void {
    if (this.head.version === '1.1') writeInterim(this.socket, status, headers)
  }

  goOn(): void {
    if (this.expectsContinue && !this.answered) writeInterim(this.socket, 100, [])
    this.expectsContinue = false
  }

  /** From here on nobody reads the body: what is left of it is thrown away. */
  answering(): void {
    this.answered = true
  }

  /** Whether the rest of the body is short enough to be read for the sake of the next request. */
  canEndWithin(limit: number): boolean {
    if (this.complete) return true
    if (this.body.errored || this.expectsContinue) return false
    return this.framing.kind === 'length' && this.framing.bytes - this.received <= limit
  }

  /** Throws away what is left of the body; false when it broke. */
  async drained(): Promise<boolean> {
    if (this.complete) return true
    if (this.body.destroyed) return false
    try {
      await finished(this.body.resume())
      return true
    } catch {
      return false
    }
  }
}
