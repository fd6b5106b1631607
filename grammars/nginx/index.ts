import { Lexer, type IToken } from 'chevrotain'
import { withBlanks } from '../blanks.js'
import { remembering } from '../recent.js'
import { maximumLength, whenAsked, type Comment, type Token } from '../tree.js'
import { TreeBuilder } from './builder.js'
import { NginxParser } from './parser.js'
import { problems } from './problems.js'
import { piecesIn } from './scan.js'
import { pieceTypes, tokenTypes } from './tokens.js'
import type { NginxTree } from './tree.js'

export { inQuotes, quote, unquote } from './quote.js'
export type { Block, Body, Directive, NginxTree, Word } from './tree.js'

/** Each piece of a text costs memory: a few megabytes of `a a a a` as much as the largest file of long words. */
const maximumPieces = 4_000_000

interface Tools {
  readonly lexer: Lexer
  readonly parser: NginxParser
}

const lexing = { positionTracking: 'onlyOffset', skipValidations: true } as const

/** Made at the first use: importing this file costs nothing. */
let tools: Tools | undefined

function getTools(): Tools {
  tools ??= {
    lexer: new Lexer(tokenTypes, lexing),
    parser: new NginxParser()
  }
  return tools
}

/** The syntax tree of an nginx configuration, or of a part of one. Never throws; what is wrong is in `diagnostics`. */
export const parse = remembering((file: string, text: string): NginxTree => {
  if (text.length > maximumLength || piecesIn(text) > maximumPieces) return refuse(file, text)
  const { lexer, parser } = getTools()
  const { tokens, groups } = lexer.tokenize(text)
  const comments = (groups['comments'] ?? []).map(toComment)
  const builder = new TreeBuilder(file, text, comments)
  parser.tell(tokens, builder)
  const dangling = builder.finishFile()
  const { body, diagnostics } = builder
  const allTokens = whenAsked(() => tokensOf(text))
  return {
    file,
    text,
    get tokens() {
      return allTokens()
    },
    body,
    dangling,
    diagnostics
  }
})

function refuse(file: string, text: string): NginxTree {
  const whole = { kind: 'Unknown', start: 0, end: text.length }
  const diagnostics = [problems.tooLarge({ file, start: 0, end: 0 })]
  return { file, text, tokens: [whole], body: [], dangling: [], diagnostics }
}

function toComment(token: IToken): Comment {
  return { text: token.image, start: token.startOffset, end: token.startOffset + token.image.length }
}

/** All pieces of the text, in its order. */
function tokensOf(text: string): readonly Token[] {
  const lexer = new Lexer(pieceTypes, lexing)
  const { tokens, groups } = lexer.tokenize(text)
  const found = [...tokens, ...(groups['comments'] ?? [])].sort((a, b) => a.startOffset - b.startOffset)
  return withBlanks(found, text)
}
