import type { Span } from '../../../diagnostics/index.js'
import { allOf, always, anyOf, never, not, type Condition } from '../../../model/index.js'

/** What Require lines and the sections around them say, as mod_authz_core keeps it. */
export type Requirement =
  | { readonly kind: 'test'; readonly when: Condition; readonly negated: boolean; readonly span: Span }
  /** Any user that is known, or only these. */
  | { readonly kind: 'user'; readonly names: readonly string[] | undefined; readonly span: Span }
  | Group

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

/** When a request may pass, taking every login for failed or for good. */
export function granted(group: Group, user: boolean): Condition {
  return answers(group, 'all', user).granted
}

/** `apply_authz_sections`: a negated line can keep out, and never lets in. */
function answers(requirement: Requirement, around: 'all' | 'any', user: boolean): Answers {
  switch (requirement.kind) {
    case 'test': {
      const { when, negated } = requirement
      return negated ? { granted: never, denied: when } : { granted: when, denied: not(when) }
    }
    case 'user':
      return user ? { granted: always, denied: never } : { granted: never, denied: always }
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

/** The users that lines ask for; `alone`: no other question is asked along with one. */
export function usersOf(group: Group): readonly Extract<Requirement, { kind: 'user' }>[] {
  return group.of.flatMap((each) => {
    if (each.kind === 'user') return [each]
    return each.kind === 'test' ? [] : usersOf(each)
  })
}

/** For which requests any line of the group says something. */
export function newGroup(kind: Group['kind'], when: Condition = always): Group {
  return { kind, of: [], when }
}
