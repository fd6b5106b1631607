/** Values as nginx reads them (reference: "Syntax" of its manual, `ngx_parse_size`, `ngx_parse_time`). */

export function parseFlag(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'on' ? true : lower === 'off' ? false : undefined
}

export function parseNumber(text: string): number | undefined {
  // A signed number of 64 bits holds it.
  return /^\d+$/.test(text) && Number(text) < 2 ** 63 ? Number(text) : undefined
}

/** What is wrong with a regular expression, as far as brackets and repeats show it; undefined if nothing is. */
export function regexProblem(source: string): string | undefined {
  let depth = 0
  let atom = false
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === '\\') {
      if (at + 1 === source.length) return 'a backslash at the end'
      if (source.charAt(at + 1) === 'Q') return undefined
      at++
      atom = true
    } else if (char === '[') {
      const end = classEnd(source, at)
      if (end === undefined) return 'a missing `]`'
      at = end
      atom = true
    } else if (char === '(') {
      if (source.startsWith('(?#', at) || source.startsWith('(*', at)) {
        const end = source.indexOf(')', at)
        if (end === -1) return 'a missing `)`'
        at = end
      } else {
        depth++
        at +=
          /^\(\?(?:[:=!>|]|<[=!]|P?<\w+>|'\w+'|[a-zA-Z^-]+:)?/.exec(source.slice(at, at + 80))?.[0].length ??
          1
        at--
      }
      atom = false
    } else if (char === ')') {
      if (depth === 0) return 'a `)` without `(`'
      depth--
      atom = true
    } else if (char === '*' || char === '+' || char === '?') {
      if (!atom) return `nothing to repeat before \`${char}\``
      // A repeat may be made lazy or possessive.
      if (source.charAt(at + 1) === '?' || source.charAt(at + 1) === '+') at++
      atom = false
    } else {
      atom = char !== '|'
    }
  }
  return depth > 0 ? 'a missing `)`' : undefined
}

/** Where the class that begins here ends; a `]` in first place belongs to it. */
function classEnd(source: string, start: number): number | undefined {
  let at = start + 1
  if (source.charAt(at) === '^') at++
  if (source.charAt(at) === ']') at++
  while (at < source.length) {
    const char = source.charAt(at)
    if (char === ']') return at
    if (char === '\\') at += 2
    else if (source.startsWith('[:', at)) {
      const end = source.indexOf(':]', at)
      at = end === -1 ? at + 1 : end + 2
    } else at++
  }
  return undefined
}

/** How many groups a regular expression captures, and the names of those that have one. */
export function captures(source: string): { readonly count: number; readonly names: readonly string[] } {
  const names: string[] = []
  let count = 0
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === '\\') at++
    else if (char === '[') at = classEnd(source, at) ?? source.length
    else if (char === '(') {
      const name = /^\(\?(?:P?<(?![=!])|')(\w+)[>']/.exec(source.slice(at, at + 200))?.[1]
      if (name !== undefined) names.push(name)
      if (name !== undefined || (source.charAt(at + 1) !== '?' && source.charAt(at + 1) !== '*')) count++
    }
  }
  return { count, names }
}
