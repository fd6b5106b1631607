import type { Comment, Node } from '../tree.js'
import type { ConditionsFrame } from './conditions.js'
import type { Terminal } from './terminals.js'
import type { Assignment, Expression, Name, Place, Statement } from './tree.js'

/**
 * What can stand open while a file is read, each with the tokens it takes. A frame answers every token: it is taken,
 * or it ends the frame and is offered `again` to what the frame stands in, or it does not fit.
 */
export interface Frame {
  readonly start: number
  /** Counts for the depth of nesting. */
  readonly nests: boolean
  /** Whether a line may end while it is the innermost one, without anything being wrong. */
  readonly mayWait: boolean
  step(terminal: Terminal, start: number, end: number, machine: Machine): Step
  /** Takes the expression that it asked for. */
  accept?(expression: Expression, machine: Machine): void
  /** Gives up, keeping what there is of it. */
  abandon(machine: Machine): void
  /** What to say when the file ends in it. */
  readonly unclosed: Unclosed | undefined
}

export type Step = 'taken' | 'again' | Misfit

export interface Misfit {
  readonly place: Place
  readonly expected: string
}

export interface Unclosed extends Node {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** The comments of a statement or an element while it is being built. */
export interface Item {
  readonly before: readonly Comment[]
  behind?: Comment
}

/** What frames may ask of the machine that runs them. */
export interface Machine {
  readonly text: string
  push(frame: Frame): void
  pop(): void
  deliver(expression: Expression): void
  expression(item: Item): void
  list(item: Item, start: number): void
  block(frame: BlockFrame): void
  assignment(start: number, end: number): void
  include(how: 'file' | 'shell', start: number, end: number): void
  global(start: number, end: number): void
  conditions(start: number): void
  condition(item: Item, start: number, chain: ConditionsFrame): void
  item(): Item
  owns(item: Item): void
  takeComments(): Comment[]
  enclosingBlock(): BlockFrame
}

/** What is said of a token that fits nowhere, by what stands open. */
export const misfits = {
  statement: { place: 'statements', expected: 'a statement' },
  operator: { place: 'operator', expected: '`=`, `+=` or `:=`' },
  value: { place: 'value', expected: 'a value' },
  list: { place: 'list', expected: '`,` or `)`' },
  condition: { place: 'condition', expected: 'a condition such as `$HTTP["host"] == "name"`' },
  brace: { place: 'brace', expected: '`{`' },
  else: { place: 'brace', expected: '`else`' }
} as const satisfies Record<string, Misfit>

/** The statements of the file, or of a block. */
export class BlockFrame implements Frame {
  readonly nests = true
  readonly mayWait = true
  readonly body: Statement[] = []
  dangling: readonly Comment[] = []

  constructor(
    readonly kind: 'file' | 'block',
    readonly start: number,
    private readonly closed: (end: number, machine: Machine) => void = () => undefined
  ) {}

  step(terminal: Terminal, start: number, end: number, machine: Machine): Step {
    switch (terminal) {
      case 'end-of-line':
        return 'taken'
      case 'name':
        machine.assignment(start, end)
        return 'taken'
      case 'include':
      case 'include_shell':
        machine.include(terminal === 'include' ? 'file' : 'shell', start, end)
        return 'taken'
      case 'global':
        machine.global(start, end)
        return 'taken'
      case 'dollar':
        machine.conditions(start)
        return 'taken'
      case 'close-block':
        if (this.kind === 'file') return misfits.statement
        this.close(end, machine)
        return 'taken'
      default:
        return misfits.statement
    }
  }

  private close(end: number, machine: Machine): void {
    this.dangling = machine.takeComments()
    machine.pop()
    this.closed(end, machine)
  }

  abandon(machine: Machine): void {
    if (this.kind === 'block') this.close(machine.text.length, machine)
  }

  get unclosed(): Unclosed {
    return {
      code: 'unclosed-block',
      message: 'Unexpected end of the file in a block that is still open',
      hint: 'close it with `}`; a block cannot end in another file than the one it begins in',
      start: this.start,
      end: this.start + 1
    }
  }
}

/** `name = value` */
export class AssignmentFrame implements Frame {
  readonly nests = false
  readonly mayWait = false
  private operator: Assignment['operator'] | undefined
  private readonly name: Name

  constructor(
    private readonly item: Item,
    readonly start: number,
    end: number,
    text: string
  ) {
    this.name = { kind: 'name', text, start, end }
  }

  step(terminal: Terminal, _start: number, _end: number, machine: Machine): Step {
    const operator = assignmentOperators.get(terminal)
    if (operator === undefined) return misfits.operator
    this.operator = operator
    machine.expression(this.item)
    return 'taken'
  }

  accept(value: Expression, machine: Machine): void {
    machine.pop()
    machine.enclosingBlock().body.push({
      kind: 'assignment',
      name: this.name,
      operator: this.operator ?? '=',
      value,
      comments: this.item,
      start: this.start,
      end: value.end
    })
  }

  abandon(machine: Machine): void {
    machine.pop()
  }

  get unclosed(): Unclosed {
    return unfinished(this.name, `Unexpected end of the file: \`${this.name.text}\` has no value`)
  }
}

const assignmentOperators: ReadonlyMap<Terminal, Assignment['operator']> = new Map([
  ['assign', '='],
  ['append', '+='],
  ['force', ':=']
])

export function unfinished(node: Node, message: string): Unclosed {
  return {
    code: 'unexpected-end',
    message,
    hint: 'finish the statement, or remove it',
    start: node.start,
    end: node.end
  }
}

/** `include "file"` */
export class IncludeFrame implements Frame {
  readonly nests = false
  readonly mayWait = false
  readonly unclosed = undefined

  constructor(
    private readonly item: Item,
    private readonly how: 'file' | 'shell',
    readonly start: number
  ) {}

  step(_terminal: Terminal, _start: number, _end: number, machine: Machine): Step {
    machine.pop()
    return 'again'
  }

  accept(argument: Expression, machine: Machine): void {
    machine.pop()
    machine.enclosingBlock().body.push({
      kind: 'include',
      how: this.how,
      argument,
      comments: this.item,
      start: this.start,
      end: argument.end
    })
  }

  abandon(machine: Machine): void {
    machine.pop()
  }
}

/** `global { … }` */
export class GlobalFrame implements Frame {
  readonly nests = false
  readonly mayWait = false

  constructor(
    private readonly item: Item,
    readonly start: number,
    private readonly headEnd: number
  ) {}

  step(terminal: Terminal, start: number, _end: number, machine: Machine): Step {
    if (terminal !== 'open-block') return misfits.brace
    machine.pop()
    const block = new BlockFrame('block', start, (end, ended) => {
      ended.owns(this.item)
      ended.enclosingBlock().body.push({
        kind: 'global',
        head: { start: this.start, end: this.headEnd },
        body: block.body,
        dangling: block.dangling,
        comments: this.item,
        start: this.start,
        end
      })
    })
    machine.block(block)
    return 'taken'
  }

  abandon(machine: Machine): void {
    machine.pop()
  }

  get unclosed(): Unclosed {
    return unfinished({ start: this.start, end: this.headEnd }, 'Unexpected end of the file behind `global`')
  }
}
