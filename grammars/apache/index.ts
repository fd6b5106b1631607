import { remembering } from '../recent.js'
import { maximumLength, whenAsked } from '../tree.js'
import { withBlanks } from '../blanks.js'
import { Nesting } from './nesting.js'
import { LineParser } from './parser.js'
import { lexer } from './tokens.js'
import type { ApacheTree } from './tree.js'

export type { ApacheTree, Directive, Section, Statement } from './tree.js'
export { splitWords, type Word } from './words.js'

let parser: LineParser | undefined

/** Reads a text; never throws, whatever the text is. The tree's tokens cover all of it. */
export const parse = remembering((file: string, text: string): ApacheTree => {
  if (text.length > maximumLength) return tooLarge(file, text)
  parser ??= new LineParser()
  const nesting = new Nesting(file)
  parser.tell(lexer.tokenize(text).tokens, nesting)
  const tokens = whenAsked(() => withBlanks(lexer.tokenize(text).tokens, text))
  return {
    file,
    text,
    get tokens() {
      return tokens()
    },
    ...nesting.finish()
  }
})

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
