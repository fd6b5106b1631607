import type { Regex } from '../../model/index.js'

/** By source; apart, those that do not look at the case. */
const compiled = {
  exact: new Map<string, RegExp | undefined>(),
  folded: new Map<string, RegExp | undefined>()
}
/** Patterns kept at most, so that a fleet's configurations do not add up. */
const most = 2000

/** The same answer for the same pattern: thousands of hosts share a few, and several rules ask about each. */
function once<Answer>(ask: (source: string) => Answer): (source: string) => Answer {
  const known = new Map<string, { readonly answer: Answer }>()
  return (source) => {
    const before = known.get(source)
    if (before !== undefined) return before.answer
    if (known.size >= most) known.clear()
    const answer = ask(source)
    known.set(source, { answer })
    return answer
  }
}

/**
 * Whether a pattern fits a short text, for questions such as "does it take /index.php?"; undefined for one that only
 * PCRE can read. What a request does is decided elsewhere (`src/decide/pcre/`).
 */
export function fits({ source, ignoreCase }: Regex, text: string): boolean | undefined {
  return compile(source, ignoreCase)?.test(text)
}

function compile(source: string, ignoreCase: boolean): RegExp | undefined {
  const known = ignoreCase ? compiled.folded : compiled.exact
  const found = known.get(source)
  if (found !== undefined || known.has(source)) return found
  if (known.size >= most) known.clear()
  const made = tryCompile(source, ignoreCase)
  known.set(source, made)
  return made
}

function tryCompile(source: string, ignoreCase: boolean): RegExp | undefined {
  const folds = source.startsWith('(?i)')
  try {
    return new RegExp(folds ? source.slice(4) : source, ignoreCase || folds ? 'i' : '')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The text that a pattern begins with when it is anchored at the start and goes on with plain characters. */
export const literalStart = once((source): string | undefined => {
  if (!source.startsWith('^')) return undefined
  const found = /^\^((?:[^\\.*+?()[\]{}|^$]|\\[^\w])*)(.?)/.exec(source)
  if (found === null) return undefined
  const [, text = '', next = ''] = found
  // A quantifier belongs to the last character.
  const sure = '*?{'.includes(next) && next !== '' ? text.replace(/\\?.$/, '') : text
  return sure.includes('|') ? undefined : sure.replace(/\\(.)/g, '$1')
})

/** Whether an alternative of the whole pattern stands outside every group. */
export const hasOuterAlternative = once((source): boolean => {
  let depth = 0
  let isClass = false
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === '\\') at++
    else if (isClass) isClass = char !== ']'
    else if (char === '[') isClass = true
    else if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === '|' && depth === 0) return true
  }
  return false
})

/** The plain text that every fitting text ends with; undefined where the pattern does not say so plainly. */
export const literalEnd = once((source): string | undefined => {
  if (hasOuterAlternative(source)) return undefined
  const found = /((?:[^\\.*+?()[\]{}|^$]|\\[^\w])+)\$$/.exec(source)
  if (found === null) return undefined
  const [, text = ''] = found
  // The last backslash may itself be escaped: `\\$` is a dollar sign.
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(source.slice(0, -1)) ? undefined : text.replace(/\\(.)/g, '$1')
})

/** Whether a pattern is nothing but plain text, anchored where it says so. */
export const isPlain = once((source): boolean => /^\^?(?:[^\\.*+?()[\]{}|^$]|\\[^\w])*\$?$/.test(source))

/** What of a pattern stands outside all groups and classes, a blank in the place of each. */
export const outsideGroups = once((source): string => {
  let outside = ''
  let depth = 0
  let isClass = false
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    const piece = char === '\\' ? source.slice(at, ++at + 1) : char
    if (isClass) isClass = piece !== ']'
    else if (piece === '[') isClass = true
    else if (piece === '(') depth++
    else if (piece === ')') depth--
    else if (depth === 0) outside += piece
    if (piece === ')' || piece === ']') outside += ' '
  }
  return outside
})
