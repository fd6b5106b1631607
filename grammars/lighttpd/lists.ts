import type { Frame, Item, Machine, Step, Unclosed } from './frames.js'
import { misfits, unfinished } from './frames.js'
import type { Terminal } from './terminals.js'
import type { Element, Expression, Term } from './tree.js'

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
