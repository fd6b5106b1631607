import type { FileView } from '../decide/types.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Address, Listener, ReadFolderFile, Site } from '../model/index.js'
import type { Clock } from './clock.js'
import type { Log } from './log.js'

export interface ServeOptions {
  readonly log: Log
  /** `echo`: the built-in echo application answers in every backend's place, and no process is started. */
  readonly backends?: 'real' | 'echo'
  readonly clock?: Clock
  /** Milliseconds since 1970; by default the machine's. */
  readonly date?: () => number
  /** From 0 up to, not including, 1. */
  readonly random?: () => number
  readonly files?: FileView
  /** Reads files with settings that lie in folders, where the site lets them say something (a `ReadResult` has it). */
  readonly folderFile?: ReadFolderFile
  /** Where a path of the configuration stands on this machine, if not there: files are sent from that place. */
  readonly locate?: (path: string) => string
  /** The folder long request bodies are kept in while they are needed: by default the system's. */
  readonly temporary?: string
  /** What started processes may be handed, and what relative paths are relative to: by default this process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
  /** Descriptors of sockets that listen already, for a site that takes them (`Site.activation`). */
  readonly handedOver?: readonly number[]
  /** Listens elsewhere than the configuration says (a free port, another address). */
  readonly listenOn?: (listener: Listener) => Address
}

export interface Running {
  /** Where each listener really listens, in the site's order. */
  readonly listeners: readonly { readonly id: string; readonly address: Address }[]
  /**
   * Another site takes over, or the same one read anew: what is under way is still answered by the old one, listeners
   * that both want stay open, programs that both start alike go on, the others are ended after their requests. Rejects
   * with a `StartError` where it cannot be served; then nothing has changed.
   */
  reload(site: Site, options: ServeOptions): Promise<void>
  /**
   * Ends all processes and removes all socket files. Answers under way may take that many milliseconds (0: they are
   * cut off, Infinity: however long they take; 5000 where not said). Asked again with less time, less is given.
   */
  stop(grace?: number): Promise<void>
}

/** Why a site cannot be served. */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'))
  }
}
