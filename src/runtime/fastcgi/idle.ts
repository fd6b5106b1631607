import type { Socket } from 'node:net'
import type { IdleConnections } from './connection.js'

/** Keeps up to `room` connections that an application left open, for the next requests to the same address. */
export class IdleStack implements IdleConnections {
  private kept: readonly Kept[] = []

  constructor(private readonly room: number) {}

  take(): Socket | undefined {
    const last = this.kept.at(-1)
    if (last) this.release(last)
    return last?.socket
  }

  give(socket: Socket): void {
    if (socket.destroyed || !socket.writable || this.room === 0) {
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
      }
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

  private release(one: Kept): void {
    for (const event of unasked) one.socket.off(event, one.drop)
    one.socket.ref()
    this.kept = this.kept.filter((kept) => kept !== one)
  }
}

interface Kept {
  readonly socket: Socket
  readonly drop: () => void
}

const unasked = ['close', 'end', 'error', 'data'] as const
