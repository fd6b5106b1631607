import { EmbeddedActionsParser } from 'chevrotain'
import type { IToken } from 'chevrotain'
import type { Terminals } from './terminals.js'
import { Layout, Mark, Operator, Stray, Value, allTypes } from './tokens.js'

/**
 * A file is a flat row of words. The rule does not nest, whatever the file does: the server drops what does not fit
 * and goes on, which no grammar of nested rules says, so blocks and lists are built by `structure.ts` on a stack of its own.
 */
export class LighttpdParser extends EmbeddedActionsParser {
  private terminals: Terminals | undefined

  constructor() {
    super([...allTypes], { maxLookahead: 1, skipValidations: true, recoveryEnabled: false })
    this.performSelfAnalysis()
  }

  private readonly words = this.RULE('words', () => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.tell('layout', this.CONSUME(Layout)) },
        { ALT: () => this.tell('value', this.CONSUME(Value)) },
        { ALT: () => this.tell('operator', this.CONSUME(Operator)) },
        { ALT: () => this.tell('mark', this.CONSUME(Mark)) },
        { ALT: () => this.tell('stray', this.CONSUME(Stray)) }
      ])
    })
  })

  private tell(what: 'layout' | 'value' | 'operator' | 'mark' | 'stray', token: IToken): void {
    this.terminals?.[what](token.tokenType.name, token.startOffset, token.startOffset + token.image.length)
  }

  read(tokens: IToken[], terminals: Terminals): void {
    this.terminals = terminals
    this.input = tokens
    this.words()
    this.terminals = undefined
    this.input = []
  }
}
