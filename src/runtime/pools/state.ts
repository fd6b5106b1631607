import type { Asked } from '../../decide/types.js'
import type { Member, Pool } from '../../model/index.js'

/** What a pool remembers of one of its members. Times are whole seconds, as the servers count them. */
export interface MemberState {
  readonly member: Member
  /** Requests in work. */
  active: number
  /** For rules that count failures: how many, when the last one was, when the member was last tried. */
  failures: number
  failedAt: number
  checkedAt: number
  /** For rules that disable at once. */
  disabledUntil: number
  /** Smooth weighted round robin. */
  currentWeight: number
  effectiveWeight: number
}

/** One pool at work. */
export interface PoolState {
  readonly pool: Pool
  readonly members: readonly MemberState[]
  /** The index used last, for balances that go on from it. */
  last: number
}

/** What a choice is made by. */
export interface Choice {
  readonly asked: Asked
  readonly remoteAddress: string
  readonly random: () => number
  /** Members that may be taken now: not tried yet by this request, and able. */
  readonly usable: (state: MemberState) => boolean
}

export function poolState(pool: Pool): PoolState {
  const members = pool.members.map((member): MemberState => ({
    member,
    active: 0,
    failures: 0,
    failedAt: 0,
    checkedAt: 0,
    disabledUntil: -Infinity,
    currentWeight: 0,
    effectiveWeight: member.weight
  }))
  return { pool, members, last: -1 }
}
