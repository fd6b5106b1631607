import { bareWordEnd, beginsBareWord } from './scan.js'

/** One word of a configuration, both ways: `unquote` reads it as nginx does, `quote` writes it so that it reads back. */

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n']
])

/** The value of a word as it stands in the text, with its quotes. A missing closing quote is no obstacle. */
export function unquote(raw: string): string {
  const first = raw.charAt(0)
  if (first !== '"' && first !== "'") return unescape(raw)
  const closed = raw.length > 1 && raw.endsWith(first)
  return unescape(closed ? raw.slice(1, -1) : raw.slice(1))
}

/** Escapes work in quotes and outside; a backslash before any other character stays, with the character. */
function unescape(text: string): string {
  let from = text.indexOf('\\')
  if (from === -1) return text
  const parts: string[] = []
  let done = 0
  while (from !== -1 && from + 1 < text.length) {
    const meant = escapes.get(text.charAt(from + 1))
    if (meant !== undefined) {
      parts.push(text.slice(done, from), meant)
      done = from + 2
    }
    from = text.indexOf('\\', from + 2)
  }
  parts.push(text.slice(done))
  return parts.join('')
}

/** A word that nginx reads as this value: bare where that is possible and clear, else in quotes. */
export function quote(value: string): string {
  const bare = escapeBackslashes(value)
  if (isClearBare(bare) && unquote(bare) === value) return bare
  return inQuotes(value)
}

/** The value in quotes, whether it needs them or not. */
export function inQuotes(value: string): string {
  const mark = value.includes('"') && !value.includes("'") ? "'" : '"'
  const escaped = escapeBackslashes(value)
    .replaceAll(mark, `\\${mark}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `${mark}${escaped}${mark}`
}

/** Doubles a backslash only where it would else escape what follows, so that `\.php$` stays as people write it. */
function escapeBackslashes(value: string): string {
  if (!value.includes('\\')) return value
  let text = ''
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at)
    text += char
    if (char !== '\\') continue
    const next = value.charAt(at + 1)
    // At the end it would take the terminator with it; before a line's end or tab, inQuotes writes a letter there.
    if (next === '' || escapes.has(next) || next === '\n' || next === '\r' || next === '\t') text += '\\'
  }
  return text
}

/** Braces other than those of `${name}` are left to quotes, although some would be read as meant. */
function isClearBare(text: string): boolean {
  if (text === '' || !beginsBareWord(text.charCodeAt(0))) return false
  if (/[\u0000-\u0020\u007f;"']|\\[;{}]/.test(text)) return false
  if (/[{}]/.test(text.replaceAll(/\$\{\w+\}/g, ''))) return false
  return bareWordEnd(text, 0) === text.length
}
