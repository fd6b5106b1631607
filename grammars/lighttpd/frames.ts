import type { Comment, Node } from '../tree.js'
import type { Terminal } from './terminals.js'
import type {
  Assignment,
  Branch,
  Condition,
  ConditionOperator,
  Element,
  Expression,
  Name,
  Place,
  Statement,
  Term
} from './tree.js'

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

interface Unclosed extends Node {
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

const misfits = {
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

function unfinished(node: Node, message: string): Unclosed {
  return {
    code: 'unexpected-end',
    message,
    hint: 'finish the statement, or remove it',
    start: node.start,
    end: node.end
  }
}

/** Terms joined by `+`. */
export class ExpressionFrame implements Frame {
  readonly nests = false
  readonly mayWait = false
  private readonly terms: Term[] = []
  private wanted = true

  constructor(
    private readonly item: Item,
    readonly start: number
  ) {}

  step(terminal: Terminal, start: number, end: number, machine: Machine): Step {
    if (!this.wanted) {
      if (terminal !== 'plus') return this.finish(machine)
      this.wanted = true
      return 'taken'
    }
    switch (terminal) {
      case 'open':
        machine.list(this.item, start)
        return 'taken'
      case 'string':
        return this.term({ kind: 'string', text: unquote(machine.text, start, end), start, end }, machine)
      case 'integer':
        return this.term({ kind: 'integer', digits: machine.text.slice(start, end), start, end }, machine)
      case 'name':
        return this.term({ kind: 'name', text: machine.text.slice(start, end), start, end }, machine)
      default:
        return misfits.value
    }
  }

  private term(term: Term, machine: Machine): Step {
    this.add(term)
    machine.owns(this.item)
    return 'taken'
  }

  add(term: Term): void {
    this.terms.push(term)
    this.wanted = false
  }

  private finish(machine: Machine): Step {
    const first = this.terms[0]
    const last = this.terms.at(-1)
    if (first === undefined || last === undefined) machine.pop()
    else machine.deliver({ terms: this.terms, start: first.start, end: last.end })
    return 'again'
  }

  accept(expression: Expression): void {
    const list = expression.terms[0]
    if (list !== undefined) this.add(list)
  }

  abandon(machine: Machine): void {
    this.finish(machine)
  }

  get unclosed(): Unclosed | undefined {
    if (!this.wanted) return undefined
    return unfinished(
      { start: this.start, end: this.start },
      'Unexpected end of the file where a value belongs'
    )
  }
}

/** `\"` stands for a quote; every other backslash stays. A string that was not closed has no last quote. */
function unquote(text: string, start: number, end: number): string {
  const closed = end - start > 1 && text[end - 1] === '"' && text[end - 2] !== '\\'
  return text.slice(start + 1, closed || end - start === 2 ? end - 1 : end).replaceAll('\\"', '"')
}

/** `( "a", "key" => "b" )` */
export class ListFrame implements Frame {
  readonly nests = true
  readonly mayWait = false
  private readonly elements: Element[] = []
  private at: 'first' | 'more' | 'key' | 'value' | 'behind' = 'first'
  private key: Expression | undefined
  private element: Item | undefined

  constructor(
    private readonly item: Item,
    readonly start: number
  ) {}

  step(terminal: Terminal, _start: number, end: number, machine: Machine): Step {
    if (this.at === 'key' || this.at === 'value') return this.behindExpression(terminal, machine)
    if (this.at !== 'behind' && startsValue(terminal)) {
      this.element = machine.item()
      machine.expression(this.element)
      return 'again'
    }
    // After a comma whatever is no value puts the server in the state behind an element.
    if (this.at === 'more') this.at = 'behind'
    if (terminal === 'close') {
      this.close(end, machine)
      machine.owns(this.item)
      return 'taken'
    }
    if (this.at === 'first') return misfits.value
    if (terminal !== 'comma') return misfits.list
    this.at = 'more'
    return 'taken'
  }

  private behindExpression(terminal: Terminal, machine: Machine): Step {
    if (this.at === 'key' && terminal === 'arrow' && this.element !== undefined) {
      this.at = 'value'
      machine.expression(this.element)
      return 'taken'
    }
    this.at = 'behind'
    return 'again'
  }

  accept(expression: Expression): void {
    if (this.element === undefined) return
    if (this.at === 'value' && this.key !== undefined) {
      this.elements.pop()
      this.elements.push({
        key: this.key,
        value: expression,
        comments: this.element,
        start: this.key.start,
        end: expression.end
      })
      this.key = undefined
      return
    }
    this.key = expression
    this.at = 'key'
    this.elements.push({
      value: expression,
      comments: this.element,
      start: expression.start,
      end: expression.end
    })
  }

  private close(end: number, machine: Machine): void {
    const list = {
      kind: 'list',
      elements: this.elements,
      dangling: machine.takeComments(),
      start: this.start,
      end
    } as const
    machine.deliver({ terms: [list], start: this.start, end })
  }

  abandon(machine: Machine): void {
    this.close(this.elements.at(-1)?.end ?? this.start + 1, machine)
  }

  get unclosed(): Unclosed {
    return {
      code: 'unclosed-list',
      message: 'Unexpected end of the file in a list that is still open',
      hint: 'close it with `)`',
      start: this.start,
      end: this.start + 1
    }
  }
}

function startsValue(terminal: Terminal): boolean {
  return terminal === 'open' || terminal === 'string' || terminal === 'integer' || terminal === 'name'
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
