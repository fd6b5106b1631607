import type { Socket } from 'node:net'
import type { KeptLimits } from '../../model/index.js'
import { systemClock } from '../clock.js'
import type { Clock } from '../clock.js'
import type { IdleConnections } from './connection.js'

/** Keeps up to `room` connections that an application left open, for the next requests to the same address. */
export class IdleStack implements IdleConnections {
  private kept: readonly Kept[] = []
  private readonly lives = new WeakMap<Socket, Life>()

  constructor(
    private readonly room: number,
    private readonly limits: KeptLimits | undefined,
    private readonly clock: Clock = systemClock
  ) {}

  take(): Socket | undefined {
    const last = this.kept.at(-1)
    if (last) this.release(last)
    return last?.socket
  }

  give(socket: Socket): void {
    if (socket.destroyed || !socket.writable || this.room === 0 || !this.mayGoOn(socket)) {
      socket.destroy()
      return
    }
    const [oldest] = this.kept
    if (oldest && this.kept.length >= this.room) oldest.drop()
    const kept: Kept = {
      socket,
      drop: () => {
        this.release(kept)
        socket.destroy()
      },
      forget: this.limits ? this.clock.after(this.limits.wait * 1000, () => kept.drop()) : () => undefined
    }
    // Whatever happens on it unasked makes the connection unusable.
    for (const event of unasked) socket.on(event, kept.drop)
    socket.resume()
    socket.unref()
    this.kept = [...this.kept, kept]
  }

  close(): void {
    for (const { drop } of this.kept) drop()
  }

  opened(socket: Socket): void {
    if (this.limits) this.lives.set(socket, { requests: 0, since: this.clock.now() })
  }

  /** Whether a connection that was used once more may be used again. */
  private mayGoOn(socket: Socket): boolean {
    const life = this.lives.get(socket)
    if (this.limits === undefined || life === undefined) return true
    life.requests += 1
    return life.requests < this.limits.requests && this.clock.now() - life.since <= this.limits.life * 1000
  }

  private release(one: Kept): void {
    one.forget()
    for (const event of unasked) one.socket.off(event, one.drop)
    one.socket.ref()
    this.kept = this.kept.filter((kept) => kept !== one)
  }
}

interface Kept {
  readonly socket: Socket
  readonly drop: () => void
  /** Ends the waiting. */
  readonly forget: () => void
}

interface Life {
  requests: number
  readonly since: number
}

const unasked = ['close', 'end', 'error', 'data'] as const
