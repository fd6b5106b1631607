import { Lexer, type IToken } from 'chevrotain'
import { maximumLength, type Comment, type Token } from '../tree.js'
import { TreeBuilder } from './builder.js'
import { NginxParser } from './parser.js'
import { problems } from './problems.js'
import { piecesIn } from './scan.js'
import { tokenTypes } from './tokens.js'
import type { NginxTree } from './tree.js'

export { inQuotes, quote, unquote } from './quote.js'
export type { Block, Body, Directive, NginxTree, Word } from './tree.js'

/** Each piece of a text costs memory: a few megabytes of `a a a a` as much as the largest file of long words. */
const maximumPieces = 4_000_000

interface Tools {
  readonly lexer: Lexer
  readonly parser: NginxParser
}

/** Made at the first use: importing this file costs nothing. */
let tools: Tools | undefined

function getTools(): Tools {
  tools ??= {
    lexer: new Lexer(tokenTypes, { positionTracking: 'onlyOffset', skipValidations: true }),
    parser: new NginxParser()
  }
  return tools
}

/** The syntax tree of an nginx configuration, or of a part of one. Never throws; what is wrong is in `diagnostics`. */
export function parse(file: string, text: string): NginxTree {
  if (text.length > maximumLength || piecesIn(text) > maximumPieces) return refuse(file, text)
  const { lexer, parser } = getTools()
  const { tokens, groups } = lexer.tokenize(text)
  const comments = (groups['comments'] ?? []).map(toComment)
  const builder = new TreeBuilder(file, text, comments)
  parser.tell(tokens, builder)
  const dangling = builder.finishFile()
  const { body, diagnostics } = builder
  return {
    file,
    text,
    tokens: inOrder(tokens, groups['blanks'] ?? [], comments),
    body,
    dangling,
    diagnostics
  }
}

function refuse(file: string, text: string): NginxTree {
  const whole = { kind: 'Unknown', start: 0, end: text.length }
  const diagnostics = [problems.tooLarge({ file, start: 0, end: 0 })]
  return { file, text, tokens: [whole], body: [], dangling: [], diagnostics }
}

function toComment(token: IToken): Comment {
  return { text: token.image, start: token.startOffset, end: token.startOffset + token.image.length }
}

/** The three lists the lexer gives, each in the order of the text, as one. */
function inOrder(
  words: readonly IToken[],
  blanks: readonly IToken[],
  comments: readonly Comment[]
): readonly Token[] {
  const tokens: Token[] = []
  let [word, blank, comment] = [0, 0, 0]
  for (;;) {
    const nextWord = words[word]
    const nextBlank = blanks[blank]
    const nextComment = comments[comment]
    const wordAt = nextWord?.startOffset ?? Infinity
    const blankAt = nextBlank?.startOffset ?? Infinity
    const commentAt = nextComment?.start ?? Infinity
    if (nextBlank !== undefined && blankAt < wordAt && blankAt < commentAt) {
      tokens.push({ kind: 'Blank', start: blankAt, end: blankAt + nextBlank.image.length })
      blank++
    } else if (nextWord !== undefined && wordAt < commentAt) {
      tokens.push({ kind: nextWord.tokenType.name, start: wordAt, end: wordAt + nextWord.image.length })
      word++
    } else if (nextComment !== undefined) {
      tokens.push({ kind: 'Comment', start: nextComment.start, end: nextComment.end })
      comment++
    } else {
      return tokens
    }
  }
}
