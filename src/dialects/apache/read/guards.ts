import type { Span } from '../../../diagnostics/index.js'
import { allOf, literal, not, type Binding, type ResponseRules } from '../../../model/index.js'
import { fileScript, responseRules } from './behaviour.js'
import type { Definition } from './definitions.js'
import { fastcgiParams, type Surroundings } from './params.js'
import type { Place, Server } from './place.js'

/** One FastCgiAuth* or FastCgiAccessChecker line in a section. */
export interface Guard {
  readonly place: Place
  /** In the order sections are folded. */
  readonly rank: number
  /** Who is asked; absent for lines that ask nobody here, yet replace what the outer sections say. */
  readonly checker: Definition | undefined
  readonly span: Span
}

/**
 * Checkers are asked before everybody else. mod_fastcgi has no merger for these directives: a section that holds any
 * of them replaces all that outer ones say.
 */
export function guardBindings(
  guards: readonly Guard[],
  servers: readonly Server[],
  around: Surroundings
): readonly Binding[] {
  const here = guards.filter(({ place }) => servers.includes(place.server))
  return here.flatMap((guard, index) => {
    const { checker, place, rank, span } = guard
    if (checker === undefined) return []
    const inner = here.filter(
      (other, at) => other.place !== place && (other.rank > rank || (other.rank === rank && at > index))
    )
    // Of several lines in one section the last counts.
    if (here.some((other, at) => other.place === place && other.checker !== undefined && at > index))
      return []
    const params = fastcgiParams(around, checker.passed)
    const binding: Binding = {
      match: { kind: 'any' },
      when: allOf([place.condition, ...inner.map((other) => not(other.place.condition))]),
      at: ['content'],
      origin: span,
      target: {
        kind: 'fastcgi',
        role: 'access-checker',
        pool: { kind: 'pool', id: checker.path },
        script: fileScript,
        mustExist: false,
        params: {
          ...params,
          entries: [
            { kind: 'environment' },
            { kind: 'param', name: 'FCGI_APACHE_ROLE', value: literal('ACCESS_CHECKER'), omit: 'never' },
            ...params.entries.filter((entry) => entry.kind !== 'environment' && !isTranslated(entry))
          ]
        }
      }
    }
    return [binding]
  })
}

/** PATH_TRANSLATED is never told to a checker. */
function isTranslated(entry: NonNullable<ReturnType<typeof fastcgiParams>>['entries'][number]): boolean {
  return entry.kind === 'param' && entry.name === 'PATH_TRANSLATED'
}

/** Every header of a yes becomes a variable, with -compat only those that begin with `Variable-`; any no is 403. */
export function checkerResponse(compat: boolean): ResponseRules {
  return {
    ...responseRules.mod_fastcgi,
    authorizer: {
      allows: [200],
      variables: compat ? 'prefixed' : 'all',
      names: 'as-sent',
      denied: { kind: 'status', status: 403, challenge: false }
    }
  }
}
