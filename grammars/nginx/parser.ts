import { EmbeddedActionsParser, type IToken } from 'chevrotain'
import {
  CloseBraces,
  Code,
  Head,
  OpenBrace,
  Semicolon,
  StrayBraces,
  StraySemicolons,
  tokenTypes,
  UnclosedCode,
  UnclosedQuote,
  Word
} from './tokens.js'

/** What the parser tells of a configuration, in the order of the text. */
export interface Events {
  /** All words of a directive and its terminator. */
  head(token: IToken): void
  word(token: IToken): void
  unclosedQuote(token: IToken): void
  /** `;` */
  end(token: IToken): void
  /** `{` */
  open(token: IToken): void
  code(token: IToken, closed: boolean): void
  /** Words without a terminator: a `}` or the end of the file follows. */
  unterminated(): void
  close(token: IToken): void
  straySemicolons(token: IToken): void
  strayBraces(token: IToken): void
}

const nobody: Events = {
  head: () => undefined,
  word: () => undefined,
  unclosedQuote: () => undefined,
  end: () => undefined,
  open: () => undefined,
  code: () => undefined,
  unterminated: () => undefined,
  close: () => undefined,
  straySemicolons: () => undefined,
  strayBraces: () => undefined
}

/**
 * A configuration as a flat sequence: heads of directives, and what closes a block. Nothing here recurses, so no
 * input is too deep for it, and every sequence of tokens is accepted: whoever listens builds the nesting and judges.
 */
export class NginxParser extends EmbeddedActionsParser {
  private events: Events = nobody

  constructor() {
    super(tokenTypes, { maxLookahead: 1, recoveryEnabled: false, skipValidations: true })
    this.performSelfAnalysis()
  }

  tell(tokens: IToken[], events: Events): void {
    this.events = events
    this.input = tokens
    this.file()
    this.events = nobody
  }

  /** Made once: made for each statement they would be most of what parsing takes from memory. */
  private readonly statements = [
    { ALT: () => this.events.head(this.CONSUME(Head)) },
    { ALT: () => this.SUBRULE(this.pieces) },
    { ALT: () => this.events.close(this.CONSUME(CloseBraces)) },
    { ALT: () => this.events.straySemicolons(this.CONSUME(StraySemicolons)) },
    { ALT: () => this.events.strayBraces(this.CONSUME(StrayBraces)) }
  ]

  private readonly statement = (): void => this.OR(this.statements)

  /** `name argument … ;` and `name argument … {`, each `}` on its own. */
  private readonly file = this.RULE('file', () => {
    this.MANY(this.statement)
  })

  /** A head that is not plain. */
  private readonly pieces = this.RULE('pieces', () => {
    this.AT_LEAST_ONE(() => {
      this.OR1([
        { ALT: () => this.events.word(this.CONSUME(Word)) },
        { ALT: () => this.events.unclosedQuote(this.CONSUME(UnclosedQuote)) }
      ])
    })
    this.OR2([
      { ALT: () => this.events.end(this.CONSUME(Semicolon)) },
      { ALT: () => this.events.open(this.CONSUME(OpenBrace)) },
      { ALT: () => this.events.code(this.CONSUME(Code), true) },
      { ALT: () => this.events.code(this.CONSUME(UnclosedCode), false) },
      { ALT: () => this.events.unterminated() }
    ])
  })
}
