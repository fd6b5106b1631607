import type { IToken, Lexer } from 'chevrotain'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { remembering } from '../recent.js'
import { maximumLength } from '../tree.js'
import type { Token } from '../tree.js'
import { LighttpdParser } from './parser.js'
import { Structure } from './structure.js'
import { Terminals } from './terminals.js'
import { Blank, createLexer } from './tokens.js'
import type { LighttpdTree } from './tree.js'

export type * from './tree.js'

/** Made at the first use, and kept: building them costs more than reading most files. */
const tools: { lexer?: Lexer; parser?: LighttpdParser } = {}

/** Words and marks together; real files stay a hundred times below it. */
const maximumTokens = 3_000_000

/** The tree of a lighttpd.conf, or of a part of one. Never throws; syntax errors are in `diagnostics`. */
export const parse = remembering((file: string, text: string): LighttpdTree => {
  const refusal = tooLarge(file, text)
  if (refusal) return unread(file, text, refusal)
  const lexer = (tools.lexer ??= createLexer())
  const parser = (tools.parser ??= new LighttpdParser())
  const words = lex(lexer, text)
  const structure = new Structure(file, text)
  const terminals = new Terminals(file, text, structure)
  parser.read(
    words.filter((word) => word.tokenType !== Blank),
    terminals
  )
  const dangling = structure.finish()
  return {
    file,
    text,
    tokens: words.map(asToken),
    body: structure.root.body,
    dangling,
    dropped: structure.droppedNodes,
    diagnostics: [
      ...terminals.diagnostics,
      ...(terminals.diagnostics.length > 0 ? [] : structure.diagnostics)
    ]
  }
})

/** The tokens in order; what nothing closes is kept aside by the lexer. */
function lex(lexer: Lexer, text: string): IToken[] {
  const { tokens, groups } = lexer.tokenize(text)
  const unclosed = groups['unclosed'] ?? []
  if (unclosed.length === 0) return tokens
  return [...tokens, ...unclosed].sort((a, b) => a.startOffset - b.startOffset)
}

function asToken(token: IToken): Token {
  return {
    kind: token.tokenType.name,
    start: token.startOffset,
    end: token.startOffset + token.image.length
  }
}

function tooLarge(file: string, text: string): Diagnostic | undefined {
  if (text.length <= maximumLength && (text.length <= maximumTokens || countMarks(text) <= maximumTokens)) {
    return undefined
  }
  return {
    code: 'syntax/too-large',
    severity: 'error',
    message: `Unexpected size: the file has ${text.length} characters`,
    span: { file, start: 0, end: 0 },
    hint: 'the server reads at most 32 MB; check that this is a configuration file'
  }
}

/** How many tokens a text has at least, nearly: changes from one kind of character to another. */
function countMarks(text: string): number {
  let count = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const kind = isWord(unit) ? 1 : unit
    if (kind !== before) count++
    before = kind
  }
  return count
}

function isWord(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)
}

function unread(file: string, text: string, diagnostic: Diagnostic): LighttpdTree {
  const whole = text === '' ? [] : [{ kind: 'Unknown', start: 0, end: text.length }]
  return { file, text, tokens: whole, body: [], dangling: [], dropped: [], diagnostics: [diagnostic] }
}
