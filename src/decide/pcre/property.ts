/** `\p{L}`, `\P{L}`, `\p{^L}`, `\pL` at the begin of a text. */
const written = /^\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/

/** Categories of characters (general categories of Unicode). */
const categories = /^(?:[CLMNPSZ]|C[cfnos]|L[lmotu]|M[cen]|N[dlo]|P[cdefios]|S[ckmo]|Z[lps])$/

export interface PropertySet {
  /** What stands between the brackets of a class. */
  readonly set: string
  readonly length: number
  readonly onlyAscii: true
}

/**
 * The ASCII characters of a category. Of others it is asked byte by byte or character by character, as the server has
 * it: the caller must leave texts with such characters alone.
 */
export function propertySet(rest: string, ignoreCase: boolean): PropertySet | undefined {
  const [whole, letter, caret = '', long, short] = written.exec(rest) ?? []
  const name = long ?? short
  if (whole === undefined || name === undefined || !categories.test(name)) return undefined
  // Which cases belong to these where case is ignored differs from release to release.
  if (ignoreCase && /^L[ltu]$/.test(name)) return undefined
  const negated = (letter === 'P') !== (caret === '^')
  const property = new RegExp(`^\\${negated ? 'P' : 'p'}{${name}}$`, 'u')
  let set = ''
  for (let code = 0; code < 0x80; code++) {
    if (property.test(String.fromCharCode(code))) set += `\\x${code.toString(16).padStart(2, '0')}`
  }
  return { set, length: whole.length, onlyAscii: true }
}
