import { remembering } from '../recent.js'
import { maximumLength, whenAsked, type Token } from '../tree.js'
import { nest } from './nesting.js'
import { LineParser, type Line } from './parser.js'
import { lexer } from './tokens.js'
import type { ApacheTree } from './tree.js'

export type { ApacheTree, Directive, Section, Statement } from './tree.js'
export { splitWords, type Word } from './words.js'

let parser: LineParser | undefined

/** Reads a text; never throws, whatever the text is. The tree's tokens cover all of it. */
export const parse = remembering((file: string, text: string): ApacheTree => {
  if (text.length > maximumLength) return tooLarge(file, text)
  parser ??= new LineParser()
  parser.input = lexer.tokenize(text).tokens
  const lines: readonly Line[] = parser.file()
  parser.input = []
  const tokens = whenAsked(() => tokensOf(text))
  return {
    file,
    text,
    get tokens() {
      return tokens()
    },
    ...nest(file, lines)
  }
})

function tokensOf(text: string): readonly Token[] {
  return lexer.tokenize(text).tokens.map((token) => ({
    kind: token.tokenType.name,
    start: token.startOffset,
    end: token.startOffset + token.image.length
  }))
}

function tooLarge(file: string, text: string): ApacheTree {
  const span = { file, start: 0, end: 0 }
  const message = `The file is larger than ${String(maximumLength / 1024 / 1024)} MiB, so it is not read`
  const hint = 'check that it is a configuration file'
  return {
    file,
    text,
    tokens: [{ kind: 'Unread', start: 0, end: text.length }],
    body: [],
    dangling: [],
    diagnostics: [{ code: 'syntax/too-large', severity: 'error', message, span, hint }]
  }
}
