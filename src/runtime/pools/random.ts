import { atSlot } from './hash.js'
import { compareLoad } from './least-connections.js'
import { smoothWeighted } from './round-robin.js'
import type { Choice, MemberState } from './state.js'

const mostPicks = 20

/** By weight at random; of two picks, the one with less load per weight. */
export function atRandom(
  candidates: readonly MemberState[],
  choices: 1 | 2,
  choice: Choice
): MemberState | undefined {
  const total = candidates.reduce((sum, { member }) => sum + member.weight, 0)
  let first: MemberState | undefined
  for (let pick = 0; pick < mostPicks; pick++) {
    const state = atSlot(candidates, Math.floor(choice.random() * total))
    if (state === undefined || state === first || !choice.usable(state)) continue
    if (choices === 1) return state
    if (first) return compareLoad(state, first) < 0 ? state : first
    first = state
  }
  return first ?? smoothWeighted(candidates, choice)
}
