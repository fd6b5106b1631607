import type { Diagnostic } from '../../src/diagnostics/index.js'
import { runLength } from './tokens.js'
import { explainStray } from './messages.js'

/** The server's own tokens, after it is known where they stand. */
export type Terminal =
  | 'end-of-line'
  | 'assign'
  | 'force'
  | 'append'
  | 'name'
  | 'string'
  | 'integer'
  | 'plus'
  | 'open'
  | 'close'
  | 'comma'
  | 'arrow'
  | 'open-block'
  | 'close-block'
  | 'open-bracket'
  | 'close-bracket'
  | 'dollar'
  | 'object'
  | 'operator'
  | 'global'
  | 'else'
  | 'include'
  | 'include_shell'

export interface TerminalSink {
  terminal(terminal: Terminal, start: number, end: number): void
  comment(start: number, end: number): void
  /** A line ended, in a list too. */
  newline(): void
  /** After an error: leave the lists that stand open, or all that is not a block. */
  recover(from: 'lists' | 'statement'): void
}

const keywords: ReadonlyMap<string, Terminal> = new Map([
  ['include', 'include'],
  ['include_shell', 'include_shell'],
  ['global', 'global'],
  ['else', 'else']
])

const single: ReadonlyMap<string, string> = new Map([
  ['(', 'Open'],
  [')', 'Close'],
  ['{', 'OpenBlock'],
  ['}', 'CloseBlock'],
  ['[', 'OpenBracket'],
  [']', 'CloseBracket'],
  ['$', 'Dollar'],
  [',', 'Comma'],
  ['+', 'Plus'],
  ['=', 'Assign'],
  ['"', 'String']
])

const operatorKinds = new Set(['Equal', 'Matches', 'Begins', 'Ends', 'NotEqual', 'MatchesNot'])

/** More errors than this are not told: the server stops at the first. */
const maximumErrors = 20

