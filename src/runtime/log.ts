import type { Span } from '../diagnostics/index.js'

/** One line of what happens while serving. */
export interface LogEntry {
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  /** The directive it is about. */
  readonly origin?: Span
}

export type Log = (entry: LogEntry) => void
