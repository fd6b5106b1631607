import { unreachable } from '../../diagnostics/index.js'
import type { Asked } from '../../decide/types.js'
import type { FailureRule, Member, Pool } from '../../model/index.js'
import type { Clock } from '../clock.js'
import { byClientAddress, byFirstBytes } from './address-hash.js'
import { byAuthorityAndPath, byCrc32, makeCircle, onCircle } from './hash.js'
import type { Point } from './hash.js'
import { leastConnections } from './least-connections.js'
import { atRandom } from './random.js'
import { nextIndex, smoothWeighted } from './round-robin.js'
import { ofSession } from './sessions.js'
import { poolState } from './state.js'
import type { Choice, MemberState, PoolState } from './state.js'

export interface PoolsOptions {
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Whether somebody could answer for a member whose processes the server starts; others can always be tried. */
  readonly isRunning?: (member: Member) => boolean
}

/** One request's wish for a member. */
export interface PickRequest {
  readonly asked: Asked
  readonly remoteAddress: string
  /** Members that failed it already. */
  readonly tried: ReadonlySet<Member>
}

/** It was not reached; it was, and said nothing in its time, or nothing that could be understood; it answered with a status. */
export type Failure = 'unreached' | 'silent' | 'broken' | number

/** Which members a site's pools send requests to, and what became of those. */
export class Pools {
  private readonly states = new Map<string, PoolState>()
  private readonly circles = new Map<string, readonly Point[]>()

  constructor(
    pools: readonly Pool[],
    private readonly options: PoolsOptions
  ) {
    for (const pool of pools) if (pool.sharedWith === undefined) this.states.set(pool.id, poolState(pool))
  }

  /** The member whose turn it is; undefined when none can be used. */
  pick(pool: Pool, request: PickRequest): Member | undefined {
    const state = this.stateOf(pool)
    const now = this.seconds()
    if (pool.allOut === 'tried-again') this.recover(state, request, now)
    const tried = new Set(state.members.filter((_, index) => isTried(pool.members[index], request)))
    const choice = this.choice(state, request, tried, now)
    const main = state.members.filter(({ member }) => !member.backup)
    const { route } = request.asked
    const own =
      pool.sessions === undefined || route === undefined
        ? undefined
        : ofSession(state.members, pool.sessions, route, choice)
    if (own === 'none') return undefined
    const chosen =
      own ??
      this.choose(pool, state, main, choice) ??
      smoothWeighted(
        state.members.filter(({ member }) => member.backup),
        choice
      )
    if (chosen) noteChecked(chosen, now)
    return chosen && pool.members[state.members.indexOf(chosen)]
  }

  /** Whether any member could take a request now; changes nothing. */
  peek(pool: Pool): Member | undefined {
    const state = this.stateOf(pool)
    const now = this.seconds()
    return pool.members[state.members.findIndex((one) => this.isUsable(state, one, now))]
  }

  started(pool: Pool, member: Member): void {
    this.of(pool, member, (state) => (state.active += 1))
  }

  finished(pool: Pool, member: Member): void {
    this.of(pool, member, (state) => (state.active -= 1))
  }

  /** The member answered; some statuses are failures to its rule. */
  answered(pool: Pool, member: Member, status: number): void {
    const { failure } = member
    if (failure.kind === 'disable' && puts(failure, status)) {
      this.failed(pool, member, status)
      return
    }
    this.of(pool, member, (state) => {
      // A success counts only after a try that was made since the last failure.
      if (state.failedAt < state.checkedAt) state.failures = 0
    })
  }

  failed(pool: Pool, member: Member, how: Failure): void {
    const now = this.seconds()
    this.of(pool, member, (state) => {
      const rule = member.failure
      switch (rule.kind) {
        case 'disable':
          if (puts(rule, how)) state.disabledUntil = now + rule.seconds
          return
        case 'count':
          if (this.stateOf(pool).members.length === 1) return
          state.failures += 1
          state.failedAt = now
          state.checkedAt = now
          if (rule.failures > 0) {
            const loss = Math.floor(member.weight / rule.failures)
            state.effectiveWeight = Math.max(0, state.effectiveWeight - loss)
          }
          return
        case 'never':
          return
        default:
          unreachable(rule)
      }
    })
  }

