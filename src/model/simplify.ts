import type { Condition, Subject, Test } from './condition.js'
import { always } from './condition.js'

export const never: Condition = { kind: 'never' }

/** `all`, flat, without what is certain. */
export function allOf(conditions: readonly Condition[]): Condition {
  const of = flat('all', conditions).filter((condition) => condition.kind !== 'always')
  if (of.some((condition) => condition.kind === 'never')) return never
  return of.length > 1 ? { kind: 'all', of } : (of[0] ?? always)
}

/** `any`, flat, without what is certain. */
export function anyOf(conditions: readonly Condition[]): Condition {
  const of = flat('any', conditions).filter((condition) => condition.kind !== 'never')
  if (of.some((condition) => condition.kind === 'always')) return always
  return of.length > 1 ? { kind: 'any', of } : (of[0] ?? never)
}

export function not(condition: Condition): Condition {
  if (condition.kind === 'always') return never
  if (condition.kind === 'never') return always
  return condition.kind === 'not' ? condition.of : { kind: 'not', of: condition }
}

/** A condition with each of its tests answered where it can be; what stays open is kept. */
export function partially(
  condition: Condition,
  answer: (subject: Subject, test: Test) => Condition | undefined
): Condition {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition
    case 'all':
      return allOf(condition.of.map((each) => partially(each, answer)))
    case 'any':
      return anyOf(condition.of.map((each) => partially(each, answer)))
    case 'not':
      return not(partially(condition.of, answer))
    case 'test':
      return answer(condition.subject, condition.test) ?? condition
  }
}

/** Calls `see` with every test of a condition. */
export function eachTest(condition: Condition, see: (subject: Subject, test: Test) => void): void {
  partially(condition, (subject, test) => {
    see(subject, test)
    return undefined
  })
}

function flat(kind: 'all' | 'any', conditions: readonly Condition[]): readonly Condition[] {
  if (!conditions.some((condition) => condition.kind === kind)) return conditions
  return conditions.flatMap((condition) => (condition.kind === kind ? flat(kind, condition.of) : [condition]))
}
