import type { Diagnostic } from '../diagnostics/index.js'
import type { Address, Member } from '../model/index.js'

/** How it is spoken to. */
export type Protocol = 'fastcgi' | 'http'

/** A connection's worth of one application. */
export interface Lease {
  readonly address: Address
  /** The number of the process among the member's; 0 where absent. */
  readonly process?: number
  /** The process's number in the system, and its requests in work with this one, where it was started here. */
  readonly pid?: number
  readonly load?: number
  /** `failed`: the process gave no answer, or a broken one. */
  done(failed?: boolean): void
  /** Calls back when the process has ended, whose request nobody else will take from the socket. */
  readonly onDied?: (then: () => void) => void
  /** Its answer has begun. */
  answered?(): void
}

/** Where the members of pools are found: the applications themselves, or what stands in their place. */
export interface Backends {
  /** What earlier ones have running just so is taken over from it. Resolves to why it cannot, if so. */
  start(earlier?: readonly Backends[]): Promise<readonly Diagnostic[]>
  /** Undefined where nobody can answer; `ended`: a process was started for the request, and was none for long. */
  lease(member: Member, protocol: Protocol): Promise<Lease | 'ended' | undefined>
  canAnswer(member: Member): boolean
  stop(): Promise<void>
}
