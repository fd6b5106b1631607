import type { Io } from '../io.js'

/** Runs that take less say nothing; a line is not renewed more often than this. In milliseconds. */
const patience = 1000
const pause = 100

/** One line on a terminal that says how far a long run has come; nothing anywhere else. */
export class Progress {
  private readonly start: number
  private last = 0
  private done = 0

  constructor(
    private readonly total: number,
    private readonly io: Pick<Io, 'err' | 'env' | 'isErrTTY'>,
    private readonly now: () => number = () => performance.now()
  ) {
    this.start = now()
  }

  step(): void {
    this.done += 1
    const now = this.now()
    if (!this.isSeen || now - this.start < patience || now - this.last < pause) return
    this.last = now
    this.io.err(`\r${this.done} of ${this.total} files`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.last > 0) this.io.err(`\r${' '.repeat(`${this.total} of ${this.total} files`.length)}\r`)
  }

  private get isSeen(): boolean {
    return this.io.isErrTTY && this.io.env['TERM'] !== 'dumb'
  }
}
