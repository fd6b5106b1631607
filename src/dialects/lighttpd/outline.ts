import { parse } from '../../../grammars/lighttpd/index.js'
import type { Branch, Element, Expression, Statement, Term } from '../../../grammars/lighttpd/index.js'
import type { Node } from '../../../grammars/tree.js'
import type { Span } from '../../diagnostics/index.js'
import type { OpenOutline, Outline, OutlineWord } from '../outline.js'

/** The statements of a text, as the server's parser takes them. */
export function outlineLighttpd(file: string, text: string): readonly Outline[] {
  const top: Outline[] = []
  const maker = new Maker(file, text)
  for (const statement of parse(file, text).body) maker.statement(statement, top, undefined)
  return top
}

interface Head {
  readonly name: string
  readonly nameNode: Node
  readonly head: Node
  readonly operator?: string
  readonly words?: readonly OutlineWord[]
}

class Maker {
  constructor(
    private readonly file: string,
    private readonly text: string
  ) {}

  statement(statement: Statement, into: Outline[], parent: Outline | undefined): void {
    switch (statement.kind) {
      case 'assignment': {
        const { name, operator, value } = statement
        const head = { start: name.start, end: firstList(value)?.start ?? statement.end }
        const words = this.words(value)
        const made = this.open(statement, { name: name.text, nameNode: name, head, operator, words }, parent)
        into.push(made)
        this.elements(value, made)
        return
      }
      case 'include': {
        const { how, argument, start } = statement
        const name = how === 'file' ? 'include' : 'include_shell'
        const nameNode = { start, end: start + name.length }
        const words = this.words(argument)
        into.push(this.open(statement, { name, nameNode, head: statement, words }, parent))
        return
      }
      case 'global': {
        const { head, body } = statement
        const made = this.open(statement, { name: 'global', nameNode: head, head }, parent)
        into.push(made)
        for (const inner of body) this.statement(inner, made.inside, made)
        return
      }
      case 'conditions': {
        for (const branch of statement.branches) into.push(this.branch(branch, parent))
      }
    }
  }

  private branch(branch: Branch, parent: Outline | undefined): Outline {
    const { condition, head, body } = branch
    const nameEnd = condition === undefined ? head.end : this.behindField(condition.field.end)
    const nameNode = { start: head.start, end: nameEnd }
    const made = this.open(
      branch,
      {
        name: this.text.slice(nameNode.start, nameNode.end).trim().replace(/\s+/g, ' '),
        nameNode,
        head,
        ...(condition !== undefined && { operator: condition.operator, words: this.words(condition.value) })
      },
      parent
    )
    for (const inner of body) this.statement(inner, made.inside, made)
    return made
  }

  /** Behind the `]` that follows the field. */
  private behindField(fieldEnd: number): number {
    const close = this.text.indexOf(']', fieldEnd)
    return close < 0 ? fieldEnd : close + 1
  }

  private open(all: Node, about: Head, parent: Outline | undefined): OpenOutline {
    const { name, nameNode, head, operator, words = [] } = about
    return {
      name,
      nameSpan: this.span(nameNode),
      span: this.span(all),
      head: this.span(head),
      words,
      inside: [],
      ...(operator !== undefined && { operator }),
      ...(parent !== undefined && { parent })
    }
  }

  private words({ terms }: Expression): readonly OutlineWord[] {
    return terms.flatMap((term) =>
      term.kind === 'list' ? [] : [{ value: valueOf(term), span: this.span(term) }]
    )
  }

  private elements({ terms }: Expression, parent: OpenOutline): void {
    for (const term of terms) {
      if (term.kind !== 'list') continue
      for (const element of term.elements) parent.inside.push(this.element(element, parent))
    }
  }

  private element(element: Element, parent: Outline): Outline {
    const { key, value, start } = element
    const nameNode = key ?? { start, end: start }
    const name = key === undefined ? '' : key.terms.map(valueOf).join('')
    const head = { start, end: firstList(value)?.start ?? element.end }
    const made = this.open(element, { name, nameNode, head, words: this.words(value) }, parent)
    this.elements(value, made)
    return made
  }

  private span({ start, end }: Node): Span {
    return { file: this.file, start, end }
  }
}

function firstList({ terms }: Expression): Term | undefined {
  return terms.find(({ kind }) => kind === 'list')
}

function valueOf(term: Term): string {
  switch (term.kind) {
    case 'integer':
      return term.digits
    case 'list':
      return ''
    default:
      return term.text
  }
}
