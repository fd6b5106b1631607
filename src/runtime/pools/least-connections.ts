import { smoothWeighted } from './round-robin.js'
import type { Choice, MemberState } from './state.js'

/** The member with the fewest requests in work for its weight. */
export function leastConnections(
  candidates: readonly MemberState[],
  ties: 'first' | 'round-robin',
  choice: Choice
): MemberState | undefined {
  let best: MemberState | undefined
  for (const state of candidates) {
    if (choice.usable(state) && (best === undefined || compareLoad(state, best) < 0)) best = state
  }
  if (best === undefined || ties === 'first') return best
  const least = best
  const tied = candidates.filter((state) => choice.usable(state) && compareLoad(state, least) === 0)
  return tied.length === 1 ? least : smoothWeighted(tied, choice)
}

/** Below zero where `one` has less load per weight; multiplied crosswise, so that nothing is rounded. */
export function compareLoad(one: MemberState, other: MemberState): number {
  return one.active * other.member.weight - other.active * one.member.weight
}
