import type { Choice, MemberState, PoolState } from './state.js'

/**
 * Smooth weighted round robin: each usable member gains its weight, the one that has most is taken and pays what all
 * gained. A failed member's weight is lowered and recovers by one each time.
 */
export function smoothWeighted(candidates: readonly MemberState[], choice: Choice): MemberState | undefined {
  let best: MemberState | undefined
  let total = 0
  for (const state of candidates) {
    if (!choice.usable(state)) continue
    state.currentWeight += state.effectiveWeight
    total += state.effectiveWeight
    if (state.effectiveWeight < state.member.weight) state.effectiveWeight += 1
    if (best === undefined || state.currentWeight > best.currentWeight) best = state
  }
  if (best) best.currentWeight -= total
  return best
}

/** Somebody else has chosen this one: it pays as if it had been its turn. */
export function charge(chosen: MemberState, members: readonly MemberState[], choice: Choice): void {
  for (const state of members) {
    if (!choice.usable(state)) continue
    state.currentWeight += state.effectiveWeight
    chosen.currentWeight -= state.effectiveWeight
  }
}

/** The next usable index after the one used last, whoever asked. */
export function nextIndex(
  pool: PoolState,
  candidates: readonly MemberState[],
  choice: Choice
): MemberState | undefined {
  for (let step = 1; step <= candidates.length; step++) {
    const index = (pool.last + step) % candidates.length
    const state = candidates[index]
    if (state && choice.usable(state)) {
      pool.last = index
      return state
    }
  }
  return undefined
}
