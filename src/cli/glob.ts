import { readdirSync } from 'node:fs'

/**
 * Paths that fit a pattern as the C library's glob(3) finds them, which is what the servers use: `*` and `?` stay
 * within one name and do not find a leading dot, `[a-z]` and `[!a-z]`, a backslash takes the next character as it is;
 * sorted by bytes. With `braces`, `{a,b}` is expanded first.
 */
export function glob(pattern: string, braces: boolean, exists: (path: string) => boolean): readonly string[] {
  const found = (braces ? expandBraces(pattern) : [pattern]).flatMap((one) => expand(one, exists))
  return [...new Set(found)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function expand(pattern: string, exists: (path: string) => boolean): readonly string[] {
  if (!isPattern(pattern)) return exists(unescape(pattern)) ? [unescape(pattern)] : []
  const parts = pattern.split('/').filter((part) => part !== '')
  let bases: readonly string[] = [pattern.startsWith('/') ? '/' : '']
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    bases = bases.flatMap((base) => step(base, part, isLast, exists))
  }
  return bases
}

function step(base: string, part: string, isLast: boolean, exists: (path: string) => boolean): string[] {
  const join = (name: string): string => `${base}${base === '' || base.endsWith('/') ? '' : '/'}${name}`
  if (!isPattern(part)) {
    const path = join(unescape(part))
    return !isLast || exists(path) ? [path] : []
  }
  const fits = nameTest(part)
  return namesIn(base === '' ? '.' : base)
    .filter((name) => fits.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map(join)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    // No directory, or one that may not be read: glob(3) finds nothing there either.
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}

export function isPattern(text: string): boolean {
  return /[*?[]/.test(text)
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

/** The regular expression of one name; a `[` that is never closed stands for itself. */
function nameTest(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|\[([!^]?)(\]?[^\]]*)\]|([*?])|([^*?])/gs,
    (_, escaped: string | undefined, not: string | undefined, set: string | undefined, wild, plain) => {
      if (escaped !== undefined) return literal(escaped)
      if (set !== undefined) return `[${not === '' ? '' : '^'}${set.replace(/[\\\]^[]/g, '\\$&')}]`
      if (wild !== undefined) return wild === '*' ? '[^/]*' : '[^/]'
      return literal(String(plain))
    }
  )
  return new RegExp(`^${source}$`, 's')
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** `a{b,c{d,e}}` to `ab`, `acd`, `ace`; a brace without its partner stands for itself. At most 1,000 texts are made. */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = []
  const open = [pattern]
  for (let next = open.pop(); next !== undefined && done.length < 1000; next = open.pop()) {
    const found = outermost(next)
    if (found === undefined) done.push(next)
    else open.push(...found.choices.map((choice) => found.before + choice + found.behind).reverse())
  }
  return done
}

interface Braces {
  readonly before: string
  readonly choices: readonly string[]
  readonly behind: string
}

/** The first pair of braces that stands in no other, split at its own commas. */
function outermost(text: string): Braces | undefined {
  let depth = 0
  let marks: number[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (unit === '\\') at += 1
    else if (unit === '{' && depth++ === 0) marks = [at]
    else if (unit === ',' && depth === 1) marks.push(at)
    else if (unit === '}' && depth > 0 && --depth === 0) {
      const ends = [...marks.slice(1), at]
      const choices = ends.map((end, index) => text.slice((marks[index] ?? 0) + 1, end))
      return { before: text.slice(0, marks[0]), choices, behind: text.slice(at + 1) }
    }
  }
  return undefined
}
