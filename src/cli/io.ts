import type { Worker } from 'node:worker_threads'

/** What a command may touch of the world around it. Tests give their own. */
export interface Io {
  /** Findings and results. */
  readonly out: (text: string) => void
  /** Progress, ledgers, and what went wrong. */
  readonly err: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: () => Promise<Uint8Array>
  readonly cwd: string
  /** Whether people look at `out`. */
  readonly isTTY: boolean
  /** Whether they look at `err`. */
  readonly isErrTTY: boolean
  /** This process's number. */
  readonly pid: number
  /** Calls back at each of these signals from now on; until then they do what the system has them do. */
  readonly onSignal: (then: (signal: Signal) => void) => void
  /** Starts a thread that looks at files for `lint`; absent where there can be none. */
  readonly thread?: () => Promise<Worker>
  /** Calls back when something in one of the folders changes, until what it gives is called. */
  readonly watch: (folders: readonly string[], changed: () => void) => Promise<() => void>
  /** Calls back at each key that is typed on a terminal, until what it gives is called. */
  readonly onKey: (then: (key: string) => void) => Promise<() => void>
  /** The page of a diagnostic's code; undefined if there is none. */
  readonly page: (code: string) => string | undefined
}

/** What a program that serves can be told from outside. */
export const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR1'] as const

export type Signal = (typeof signals)[number]

/** 0: fine; 1: findings, losses, differences; 2: the command could not do its work; 130: interrupted. */
export type ExitCode = 0 | 1 | 2 | 130

/** A command line that cannot be understood, or an input that cannot be used: one message, exit code 2. */
export class CommandError extends Error {
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.name = 'CommandError'
    this.hint = hint
  }
}
