import type { Node } from '../tree.js'
import { BlockFrame, misfits, unfinished } from './frames.js'
import type { Frame, Item, Machine, Step, Unclosed } from './frames.js'
import type { Terminal } from './terminals.js'
import type { Branch, Condition, ConditionOperator, Expression, Name } from './tree.js'

/** A chain of conditions: after a block, an `else` on its line or the next may go on with it. */
export class ConditionsFrame implements Frame {
  readonly nests = false
  readonly branches: Branch[] = []
  private at: 'block' | 'end' | 'end-of-line' | 'else' | 'branch' = 'block'
  private elseStart = 0
  private elseItem: Item | undefined

  constructor(readonly start: number) {}

  get mayWait(): boolean {
    return this.at === 'end' || this.at === 'end-of-line'
  }

  get isComplete(): boolean {
    return this.branches.length > 0 && (this.at === 'end' || this.at === 'end-of-line')
  }

  step(terminal: Terminal, start: number, _end: number, machine: Machine): Step {
    switch (this.at) {
      case 'end':
        this.at = terminal === 'end-of-line' ? 'end-of-line' : 'else'
        return terminal === 'end-of-line' ? 'taken' : 'again'
      case 'end-of-line':
        if (terminal === 'else') return this.takeElse(start, machine)
        this.end(machine)
        return 'again'
      case 'else':
        return terminal === 'else' ? this.takeElse(start, machine) : misfits.else
      case 'branch':
        return this.branch(terminal, start, machine)
      case 'block':
        machine.pop()
        return 'again'
    }
  }

  private takeElse(start: number, machine: Machine): Step {
    this.at = 'branch'
    this.elseStart = start
    this.elseItem = machine.item()
    return 'taken'
  }

  private branch(terminal: Terminal, start: number, machine: Machine): Step {
    if (this.elseItem === undefined) return misfits.brace
    if (terminal === 'dollar' && this.at === 'branch' && this.head === undefined) {
      machine.condition(this.elseItem, start, this)
      return 'taken'
    }
    this.head = { start: this.elseStart, end: this.elseStart + 4 }
    if (terminal !== 'open-block') return misfits.brace
    this.open(this.elseItem, this.head, undefined, start, machine)
    return 'taken'
  }

  /** Of an `else` that can no longer have a condition. */
  private head: Node | undefined

  open(item: Item, head: Node, condition: Condition | undefined, start: number, machine: Machine): void {
    this.at = 'block'
    this.head = undefined
    const block = new BlockFrame('block', start, (end, ended) => {
      ended.owns(item)
      this.at = 'end'
      this.branches.push({
        ...(condition && { condition }),
        head,
        body: block.body,
        dangling: block.dangling,
        comments: item,
        start: head.start,
        end
      })
    })
    machine.block(block)
  }

  end(machine: Machine): void {
    machine.pop()
    const last = this.branches.at(-1)
    if (last === undefined) return
    machine.enclosingBlock().body.push({
      kind: 'conditions',
      branches: this.branches,
      start: this.start,
      end: last.end
    })
  }

  abandon(machine: Machine): void {
    this.end(machine)
  }

  get unclosed(): Unclosed | undefined {
    if (this.at !== 'branch') return undefined
    return unfinished(
      { start: this.elseStart, end: this.elseStart + 4 },
      'Unexpected end of the file behind `else`'
    )
  }
}

/** `$HTTP["host"] == "name"`, up to the brace. */
export class ConditionFrame implements Frame {
  readonly nests = false
  readonly mayWait = false
  private object: Name | undefined
  private field: Expression | undefined
  private operator: ConditionOperator | undefined
  private value: Expression | undefined
  private at: 'object' | 'open' | 'field' | 'close' | 'operator' | 'value' | 'brace' = 'object'

  constructor(
    private readonly item: Item,
    readonly start: number,
    private readonly chain: ConditionsFrame
  ) {}

  step(terminal: Terminal, start: number, end: number, machine: Machine): Step {
    switch (this.at) {
      case 'object':
        if (terminal !== 'object') return misfits.condition
        this.object = { kind: 'name', text: machine.text.slice(start, end), start, end }
        this.at = 'open'
        return 'taken'
      case 'open':
        if (terminal !== 'open-bracket') return misfits.condition
        this.at = 'field'
        machine.expression(this.item)
        return 'taken'
      case 'close':
        if (terminal !== 'close-bracket') return misfits.condition
        this.at = 'operator'
        return 'taken'
      case 'operator':
        if (terminal !== 'operator') return misfits.condition
        this.operator = operatorOf(machine.text.slice(start, end))
        this.at = 'value'
        machine.expression(this.item)
        return 'taken'
      case 'brace':
        if (terminal !== 'open-block') return misfits.brace
        this.open(start, machine)
        return 'taken'
      case 'field':
      case 'value':
        machine.pop()
        return 'again'
    }
  }

  accept(expression: Expression): void {
    if (this.at === 'field') {
      this.field = expression
      this.at = 'close'
    } else {
      this.value = expression
      this.at = 'brace'
    }
  }

  private open(start: number, machine: Machine): void {
    const { object, field, operator, value } = this
    machine.pop()
    if (!object || !field || !operator || !value) return
    const span = { start: this.start, end: value.end }
    this.chain.open(this.item, span, { object, field, operator, value, ...span }, start, machine)
  }

  abandon(machine: Machine): void {
    machine.pop()
  }

  get unclosed(): Unclosed {
    return unfinished(
      { start: this.start, end: this.value?.end ?? this.start + 1 },
      'Unexpected end of the file in the head of a block'
    )
  }
}

/** What is no operator of the language was reported; it is read as a comparison. */
function operatorOf(text: string): ConditionOperator {
  switch (text) {
    case '!=':
    case '=~':
    case '!~':
    case '=^':
    case '=$':
      return text
    default:
      return '=='
  }
}
