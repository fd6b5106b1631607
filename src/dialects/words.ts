import { splitWords } from '../../grammars/apache/words.js'
import { unquote } from '../../grammars/nginx/quote.js'
import { bareWordEnd, beginsBareWord, quotedEnd } from '../../grammars/nginx/scan.js'
import type { Span } from '../diagnostics/index.js'
import type { Dialect } from './dialect.js'

const SEMICOLON = 0x3b
const OPEN = 0x7b

/** One word of a directive as it stands in its source. */
export interface SourceWord {
  /** Without its quotes, escapes undone. */
  readonly value: string
  readonly span: Span
}

/**
 * The words of the directive or head of a block at a span, its name first, split as its server splits them; those of
 * lighttpd are the values alone, without brackets and operators.
 */
export function wordsAt(language: Dialect['language'], text: string, span: Span): readonly SourceWord[] {
  switch (language) {
    case 'nginx':
      return nginxWords(text, span)
    case 'apache':
      return apacheWords(text, span)
    case 'lighttpd':
      return lighttpdWords(text, span)
  }
}

function nginxWords(text: string, { file, start, end }: Span): readonly SourceWord[] {
  const words: SourceWord[] = []
  let at = start
  while (at < end) {
    const code = text.charCodeAt(at)
    if (text.charAt(at) === '#') {
      const lineEnd = text.indexOf('\n', at)
      at = lineEnd === -1 ? end : lineEnd
    } else if (text.charAt(at) === '"' || text.charAt(at) === "'" || beginsBareWord(code)) {
      const isQuoted = !beginsBareWord(code)
      const last = Math.min((isQuoted ? quotedEnd(text, at) : bareWordEnd(text, at)) ?? end, end)
      words.push({ value: unquote(text.slice(at, last)), span: { file, start: at, end: last } })
      at = Math.max(last, at + 1)
    } else if (code === OPEN || code === SEMICOLON) {
      break
    } else {
      at += 1
    }
  }
  return words
}

/** Joined lines are one: a backslash at a line's end and the line's end itself count as blanks here. */
function apacheWords(text: string, { file, start, end }: Span): readonly SourceWord[] {
  const whole = text.slice(start, end).replace(/\\\r?\n/g, (joint) => ' '.repeat(joint.length))
  const isSection = whole.startsWith('<')
  const line = isSection ? ` ${whole.slice(1).replace(/>\s*$/, '')}` : whole
  return splitWords(line).map(({ value, start: from, end: to }) => ({
    value,
    span: { file, start: start + from, end: start + to }
  }))
}

function lighttpdWords(text: string, { file, start, end }: Span): readonly SourceWord[] {
  // The span of an option begins behind the quotation mark of its name.
  const from = text.charAt(start - 1) === '"' ? start - 1 : start
  const found = text.slice(from, end).matchAll(/"((?:[^"\\]|\\[\s\S])*)"|#[^\n]*|[\w.$-]+/g)
  return [...found]
    .filter(([word]) => !word.startsWith('#'))
    .map(({ 0: word, 1: quoted, index }) => ({
      value: quoted === undefined ? word : quoted.replaceAll('\\"', '"'),
      span: { file, start: from + index, end: from + index + word.length }
    }))
}