/** Says of each word what it is where it stands, as config_tokenizer does with its counters. */
export class Terminals {
  readonly diagnostics: Diagnostic[] = []
  private parentheses = 0
  private inCondition = false
  /** A `}` ends its line, whatever follows it there. */
  private afterBlock = false
  /** Ends of lines, comments and blanks in a row are one end of line. */
  private inLineRun = false
  private atLineStart = true
  private errorInLine = false
  private stopped = false

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly sink: TerminalSink
  ) {}

  layout(kind: string, start: number, end: number): void {
    if (this.stopped) return
    if (kind === 'Comment') {
      this.afterBlock = false
      this.sink.comment(start, end)
    } else if (kind === 'Newline') {
      this.newline(start)
    } else {
      this.endBlockLine(start)
      this.inLineRun = false
    }
  }

  private newline(start: number): void {
    this.afterBlock = false
    this.atLineStart = true
    this.sink.newline()
    if (this.errorInLine && this.parentheses === 0) {
      this.inCondition = false
      this.sink.recover('statement')
    }
    this.errorInLine = false
    if (this.parentheses === 0 && !this.inLineRun) this.sink.terminal('end-of-line', start, start)
    this.inLineRun = true
  }

  private endBlockLine(at: number): void {
    if (!this.afterBlock) return
    this.afterBlock = false
    this.sink.terminal('end-of-line', at, at)
  }

  private significant(start: number): void {
    this.endBlockLine(start)
    this.inLineRun = false
  }

  value(kind: string, start: number, end: number): void {
    if (this.stopped) return
    this.significant(start)
    if (kind === 'Word') this.word(start, end)
    else if (kind === 'Integer') this.integer(start, end)
    else {
      if (kind === 'UnclosedString') {
        this.error(start, end, 'syntax/unclosed-string', 'Unexpected end of the file in a string', {
          hint: 'add the closing `"`; a backslash before it does not end the string but stands for a quote in it'
        })
      }
      this.sink.terminal('string', start, end)
    }
    this.atLineStart = false
  }

  private word(start: number, end: number): void {
    const word = this.text.slice(start, end)
    if (this.inCondition && !/^[A-Za-z_]+$/.test(word)) {
      this.error(start, end, 'syntax/condition', `Unexpected \`${word}\` in the head of a condition`, {
        hint: 'a condition is written `$HTTP["host"] == "name" { … }`'
      })
      return
    }
    if (end === this.text.length || this.text[end] === '\0') {
      this.error(start, end, 'syntax/unexpected-end', `Unexpected end of the file behind \`${word}\``, {
        hint: 'end the last line with a line end: the server takes no name as the very last thing in a file'
      })
    }
    this.leaveForgottenList(/[ \t]*=(?!>)/y, end)
    this.sink.terminal(this.inCondition ? 'object' : (keywords.get(word) ?? 'name'), start, end)
  }

  /** `name =` at the start of a line inside a list: the list was not closed, and the server stops at the `=`. */
  private leaveForgottenList(assignment: RegExp, at: number): void {
    if (this.parentheses === 0 || !this.atLineStart || this.inCondition) return
    assignment.lastIndex = at
    const match = assignment.exec(this.text)
    if (!match) return
    const equals = assignment.lastIndex - 1
    this.error(equals, equals + 1, 'syntax/unclosed-list', 'Unexpected `=` in a list that is still open', {
      hint: 'close the list before this line with `)`, or write `=>` between a key and its value'
    })
    this.parentheses = 0
    this.errorInLine = false
    this.sink.recover('lists')
  }

  private integer(start: number, end: number): void {
    if (!this.inCondition) this.sink.terminal('integer', start, end)
    else {
      this.error(start, end, 'syntax/condition', 'Unexpected number in the head of a condition', {
        hint: 'put it in quotes'
      })
    }
  }

  operator(kind: string, start: number, end: number): void {
    if (this.stopped) return
    this.significant(start)
    this.atLineStart = false
    if (kind === 'Plus') this.sink.terminal('plus', start, end)
    else if (kind === 'Append') this.sink.terminal('append', start, end)
    else if (kind === 'Force') this.sink.terminal('force', start, end)
    else if (kind === 'Comma') {
      if (this.parentheses > 0) this.sink.terminal('comma', start, end)
    } else if (kind === 'NotEqual' || kind === 'MatchesNot') this.negation(start, end)
    else this.equals(kind, start, end)
  }

  private negation(start: number, end: number): void {
    if (this.inCondition) this.conditionOperator(start, end)
    else this.error(start, start + 1, 'syntax/unexpected-character', 'Unexpected `!` outside a condition')
  }

  private conditionOperator(start: number, end: number): void {
    this.inCondition = false
    this.sink.terminal('operator', start, end)
  }

  private equals(kind: string, start: number, end: number): void {
    if (this.parentheses > 0) {
      if (kind === 'Arrow') this.sink.terminal('arrow', start, end)
      else {
        this.error(start, start + 1, 'syntax/equals-in-list', 'Unexpected `=` in a list', {
          hint: 'write `=>` between a key and its value; if this is a new statement, the list before it is not closed'
        })
      }
    } else if (this.inCondition) {
      if (operatorKinds.has(kind)) this.conditionOperator(start, end)
      else {
        this.error(start, end, 'syntax/condition', 'Unexpected `=` in a condition', {
          hint: 'compare with `==`, `!=`, `=~`, `!~`, `=^` or `=$`'
        })
        this.conditionOperator(start, end)
      }
    } else {
      this.sink.terminal('assign', start, start + 1)
      this.behindAssign(kind, start + 1, end)
    }
  }

  /** Outside lists and conditions a `=` is always a word of its own. */
  private behindAssign(kind: string, start: number, end: number): void {
    if (kind === 'Equal') this.sink.terminal('assign', start, end)
    else if (kind === 'Ends') this.mark('Dollar', start, end)
    else if (kind !== 'Assign') this.stray('Unknown', start, end)
  }

  mark(kind: string, start: number, end: number): void {
    if (this.stopped) return
    if (kind === 'Run') {
      this.run(start, end)
      return
    }
    this.significant(start)
    switch (kind) {
      case 'Open':
        this.parentheses++
        this.sink.terminal('open', start, end)
        break
      case 'Close':
        this.close(start, end)
        break
      case 'OpenBlock':
        this.sink.terminal('open-block', start, end)
        break
      case 'CloseBlock':
        this.sink.terminal('close-block', start, end)
        this.afterBlock = true
        break
      case 'OpenBracket':
        this.sink.terminal('open-bracket', start, end)
        break
      case 'CloseBracket':
        this.sink.terminal('close-bracket', start, end)
        break
      default:
        this.leaveForgottenList(/\$?[ \t]*[A-Za-z_]+[ \t]*\[[ \t]*"[^"\r\n]*"[ \t]*\][ \t]*=/y, start)
        this.inCondition = true
        this.sink.terminal('dollar', start, end)
    }
    this.atLineStart = false
  }

  private close(start: number, end: number): void {
    if (this.parentheses > 0) {
      this.parentheses--
      this.sink.terminal('close', start, end)
    } else {
      this.error(start, end, 'syntax/unexpected-closing', 'Unexpected `)`: no list is open here', {
        hint: 'remove it, or add the `(` that it should close'
      })
    }
  }

  /** Read as often as could still make a difference: nothing nests as deep as that. */
  private run(start: number, end: number): void {
    const unit = this.text[start] ?? ''
    const width = unit === '"' ? 2 : 1
    const times = Math.min(Math.floor((end - start) / width), runLength * 8)
    for (let n = 0; n < times; n++) {
      const from = start + n * width
      const to = n === times - 1 ? end : from + width
      const kind = single.get(unit) ?? 'Dollar'
      if (kind === 'String') this.value(kind, from, to)
      else if (kind === 'Comma' || kind === 'Plus' || kind === 'Assign') this.operator(kind, from, to)
      else this.mark(kind, from, to)
    }
  }

  stray(kind: string, start: number, end: number): void {
    if (this.stopped) return
    if (kind === 'Nul') {
      this.stopped = true
      return
    }
    this.significant(start)
    this.atLineStart = false
    const { message, hint } = explainStray(this.text, start)
    this.error(start, end, 'syntax/unexpected-character', message, hint === undefined ? {} : { hint })
  }

  /** At most one of each line: what follows the first is mostly its echo. */
  private error(
    start: number,
    end: number,
    code: string,
    message: string,
    more: { hint?: string } = {}
  ): void {
    if (this.errorInLine || this.diagnostics.length >= maximumErrors) return
    this.errorInLine = true
    this.diagnostics.push({
      code,
      severity: 'error',
      message,
      span: { file: this.file, start, end },
      ...more
    })
  }
}
