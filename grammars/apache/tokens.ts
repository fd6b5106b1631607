import {
  createToken,
  Lexer,
  type CustomPatternMatcherReturn,
  type ITokenConfig,
  type TokenType
} from 'chevrotain'
import { isBlank, logicalLineEnd, skipGap, skipWord, trimGap } from './characters.js'
import { skipQuoted } from './words.js'

/**
 * The patterns are functions, not regular expressions: each walks over its text once, so that no input makes the
 * lexer backtrack or overflow a stack.
 */
function token(
  name: string,
  end: (text: string, at: number) => number,
  more: Pick<ITokenConfig, 'push_mode' | 'pop_mode' | 'group'> = {}
): TokenType {
  return createToken({
    name,
    pattern: (text: string, at: number): CustomPatternMatcherReturn | null => {
      const behind = end(text, at)
      return behind > at ? [text.slice(at, behind)] : null
    },
    line_breaks: true,
    ...more
  })
}

const beginsWords = { push_mode: 'arguments' } as const
/** What only parts the others is passed over: it would be half of all tokens. */
const passedOver = { group: Lexer.SKIPPED } as const

const startsWith = (first: string) => (text: string, at: number) => text.startsWith(first, at)
const opens = startsWith('<')
const closes = startsWith('</')
const comments = startsWith('#')

/** Blanks and continuations between words. */
const Gap = token('Gap', skipGap, passedOver)

/** The line's end with all blanks behind it, so also empty lines. */
function skipLineEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 10) return at
  let end = at + 1
  while (end < text.length && isBlank(text.charCodeAt(end))) end += 1
  return end
}
const LineEnd = token('LineEnd', skipLineEnd, passedOver)
const ArgumentsEnd = token('ArgumentsEnd', skipLineEnd, { ...passedOver, pop_mode: true })

/** Lines are joined first, so a comment that ends in a backslash goes on in the next line. */
export const Comment = token('Comment', (text, at) =>
  comments(text, at) ? trimGap(text, at + 1, logicalLineEnd(text, at)) : at
)

/** `</IfModule>` */
export const SectionClose = token(
  'SectionClose',
  (text, at) => (closes(text, at) ? skipWord(text, at) : at),
  beginsWords
)

/** `<IfModule`, or `<RequireAll>` */
export const SectionOpen = token(
  'SectionOpen',
  (text, at) => (opens(text, at) ? skipWord(text, at) : at),
  beginsWords
)

/** A directive's name. httpd reads it as any word, so it may be quoted. */
export const Name = token(
  'Name',
  (text, at) => {
    const quoted = skipQuoted(text, at, logicalLineEnd(text, at))
    return quoted > at ? quoted : skipWord(text, at)
  },
  beginsWords
)

/** All of the line behind the name, without the blanks at its end. */
export const Arguments = token('Arguments', (text, at) => trimGap(text, at, logicalLineEnd(text, at)))

export const lexer = new Lexer(
  {
    defaultMode: 'line',
    modes: {
      line: [Gap, LineEnd, Comment, SectionClose, SectionOpen, Name],
      arguments: [Gap, ArgumentsEnd, Arguments]
    }
  },
  { positionTracking: 'onlyOffset', ensureOptimizations: false, skipValidations: true }
)

/** Those that the parser sees. */
export const tokenTypes: TokenType[] = [Comment, SectionClose, SectionOpen, Name, Arguments]