  /** Nobody is left: those that failed are taken for well again. */
  private recover(state: PoolState, { tried }: PickRequest, now: number): void {
    const couldServe = state.members.filter(({ member }) => !member.down && !tried.has(member))
    if (tried.size > 0 || couldServe.some(({ disabledUntil }) => now > disabledUntil)) return
    for (const one of couldServe) one.disabledUntil = -Infinity
  }

  private choose(
    { balance }: Pool,
    state: PoolState,
    candidates: readonly MemberState[],
    choice: Choice
  ): MemberState | undefined {
    switch (balance.kind) {
      case 'round-robin':
        return balance.variant === 'per-pass'
          ? nextIndex(state, candidates, choice)
          : smoothWeighted(candidates, choice)
      case 'least-connections':
        return leastConnections(candidates, balance.ties, choice)
      case 'hash':
        return this.byHash(state, balance.variant, candidates, choice)
      case 'address-hash':
        return balance.variant === 'djb-address'
          ? byClientAddress(candidates, choice)
          : byFirstBytes(candidates, choice)
      case 'random':
        return atRandom(candidates, balance.choices, choice)
      default:
        return unreachable(balance)
    }
  }

  private byHash(
    state: PoolState,
    variant: 'djb-authority-path' | 'crc32' | 'ketama',
    candidates: readonly MemberState[],
    choice: Choice
  ): MemberState | undefined {
    if (variant === 'djb-authority-path') return byAuthorityAndPath(candidates, choice)
    if (variant === 'crc32') return byCrc32(candidates, choice)
    const circle = this.circles.get(state.pool.id) ?? makeCircle(candidates)
    this.circles.set(state.pool.id, circle)
    return onCircle(circle, candidates, choice)
  }

  private choice(
    pool: PoolState,
    request: PickRequest,
    tried: ReadonlySet<MemberState>,
    now: number
  ): Choice {
    return {
      asked: request.asked,
      remoteAddress: request.remoteAddress,
      random: this.options.random,
      usable: (state) => !tried.has(state) && this.isUsable(pool, state, now)
    }
  }

  private isUsable(pool: PoolState, state: MemberState, now: number): boolean {
    const { member } = state
    if (member.down) return false
    if (member.maxConnections > 0 && state.active >= member.maxConnections) return false
    if (member.process && this.options.isRunning?.(member) === false) return false
    const rule = member.failure
    switch (rule.kind) {
      case 'disable':
        // Looked at once a second: it comes back when more than that many seconds are over.
        return now > state.disabledUntil
      case 'count': {
        const isLone = pool.members.length === 1
        const isOut =
          rule.failures > 0 && state.failures >= rule.failures && now - state.checkedAt <= rule.seconds
        return isLone || !isOut
      }
      case 'never':
        return true
      default:
        return unreachable(rule)
    }
  }

  private of(pool: Pool, member: Member, change: (state: MemberState) => void): void {
    const state = this.stateOf(pool).members[pool.members.indexOf(member)]
    if (state) change(state)
  }

  /** One pool's, or that of all which share it. Pools that a decision names for one request only (a computed address) are remembered by their id too. */
  private stateOf(pool: Pool): PoolState {
    const id = pool.sharedWith ?? pool.id
    const known = this.states.get(id)
    if (known) return known
    const fresh = poolState(pool)
    this.states.set(id, fresh)
    return fresh
  }

  private seconds(): number {
    return Math.floor(this.options.clock.now() / 1000)
  }
}

/** Whether such a failure puts a member out. */
function puts({ statuses, silence }: Extract<FailureRule, { kind: 'disable' }>, how: Failure): boolean {
  switch (how) {
    case 'unreached':
      return true
    case 'silent':
      return silence === true
    case 'broken':
      return false
    default:
      return statuses?.includes(how) === true
  }
}

/** A member that was out and is tried again stays the only try for another period. */
function noteChecked(state: MemberState, now: number): void {
  const rule = state.member.failure
  if (rule.kind === 'count' && now - state.checkedAt > rule.seconds) state.checkedAt = now
}

function isTried(member: Member | undefined, { tried }: PickRequest): boolean {
  return member !== undefined && tried.has(member)
}
