import type { IToken } from 'chevrotain'
import type { Token } from './tree.js'

/** Tokens in the order of the text, with what the lexer passes over between them. */
export function withBlanks(tokens: readonly IToken[], text: string): readonly Token[] {
  const all: Token[] = []
  let done = 0
  const blank = (end: number): void => {
    if (end > done) all.push({ kind: 'Blank', start: done, end })
  }
  for (const { tokenType, startOffset: start, image } of tokens) {
    blank(start)
    done = start + image.length
    all.push({ kind: tokenType.name, start, end: done })
  }
  blank(text.length)
  return all
}
