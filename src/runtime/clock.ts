/** Where time comes from, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never runs backwards. */
  now(): number
  /** Calls back once after so many milliseconds; the result cancels it. */
  after(milliseconds: number, then: () => void): () => void
}

/** The machine's own. Its timers keep no program alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  }
}
