import { EmbeddedActionsParser, type IToken } from 'chevrotain'
import * as tokens from './tokens.js'

/** One logical line, by its tokens. Lines of blanks are left out. */
export type Line =
  | { readonly kind: 'comment'; readonly comment: IToken }
  | { readonly kind: 'directive'; readonly name: IToken; readonly arguments: IToken | undefined }
  | { readonly kind: 'open'; readonly name: IToken; readonly arguments: IToken | undefined }
  | { readonly kind: 'close'; readonly name: IToken; readonly arguments: IToken | undefined }

/**
 * The lines of a file. Any sequence of the lexer's tokens is a file, so this parser reports nothing itself; whether
 * sections fit together is seen when they are nested.
 */
class LineParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens.tokenTypes, { recoveryEnabled: false, maxLookahead: 2, skipValidations: true })
    this.performSelfAnalysis()
  }

  readonly file = this.RULE('file', (): readonly Line[] => {
    const lines: Line[] = []
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(tokens.Gap) },
        { ALT: () => this.CONSUME(tokens.LineEnd) },
        { ALT: () => lines.push({ kind: 'comment', comment: this.CONSUME(tokens.Comment) }) },
        { ALT: () => lines.push({ kind: 'directive', ...this.SUBRULE(this.directive) }) },
        { ALT: () => lines.push({ kind: 'open', ...this.SUBRULE(this.sectionOpen) }) },
        { ALT: () => lines.push({ kind: 'close', ...this.SUBRULE(this.sectionClose) }) }
      ])
    })
    return lines
  })

  /** `Listen 80` */
  private readonly directive = this.RULE('directive', () => ({
    name: this.CONSUME(tokens.Name),
    arguments: this.SUBRULE(this.rest)
  }))

  /** `<Directory "/srv">` */
  private readonly sectionOpen = this.RULE('sectionOpen', () => ({
    name: this.CONSUME(tokens.SectionOpen),
    arguments: this.SUBRULE(this.rest)
  }))

  /** `</Directory>` */
  private readonly sectionClose = this.RULE('sectionClose', () => ({
    name: this.CONSUME(tokens.SectionClose),
    arguments: this.SUBRULE(this.rest)
  }))

  /** What stands behind a name, up to the line's end. */
  private readonly rest = this.RULE('rest', (): IToken | undefined => {
    this.OPTION1(() => this.CONSUME1(tokens.Gap))
    const words = this.OPTION2(() => this.CONSUME(tokens.Arguments))
    this.OPTION3(() => this.CONSUME2(tokens.Gap))
    this.OPTION4(() => this.CONSUME(tokens.ArgumentsEnd))
    return words
  })
}

export { LineParser }
