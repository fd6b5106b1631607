/** Why the server would not compile an expression, as far as that can be seen without PCRE; undefined if nothing is seen. */
export function regexProblem(source: string): string | undefined {
  const open: number[] = []
  let groups = 0
  let repeatable = false
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    switch (character) {
      case '\\':
        if (at + 1 === source.length) return 'it ends in a backslash'
        at++
        repeatable = true
        break
      case '[': {
        const end = classEnd(source, at)
        if (end < 0) return `the class that begins at offset ${at} is not closed`
        at = end
        repeatable = true
        break
      }
      case '(':
        open.push(at)
        if (captures(source, at)) groups++
        at = behindPrefix(source, at)
        repeatable = false
        break
      case ')':
        if (open.pop() === undefined) return `the parenthesis at offset ${at} closes nothing`
        repeatable = true
        break
      case '*':
      case '+':
      case '?':
        if (!repeatable)
          return `nothing stands before the \`${character}\` at offset ${at} that it could repeat`
        // A second mark makes the first lazy or possessive.
        if (source[at + 1] === '?' || source[at + 1] === '+') at++
        repeatable = false
        break
      case '|':
      case '^':
        repeatable = false
        break
      default:
        repeatable = true
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) return `the parenthesis at offset ${unclosed} is not closed`
  // config_pcre_match keeps ten pairs of offsets.
  return groups > 9
    ? `it has ${groups} groups, and at most 9 are kept: write \`(?:…)\` for groups that nothing refers to`
    : undefined
}

function captures(source: string, at: number): boolean {
  if (source[at + 1] === '*') return false
  if (source[at + 1] !== '?') return true
  return /^\(\?(?:P?<[A-Za-z_]|')/.test(source.slice(at, at + 5))
}

/** `(?:`, `(?=`, `(*VERB` and the like: what follows the parenthesis is not a pattern yet. */
function behindPrefix(source: string, at: number): number {
  if (source[at + 1] === '?') return at + 1
  return source[at + 1] === '*' ? at + 1 : at
}

function classEnd(source: string, start: number): number {
  let at = start + 1
  if (source[at] === '^') at++
  if (source[at] === ']') at++
  for (; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '[' && source[at + 1] === ':') {
      const end = source.indexOf(':]', at + 2)
      if (end > 0) at = end + 1
    } else if (source[at] === ']') return at
  }
  return -1
}
