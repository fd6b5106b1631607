import { isBlank } from './characters.js'

/** One word of a line, with where it stands in the text that was split. */
export interface Word {
  /** Without its quotes, escapes undone. */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly quote: '"' | "'" | undefined
  /** The closing quote is missing: the word took the rest of the line, which httpd does without a word. */
  readonly unclosed: boolean
}

/**
 * Splits a text into words as httpd's `ap_getword_conf`: at blanks; a quote counts only at the start of a word, and
 * what follows the closing one is the next word.
 */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = []
  let at = skipBlanks(text, 0)
  while (at < text.length) {
    const word = wordAt(text, at)
    words.push(word)
    at = skipBlanks(text, word.end)
  }
  return words
}

function wordAt(text: string, start: number): Word {
  const first = text.charAt(start)
  if (first === '"' || first === "'") {
    const end = skipQuoted(text, start, text.length)
    const unclosed = !closesAt(text, start, end, first)
    const value = unescape(text.slice(start + 1, unclosed ? end : end - 1), first)
    return { value, start, end, quote: first, unclosed }
  }
  let end = start
  while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1
  return { value: unescape(text.slice(start, end), undefined), start, end, quote: undefined, unclosed: false }
}

/** Behind the quoted word that begins here, at `limit` if its quote is missing; `at` if none begins here. */
export function skipQuoted(text: string, at: number, limit: number): number {
  const quote = text.charAt(at)
  if (quote !== '"' && quote !== "'") return at
  let end = at + 1
  while (end < limit && text.charAt(end) !== quote) end += escapeLength(text, end, quote)
  return Math.min(end + 1, limit)
}

function closesAt(text: string, start: number, end: number, quote: string): boolean {
  if (end - start < 2 || text.charAt(end - 1) !== quote) return false
  // The last quote may itself be escaped: `"a\"` is unclosed.
  let at = start + 1
  while (at < end - 1) at += escapeLength(text, at, quote)
  return at === end - 1
}

/** A backslash escapes itself and the quote; before all else it is a character of its own. */
function escapeLength(text: string, at: number, quote: string): 1 | 2 {
  if (text.charAt(at) !== '\\') return 1
  const next = text.charAt(at + 1)
  return next === '\\' || next === quote ? 2 : 1
}

/** Outside quotes only a double backslash is an escape (`substring_conf`). */
function unescape(text: string, quote: string | undefined): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\([\\"'])/g, (whole, escaped: string) =>
    escaped === '\\' || escaped === quote ? escaped : whole
  )
}

function skipBlanks(text: string, at: number): number {
  let end = at
  while (end < text.length && isBlank(text.charCodeAt(end))) end += 1
  return end
}
