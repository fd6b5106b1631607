/** `[!]op version` of `<IfVersion>`; `2.4` alone means 2.4.0. Undefined if it cannot be read. */
export function versionHolds(words: readonly string[], running: string): boolean | undefined {
  const [first = '', second] = words
  const operator = second === undefined ? '=' : first.replace(/^!/, '')
  const negated = second !== undefined && first.startsWith('!')
  const asked = second ?? first
  const holds = compared(operator, asked, running)
  return holds === undefined ? undefined : holds !== negated
}

function compared(operator: string, asked: string, running: string): boolean | undefined {
  const pattern = /^\/(.*)\/$/.exec(asked)?.[1] ?? (operator === '~' ? asked : undefined)
  if (pattern !== undefined) return matches(pattern, running)
  const numbers = /^\d+(\.\d+){0,2}$/.test(asked) ? numbersOf(asked) : undefined
  if (numbers === undefined) return undefined
  const difference = order(numbersOf(running), numbers)
  switch (operator) {
    case '=':
    case '==':
      return difference === 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    default:
      return undefined
  }
}

function matches(pattern: string, running: string): boolean | undefined {
  try {
    return new RegExp(pattern).test(running)
  } catch {
    return undefined
  }
}

function numbersOf(version: string): readonly number[] {
  const parts = version.split('.').map(Number)
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0]
}

function order(one: readonly number[], other: readonly number[]): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
