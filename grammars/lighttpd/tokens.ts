import { createToken, Lexer } from 'chevrotain'
import type { IToken, TokenType } from 'chevrotain'

/**
 * The words of lighttpd.conf (config_tokenizer of configfile.c). The server's own tokens depend on what came before:
 * `==` is one token in a condition and two in an assignment. Here they are cut the same way everywhere, and
 * `structure.ts` says what each is where it stands.
 */

const token = (name: string, pattern: RegExp, group?: TokenType): TokenType =>
  createToken({ name, pattern, line_breaks: name === 'Newline', ...(group && { categories: [group] }) })

const category = (name: string): TokenType => createToken({ name, pattern: Lexer.NA })

/** What separates: the ends of lines, comments, and the blank that is not skipped between line ends. */
export const Layout = category('Layout')
/** What can be a value, and the names. */
export const Value = category('Value')
/** `=` and its kin, `=>`, `+` and `,`. */
export const Operator = category('Operator')
/** Parentheses, braces, brackets, `$`, and long runs of one mark. */
export const Mark = category('Mark')
/** What the server refuses wherever it stands, and the NUL that ends a file. */
export const Stray = category('Stray')

export const Blank = token('Blank', /[\t ]+/)
/** U+00A0 separates words too, but the server does not skip it between two ends of lines. */
export const NoBreakSpace = token('NoBreakSpace', /\u00a0+/, Layout)
/** Any number of line ends; blanks between them are tokens of their own. */
export const Newline = token('Newline', /[\r\n]+/, Layout)
export const Comment = token('Comment', /#[^\r\n\0]*/, Layout)
export const Integer = token('Integer', /[0-9]+/, Value)
export const Word = token('Word', /[A-Za-z._-][A-Za-z0-9._-]*/, Value)

/** A quote ends the string unless a backslash stands before it: there is no other escape, not even of the backslash. */
function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1)
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf('"', at + 1)
  return at
}

type Match = [string]
const found = (text: string): Match => [text]

export const String = createToken({
  name: 'String',
  categories: [Value],
  pattern: {
    exec(text: string, offset: number): Match | null {
      if (text[offset] !== '"') return null
      const end = closingQuote(text, offset)
      if (end < 0) return null
      const image = text.slice(offset, end + 1)
      return image.includes('\0') ? null : found(image)
    }
  },
  start_chars_hint: ['"'],
  line_breaks: true
})

/**
 * A quote that nothing closes: the first one ends with its line, so that the rest is still read; a second one takes
 * all that is left, so that a text full of quotes is not searched again and again.
 */
export const UnclosedString = createToken({
  name: 'UnclosedString',
  categories: [Value],
  pattern: {
    exec(text: string, offset: number, _tokens: IToken[], groups: Record<string, IToken[]>): Match | null {
      if (text[offset] !== '"') return null
      if ((groups['unclosed']?.length ?? 0) > 0) return found(text.slice(offset))
      return found(/^[^\r\n\0]*/.exec(text.slice(offset))?.[0] ?? '"')
    }
  },
  group: 'unclosed',
  start_chars_hint: ['"'],
  line_breaks: true
})

export const Arrow = token('Arrow', /=>/, Operator)
export const Equal = token('Equal', /==/, Operator)
export const Matches = token('Matches', /=~/, Operator)
export const Begins = token('Begins', /=\^/, Operator)
export const Ends = token('Ends', /=\$/, Operator)
export const NotEqual = token('NotEqual', /!=/, Operator)
export const MatchesNot = token('MatchesNot', /!~/, Operator)
export const Append = token('Append', /\+=/, Operator)
export const Force = token('Force', /:=/, Operator)
export const Assign = token('Assign', /=/, Operator)
export const Plus = token('Plus', /\+/, Operator)
export const Comma = token('Comma', /,/, Operator)
export const Open = token('Open', /\(/, Mark)
export const Close = token('Close', /\)/, Mark)
export const OpenBlock = token('OpenBlock', /\{/, Mark)
export const CloseBlock = token('CloseBlock', /\}/, Mark)
export const OpenBracket = token('OpenBracket', /\[/, Mark)
export const CloseBracket = token('CloseBracket', /\]/, Mark)
export const Dollar = token('Dollar', /\$/, Mark)

/**
 * The same mark hundreds of times over. Nobody nests that deep: one token keeps hostile files small, and
 * `structure.ts` reads it as often as it could still matter.
 */
export const runLength = 64
export const Run = createToken({
  name: 'Run',
  categories: [Mark],
  pattern: {
    exec(text: string, offset: number): Match | null {
      const unit = text.charCodeAt(offset)
      let end = offset + 1
      while (text.charCodeAt(end) === unit) end++
      if (unit === 0x22) end -= (end - offset) % 2
      return end - offset < runLength ? null : found(text.slice(offset, end))
    }
  },
  start_chars_hint: ['(', ')', '{', '}', '[', ']', '$', ',', '+', '=', '"'],
  line_breaks: false
})

/** The server stops reading at a NUL, without refusing what came before it. */
export const Nul = createToken({
  name: 'Nul',
  categories: [Stray],
  pattern: { exec: (text, offset) => (text[offset] === '\0' ? found(text.slice(offset)) : null) },
  start_chars_hint: ['\0'],
  line_breaks: true
})

/** What can begin no token. */
export const Unknown = createToken({
  name: 'Unknown',
  categories: [Stray],
  pattern: /[^\t \u00a0\r\n#0-9A-Za-z._"=!+:,(){}[\]$\0-]+|[!:]+(?![=~])|[!:]/,
  start_chars_hint: strayUnits(),
  line_breaks: false
})

/** Where a stray token can begin: chevrotain wants the code units, of those above 255 one from each block of 255. */
function strayUnits(): number[] {
  const units: number[] = []
  for (let unit = 1; unit < 256; unit++) units.push(unit)
  for (let unit = 256; unit < 0x10000; unit += 100) units.push(unit)
  units.push(0xffff)
  return units
}

/** In the order they are tried. */
export const allTypes: readonly TokenType[] = [
  Layout,
  Value,
  Operator,
  Mark,
  Stray,
  Blank,
  Newline,
  Comment,
  Run,
  String,
  UnclosedString,
  Word,
  Integer,
  Arrow,
  Equal,
  Matches,
  Begins,
  Ends,
  NotEqual,
  MatchesNot,
  Append,
  Force,
  Assign,
  Plus,
  Comma,
  Open,
  Close,
  OpenBlock,
  CloseBlock,
  OpenBracket,
  CloseBracket,
  Dollar,
  NoBreakSpace,
  Nul,
  Unknown
]

export function createLexer(): Lexer {
  return new Lexer([...allTypes], {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: true
  })
}
