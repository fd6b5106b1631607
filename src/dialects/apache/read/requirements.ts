import type { Span } from '../../../diagnostics/index.js'
import { allOf, always, anyOf, never, not, type Condition } from '../../../model/index.js'

/** What Require lines and the sections around them say, as mod_authz_core keeps it. */
export type Requirement =
  | { readonly kind: 'test'; readonly when: Condition; readonly negated: boolean; readonly span: Span }
  | UserRequirement
  | Group

/** A user that is known, and is one of these. */
export interface UserRequirement {
  readonly kind: 'user'
  readonly who: Who
  readonly negated: boolean
  readonly span: Span
}

export type Who =
  | { readonly kind: 'anybody' }
  | { readonly kind: 'named'; readonly names: readonly string[] }
  | { readonly kind: 'in-group'; readonly groups: readonly string[] }

export interface Group {
  readonly kind: 'all' | 'any' | 'none'
  readonly of: Requirement[]
  /** Holds for these requests only (`<Limit>`). */
  readonly when: Condition
}

/** When a group lets a request through, and when it keeps it out; in between it says nothing. */
interface Answers {
  readonly granted: Condition
  readonly denied: Condition
}

/** `nobody`: none has said who he is. `hoped`: one who will pass wherever a user is asked for. Else one who is known. */
type User = 'nobody' | 'hoped' | { readonly is: (who: Who) => Condition }

/** When a request of such a user may pass. */
export function granted(group: Group, user: User): Condition {
  return answers(group, 'all', user).granted
}

/** `apply_authz_sections`: a negated line can keep out, and never lets in. */
function answers(requirement: Requirement, around: 'all' | 'any', user: User): Answers {
  switch (requirement.kind) {
    case 'test':
      return asked(requirement.when, requirement.negated)
    case 'user':
      if (user === 'nobody') return { granted: never, denied: always }
      if (user === 'hoped') return { granted: requirement.negated ? never : always, denied: never }
      return asked(user.is(requirement.who), requirement.negated)
    case 'all':
    case 'any':
    case 'none': {
      const { kind, when } = requirement
      const inner = requirement.of.map((each) => answers(each, kind === 'all' ? 'all' : 'any', user))
      const grants = anyOf(inner.map((each) => each.granted))
      const denies = anyOf(inner.map((each) => each.denied))
      const said: Answers =
        kind === 'all'
          ? { granted: allOf([not(denies), grants]), denied: denies }
          : kind === 'any'
            ? { granted: grants, denied: allOf([not(grants), denies]) }
            : { granted: never, denied: grants }
      return {
        granted: anyOf([allOf([when, said.granted]), around === 'all' ? not(when) : never]),
        denied: allOf([when, said.denied])
      }
    }
  }
}

function asked(when: Condition, negated: boolean): Answers {
  return negated ? { granted: never, denied: when } : { granted: when, denied: not(when) }
}

/** The users that lines ask for. */
export function usersOf(group: Group): readonly UserRequirement[] {
  return group.of.flatMap((each) => {
    if (each.kind === 'user') return [each]
    return each.kind === 'test' ? [] : usersOf(each)
  })
}

export function newGroup(kind: Group['kind'], when: Condition = always): Group {
  return { kind, of: [], when }
}
