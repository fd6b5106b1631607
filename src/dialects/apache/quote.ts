/**
 * One word of a configuration line (core: `ap_getword_conf`). Quotes count only at the start of a word. Inside them a
 * backslash escapes that quote and another backslash; outside only a double backslash is an escape. Every other
 * backslash stays, so most regular expressions are written as they are.
 */

/** The word as it must stand in a line, with quotes where it needs them. */
export function quote(word: string): string {
  return needsQuotes(word) ? quoteAlways(word) : word.replaceAll(/\\{2,}/g, (run) => run + run)
}

/** The word in double quotes. */
export function quoteAlways(word: string): string {
  const inner = word.replaceAll(
    /(\\*)("|$)|\\{2,}/g,
    (whole, run: string | undefined, end: string | undefined) => {
      if (run === undefined) return whole + whole
      return end === '"' ? `${run}${run}\\"` : run + run
    }
  )
  return `"${inner}"`
}

function needsQuotes(word: string): boolean {
  return word === '' || /[\s>]|^["'#<]|\\$/.test(word)
}

/** Why a word cannot stand in a configuration at all; undefined if it can. */
export function unwritable(word: string): string | undefined {
  if (/[\r\n\0]/.test(word)) return 'a line end or NUL cannot be part of a word'
  if (/\$\{[^}]+\}/.test(word))
    return '`${NAME}` is replaced by a defined or environment variable, and nothing escapes it'
  return undefined
}

/** What the server makes of the text behind a directive's name: its words. The opposite of `quote`. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let rest = text.trim()
  while (rest !== '') {
    const [word, after] = takeWord(rest)
    words.push(word)
    rest = after.trimStart()
  }
  return words
}

function takeWord(text: string): readonly [string, string] {
  const mark = text[0]
  if (mark !== '"' && mark !== "'") {
    const end = text.search(/\s/)
    const raw = end < 0 ? text : text.slice(0, end)
    return [raw.replaceAll('\\\\', '\\'), end < 0 ? '' : text.slice(end)]
  }
  let word = ''
  let at = 1
  for (; at < text.length && text[at] !== mark; at++) {
    const next = text[at + 1]
    if (text[at] === '\\' && (next === mark || next === '\\')) at += 1
    word += text[at] ?? ''
  }
  return [word, text.slice(at + 1)]
}
