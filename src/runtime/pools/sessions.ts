import type { SessionRules } from '../../model/index.js'
import { charge } from './round-robin.js'
import type { Choice, MemberState } from './state.js'

/**
 * The member that a session belongs to, or whoever stands in for it; `none` where nobody does and nobody else may take it,
 * undefined where the balance chooses (httpd: `find_route_worker`).
 */
export function ofSession(
  members: readonly MemberState[],
  { bound }: SessionRules,
  route: string,
  choice: Choice
): MemberState | 'none' | undefined {
  const own = byRoute(members, route, choice, members.length)
  if (own !== undefined) {
    charge(own, members, choice)
    return own
  }
  return bound && members.some(({ member }) => hasRoute(member, route)) ? 'none' : undefined
}

/** Backups come behind the others; `steps`: as many stand-ins may stand in for one another. */
function byRoute(
  members: readonly MemberState[],
  route: string,
  choice: Choice,
  steps: number
): MemberState | undefined {
  const named = members.filter(({ member }) => hasRoute(member, route))
  const ordered = [
    ...named.filter(({ member }) => !member.backup),
    ...named.filter(({ member }) => member.backup)
  ]
  for (const state of ordered) {
    if (choice.usable(state)) return state
    const { standIn } = state.member
    const other =
      standIn !== undefined && steps > 1 ? byRoute(members, standIn, choice, steps - 1) : undefined
    if (other !== undefined) return other
  }
  return undefined
}

function hasRoute({ route }: MemberState['member'], wanted: string): boolean {
  return route !== undefined && route !== '' && route === wanted
}
