import type { Dialect, DialectName } from './dialect.js'

/** What a look at a file's name and text says about its language. */
export type Detection =
  | { readonly kind: 'found'; readonly dialect: Dialect; readonly because: readonly string[] }
  /** Several languages are about as likely; the best first. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  /** No sign of any language. */
  | { readonly kind: 'unknown' }

export interface Candidate {
  readonly dialect: Dialect
  readonly score: number
  readonly because: readonly string[]
}

/** A language must be more than this many times as likely as the next one to be taken without asking. */
const margin = 2

/** Never guesses: where two languages are about as likely, the caller has to ask. */
export function detect(file: string, text: string, dialects: readonly Dialect[]): Detection {
  const candidates = dialects
    .map((dialect): Candidate => ({ dialect, ...dialect.detect(file, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const [best, second] = candidates
  if (best === undefined) return { kind: 'unknown' }
  if (second !== undefined && best.score <= margin * second.score) return { kind: 'ambiguous', candidates }
  return { kind: 'found', dialect: best.dialect, because: best.because }
}

/** Which of a language's names is meant: the one whose directives stand in the text, else the first. */
export function variantOf(dialect: Dialect, text: string): DialectName {
  const named = variants.find(({ name, sign }) => dialect.names.includes(name) && sign.test(text))
  return named?.name ?? dialect.names[0] ?? 'lighttpd'
}

/** Signs of the one module or the other, in the order in which they count. */
const variants: readonly { readonly name: DialectName; readonly sign: RegExp }[] = [
  { name: 'apache', sign: /^[ \t]*FastCgi\w|\bfastcgi-script\b/im },
  { name: 'apache-fcgid', sign: /^[ \t]*Fcgid\w|\bfcgid-script\b/im },
  { name: 'apache-proxy-fcgi', sign: /\bfcgi:\/\// }
]
