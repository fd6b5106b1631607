import type { FileView } from '../decide/types.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Address, Listener } from '../model/index.js'
import type { Clock } from './clock.js'
import type { Log } from './log.js'

export interface ServeOptions {
  readonly log: Log
  /** `echo`: the built-in echo application answers in every backend's place, and no process is started. */
  readonly backends?: 'real' | 'echo'
  readonly clock?: Clock
  /** From 0 up to, not including, 1. */
  readonly random?: () => number
  readonly files?: FileView
  /** Where a path of the configuration stands on this machine, if not there: files are sent from that place. */
  readonly locate?: (path: string) => string
  /** The folder long request bodies are kept in while they are needed: by default the system's. */
  readonly temporary?: string
  /** What started processes may be handed, and what relative paths are relative to: by default this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
  /** Listens elsewhere than the configuration says (a free port, another address). */
  readonly listenOn?: (listener: Listener) => Address
}

export interface Running {
  /** Where each listener really listens, in the site's order. */
  readonly listeners: readonly { readonly id: string; readonly address: Address }[]
  /** Answers what is under way, ends all processes, removes all socket files. */
  stop(): Promise<void>
}

/** Why a site cannot be served. */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'))
  }
}
