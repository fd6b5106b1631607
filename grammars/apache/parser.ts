import { EmbeddedActionsParser, type IToken } from 'chevrotain'
import * as tokens from './tokens.js'

/** What the parser tells of a file: its logical lines by their tokens, in the order of the text. Lines of blanks are left out. */
export interface Events {
  comment(comment: IToken): void
  /** `Listen 80` */
  directive(name: IToken, words: IToken | undefined): void
  /** `<Directory "/srv">` */
  open(name: IToken, words: IToken | undefined): void
  /** `</Directory>` */
  close(name: IToken): void
}

const nobody: Events = {
  comment: () => undefined,
  directive: () => undefined,
  open: () => undefined,
  close: () => undefined
}

/**
 * The lines of a file. Any sequence of the lexer's tokens is a file, so this parser reports nothing itself; whether
 * sections fit together is for whoever listens. It keeps no lines: a file may have hundreds of thousands.
 */
export class LineParser extends EmbeddedActionsParser {
  private events: Events = nobody

  constructor() {
    super(tokens.tokenTypes, { recoveryEnabled: false, maxLookahead: 1, skipValidations: true })
    this.performSelfAnalysis()
  }

  tell(input: IToken[], events: Events): void {
    this.events = events
    this.input = input
    this.file()
    this.events = nobody
    this.input = []
  }

  /** Made once: made for each line they would be most of what parsing takes from memory. */
  private readonly lines = [
    {
      ALT: () => {
        const name = this.CONSUME(tokens.Name)
        this.events.directive(name, this.OPTION1(this.directiveArguments))
      }
    },
    { ALT: () => this.events.comment(this.CONSUME(tokens.Comment)) },
    {
      ALT: () => {
        const name = this.CONSUME(tokens.SectionOpen)
        this.events.open(name, this.OPTION2(this.sectionArguments))
      }
    },
    {
      ALT: () => {
        this.events.close(this.CONSUME(tokens.SectionClose))
        this.OPTION3(() => this.CONSUME3(tokens.Arguments))
      }
    }
  ]

  private readonly directiveArguments = (): IToken => this.CONSUME1(tokens.Arguments)
  private readonly sectionArguments = (): IToken => this.CONSUME2(tokens.Arguments)
  private readonly line = (): void => this.OR(this.lines)

  private readonly file = this.RULE('file', () => {
    this.MANY(this.line)
  })
}
