import fc from 'fast-check'

/** What the words of every server are put together with. */

/** Running applications by their names in configurations. */
export const backends: ReadonlyMap<string, 'unix' | 'tcp'> = new Map([
  ['a', 'unix'],
  ['b', 'unix'],
  ['c', 'unix'],
  ['t', 'tcp']
])

/** Picks most often the first, so that what is found shrinks to it. */
export function mostly<T>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight = 9): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: seldom })
}

export const one = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts)

/** Words of one line, each of them chosen. */
export function line(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((words) => words.filter((word) => word !== '').join(' '))
}
