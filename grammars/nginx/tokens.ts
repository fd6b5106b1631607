import { createToken, Lexer, type CustomPatternMatcherReturn, type IToken } from 'chevrotain'
import {
  bareWordEnd,
  beginsBareWord,
  blankEnd,
  commentEnd,
  luaBlockEnd,
  plainHeadEnd,
  quotedEnd,
  runEnd
} from './scan.js'

/**
 * The pieces of a configuration. Every character begins one of them, so the lexer never fails; what nginx would
 * refuse is a token too, and the tree builder says what is wrong with it. Runs of one stray character are one token.
 */

type Match = CustomPatternMatcherReturn | null

function piece(text: string, start: number, end: number): Match {
  return [text.slice(start, end)]
}

/**
 * All words of a directive and its `;` or `{`, as nearly all directives are written. One token in the place of four is half
 * of the time that parsing takes; what has comments between its words, or is wrong, comes in pieces.
 */
export const Head = createToken({
  name: 'Head',
  pattern: (text: string, at: number, before: IToken[]): Match => {
    if (followsWord(before)) return null
    const end = plainHeadEnd(text, at)
    if (end === undefined || (text.charAt(end - 1) === '{' && isCodeHead(text, at))) return null
    return piece(text, at, end)
  },
  line_breaks: true
})

/** A plain word, or a quoted one with its quotes. Quotes work only as first character (`a"b` is a plain word). */
export const Word = createToken({ name: 'Word', pattern: matchWord, line_breaks: true })

/** A quoted word whose quote is never closed: the rest of the file. */
export const UnclosedQuote = createToken({
  name: 'UnclosedQuote',
  pattern: (text: string, at: number): Match =>
    isQuote(text.charAt(at)) ? piece(text, at, text.length) : null,
  line_breaks: true
})

export const Blank = createToken({
  name: 'Blank',
  pattern: (text: string, at: number): Match => {
    const end = blankEnd(text, at)
    return end > at ? piece(text, at, end) : null
  },
  group: Lexer.SKIPPED,
  line_breaks: true
})

export const Comment = createToken({
  name: 'Comment',
  pattern: (text: string, at: number): Match =>
    text.charAt(at) === '#' ? piece(text, at, commentEnd(text, at)) : null,
  group: 'comments',
  line_breaks: false
})

/** The one that ends a directive. */
export const Semicolon = createToken({
  name: 'Semicolon',
  pattern: (text: string, at: number, before: IToken[]): Match =>
    text.charAt(at) === ';' && followsWord(before) ? [';'] : null,
  line_breaks: false
})

/** Those behind nothing: `};` or `;;`. */
export const StraySemicolons = createToken({
  name: 'StraySemicolons',
  pattern: (text: string, at: number): Match =>
    text.charAt(at) === ';' ? piece(text, at, runEnd(text, at)) : null,
  line_breaks: false
})

/** A block of Lua with its braces, kept as it is. */
export const Code = createToken({
  name: 'Code',
  pattern: (text: string, at: number, before: IToken[]): Match => {
    if (text.charAt(at) !== '{' || !opensCode(before)) return null
    const end = luaBlockEnd(text, at)
    return end === undefined ? null : piece(text, at, end)
  },
  line_breaks: true
})

export const UnclosedCode = createToken({
  name: 'UnclosedCode',
  pattern: (text: string, at: number, before: IToken[]): Match =>
    text.charAt(at) === '{' && opensCode(before) ? piece(text, at, text.length) : null,
  line_breaks: true
})

/** The one that begins a directive's block. */
export const OpenBrace = createToken({
  name: 'OpenBrace',
  pattern: (text: string, at: number, before: IToken[]): Match =>
    text.charAt(at) === '{' && followsWord(before) ? ['{'] : null,
  line_breaks: false
})

/** Those that no directive stands before. */
export const StrayBraces = createToken({
  name: 'StrayBraces',
  pattern: (text: string, at: number): Match =>
    text.charAt(at) === '{' ? piece(text, at, runEnd(text, at)) : null,
  line_breaks: false
})

/** One or more, without blanks between them; each closes one block. */
export const CloseBraces = createToken({
  name: 'CloseBraces',
  pattern: (text: string, at: number): Match =>
    text.charAt(at) === '}' ? piece(text, at, runEnd(text, at)) : null,
  line_breaks: false
})

/** All pieces by themselves, in the order they are tried. */
export const pieceTypes = [
  Word,
  Blank,
  Semicolon,
  StraySemicolons,
  Code,
  UnclosedCode,
  OpenBrace,
  StrayBraces,
  CloseBraces,
  Comment,
  UnclosedQuote
]

/** What the parser is given. */
export const tokenTypes = [Head, ...pieceTypes]

function matchWord(text: string, at: number): Match {
  if (beginsBareWord(text.charCodeAt(at))) return piece(text, at, bareWordEnd(text, at))
  if (!isQuote(text.charAt(at))) return null
  const end = quotedEnd(text, at)
  return end === undefined ? null : piece(text, at, end)
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'"
}

function isWord(token: IToken | undefined): boolean {
  return token !== undefined && (token.tokenType === Word || token.tokenType === UnclosedQuote)
}

function followsWord(before: readonly IToken[]): boolean {
  return isWord(before[before.length - 1])
}

/** `content_by_lua_block {`, `set_by_lua_block $name {`: the names say it, nginx itself would read directives there. */
function opensCode(before: readonly IToken[]): boolean {
  let first = before.length
  while (isWord(before[first - 1])) first--
  return first < before.length && codeName.test(before[first]?.image ?? '')
}

const codeName = /^[a-z_]+_by_lua_block$/

function isCodeHead(text: string, at: number): boolean {
  return codeName.test(text.slice(at, bareWordEnd(text, at)))
}
