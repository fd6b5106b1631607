import type { Diagnostic } from '../../src/diagnostics/index.js'
import type { Comment } from '../tree.js'
import { maximumDepth } from '../tree.js'
import { ConditionFrame, ConditionsFrame } from './conditions.js'
import { AssignmentFrame, BlockFrame, GlobalFrame, IncludeFrame } from './frames.js'
import type { Frame, Item, Machine } from './frames.js'
import { ExpressionFrame, ListFrame } from './lists.js'
import type { Terminal, TerminalSink } from './terminals.js'
import type { Dropped, Expression, Place } from './tree.js'

/**
 * Builds the tree as the server's parser does: it holds a stack of what stands open, and each token either fits the
 * innermost, or ends it, or is thrown away (configparser.y has no error rule). The stack is a plain array, so that
 * no nesting can overflow ours.
 */
export class Structure implements TerminalSink, Machine {
  readonly dropped: { start: number; end: number; place: Place; expected: string; after: number }[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly root = new BlockFrame('file', 0)
  private readonly stack: Frame[] = [this.root]
  private pending: Comment[] = []
  /** What the last token belongs to, if a comment behind it would be about that. */
  private owner: Item | undefined
  private depth = 0
  private tooDeep = false
  private last = 0

  constructor(
    private readonly file: string,
    readonly text: string
  ) {}

  // What the terminals tell

  terminal(terminal: Terminal, start: number, end: number): void {
    if (this.tooDeep) return
    for (;;) {
      const frame = this.stack.at(-1)
      if (frame === undefined) return
      const result = frame.step(terminal, start, end, this)
      if (result === 'taken') {
        this.last = end
        return
      }
      if (result !== 'again') {
        this.drop(start, end, result.place, result.expected, terminal)
        return
      }
    }
  }

  comment(start: number, end: number): void {
    const comment = { text: this.text.slice(start, end), start, end }
    if (this.owner !== undefined && this.owner.behind === undefined) this.owner.behind = comment
    else this.pending.push(comment)
  }

  newline(): void {
    this.owner = undefined
  }

  recover(from: 'lists' | 'statement'): void {
    if (from === 'statement' && this.stack.at(-1)?.mayWait === true) return
    while (this.stack.at(-1)?.mayWait === false) this.leave()
  }

  /** The end of the file: a last end of line, then nothing may stand open. */
  finish(): readonly Comment[] {
    this.terminal('end-of-line', this.text.length, this.text.length)
    while (this.stack.length > 1) {
      const frame = this.stack.at(-1)
      if (frame instanceof ConditionsFrame && frame.isComplete) frame.end(this)
      else {
        this.reportUnclosed(frame)
        this.leave()
      }
    }
    return this.takeComments()
  }

  private leave(): void {
    const frame = this.stack.at(-1)
    frame?.abandon(this)
    if (frame !== undefined && this.stack.at(-1) === frame) this.pop()
  }

  private reported = false

  private reportUnclosed(frame: Frame | undefined): void {
    const open = frame?.unclosed
    if (open === undefined || this.reported || this.tooDeep) return
    this.reported = true
    this.diagnostics.push({
      code: `syntax/${open.code}`,
      severity: 'error',
      message: open.message,
      span: { file: this.file, start: open.start, end: open.end },
      hint: open.hint,
      related: [
        {
          span: { file: this.file, start: this.text.length, end: this.text.length },
          message: 'the file ends here'
        }
      ]
    })
  }

  private drop(start: number, end: number, place: Place, expected: string, terminal: Terminal): void {
    if (terminal === 'end-of-line') return
    this.owner = undefined
    const before = this.dropped.at(-1)
    if (before?.place === place && this.last <= before.start) before.end = end
    else this.dropped.push({ start, end, place, expected, after: this.last })
  }

  // What the frames ask for

  push(frame: Frame): void {
    if (frame.nests) this.depth++
    if (this.depth <= maximumDepth) this.stack.push(frame)
    else this.reportTooDeep(frame.start)
  }

  private reportTooDeep(start: number): void {
    this.tooDeep = true
    this.diagnostics.push({
      code: 'syntax/too-deep',
      severity: 'error',
      message: `Unexpected nesting of more than ${maximumDepth} blocks and lists`,
      span: { file: this.file, start, end: start + 1 },
      hint: 'the rest of the file was not read; check that blocks and lists are closed'
    })
  }

  pop(): void {
    if (this.stack.length > 1 && this.stack.pop()?.nests === true) this.depth--
  }

  /** Ends the innermost expression and hands it to what it stands in. */
  deliver(expression: Expression): void {
    this.pop()
    this.stack.at(-1)?.accept?.(expression, this)
  }

  expression(item: Item): void {
    this.push(new ExpressionFrame(item, this.last))
  }

  list(item: Item, start: number): void {
    this.owner = undefined
    this.push(new ListFrame(item, start))
  }

  block(frame: BlockFrame): void {
    this.owner = undefined
    this.push(frame)
  }

  assignment(start: number, end: number): void {
    this.push(new AssignmentFrame(this.item(), start, end, this.text.slice(start, end)))
  }

  include(how: 'file' | 'shell', start: number, end: number): void {
    this.last = end
    this.push(new IncludeFrame(this.item(), how, start))
    this.expression(this.owner ?? this.item())
  }

  global(start: number, end: number): void {
    this.push(new GlobalFrame(this.item(), start, end))
  }

  conditions(start: number): void {
    const frame = new ConditionsFrame(start)
    this.push(frame)
    this.push(new ConditionFrame(this.item(), start, frame))
  }

  condition(item: Item, start: number, chain: ConditionsFrame): void {
    this.push(new ConditionFrame(item, start, chain))
  }

  /** A new statement or element; the comments before it are its own. */
  item(): Item {
    this.owner = { before: this.takeComments() }
    return this.owner
  }

  owns(item: Item): void {
    this.owner = item
  }

  takeComments(): Comment[] {
    const comments = this.pending
    this.pending = []
    return comments
  }

  /** The block that the statement just finished stands in. */
  enclosingBlock(): BlockFrame {
    for (let at = this.stack.length - 1; at >= 0; at--) {
      const frame = this.stack[at]
      if (frame instanceof BlockFrame) return frame
    }
    return this.root
  }

  get droppedNodes(): readonly Dropped[] {
    return this.dropped
  }
}
