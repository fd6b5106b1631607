import type { Reading, DialectName } from './dialect.js'

/** What a look at a file's name and text says about its language. */
export type Detection =
  | { readonly kind: 'found'; readonly dialect: Reading; readonly because: readonly string[] }
  /** Several languages are about as likely; the best first. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  /** No sign of any language. */
  | { readonly kind: 'unknown' }

export interface Candidate {
  readonly dialect: Reading
  readonly score: number
  readonly because: readonly string[]
}

/** A language must be more than this many times as likely as the next one to be taken without asking. */
const margin = 2

/** What each server calls its main file: a name that settles what the words leave open. */
const mainFiles: Readonly<Record<Reading['language'], RegExp>> = {
  lighttpd: /(^|\/)lighttpd\.conf$/,
  nginx: /(^|\/)nginx\.conf$/,
  apache: /(^|\/)(httpd\.conf|apache2\.conf|\.htaccess)$/
}

/** Never guesses: where two languages are about as likely, the caller has to ask. */
export function detect(file: string, text: string, dialects: readonly Reading[]): Detection {
  const candidates = dialects
    .map((dialect): Candidate => ({ dialect, ...dialect.detect(file, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const [best, second] = candidates
  if (best === undefined) return { kind: 'unknown' }
  const named = candidates.find(
    ({ dialect, score }) => score >= 0.5 && mainFiles[dialect.language].test(file)
  )
  if (named !== undefined) return { kind: 'found', dialect: named.dialect, because: named.because }
  if (second !== undefined && best.score <= margin * second.score) return { kind: 'ambiguous', candidates }
  return { kind: 'found', dialect: best.dialect, because: best.because }
}

/** What the lines of each language look like; comments and empty lines count for none. */
const forms: readonly { readonly language: Reading['language']; readonly line: RegExp }[] = [
  { language: 'nginx', line: /^[a-z_][^=;{}]*[^;{}]*[;{]\s*(#.*)?$|^\}$|^[a-z_]+\s+\{.*\}$/ },
  {
    language: 'lighttpd',
    line: /^[\w.-]+\s*(\+|:)?=(?!=)|^"[^"]*"\s*=>|^\}?\s*(else\s*)?\$\w+\s*\[|^[()]+,?$|^include(_shell)?\s+"[^"]*"$/
  },
  { language: 'apache', line: /^<\/?[A-Za-z]+[^<>]*>$|^[A-Z][A-Za-z]+\s+[^{;=]*$/ }
]

/** Lines looked at before anything is loaded. */
const firstLines = 200

/**
 * The one language that a file's form speaks for, if nearly all of its lines do: then only that one is loaded, and asked
 * whether it knows the words as well. It is a short cut, no verdict.
 */
export function likelyLanguage(text: string): Reading['language'] | undefined {
  const lines = text
    .split(/\r\n?|\n/, firstLines)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const shares = forms
    .map(({ language, line: form }) => ({ language, fits: lines.filter((line) => form.test(line)).length }))
    .sort((a, b) => b.fits - a.fits)
  const [best, second] = shares
  if (best === undefined || best.fits < 3 || best.fits < 0.75 * lines.length) return undefined
  return (second?.fits ?? 0) <= 0.25 * lines.length ? best.language : undefined
}

/** Evidence of at least this much needs no comparison with the other languages, where the form agrees. */
export const plainEvidence = 0.7

/** Which of a language's names is meant: the one whose directives stand in the text, else the first. */
export function variantOf(dialect: Reading, text: string): DialectName {
  const named = variants.find(({ name, sign }) => dialect.names.includes(name) && sign.test(text))
  return named?.name ?? dialect.names[0] ?? 'lighttpd'
}

/** Signs of the one module or the other, in the order in which they count. */
const variants: readonly { readonly name: DialectName; readonly sign: RegExp }[] = [
  { name: 'apache', sign: /^[ \t]*FastCgi\w|\bfastcgi-script\b/im },
  { name: 'apache-fcgid', sign: /^[ \t]*Fcgid\w|\bfcgid-script\b/im },
  { name: 'apache-proxy-fcgi', sign: /\bfcgi:\/\// }
]
