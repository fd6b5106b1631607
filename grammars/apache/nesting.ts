import type { IToken } from 'chevrotain'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { unreachable } from '../../src/diagnostics/index.js'
import { maximumDepth, type Comment, type Comments, type Node } from '../tree.js'
import type { Line } from './parser.js'
import type { Directive, Section, Statement } from './tree.js'
import { splitWords } from './words.js'

/** A section whose end has not been seen yet. */
interface OpenSection {
  readonly name: string
  readonly nameNode: Node
  readonly head: Node
  readonly arguments: Node
  readonly comments: Comments
  readonly body: Statement[]
}

export interface Nested {
  readonly body: readonly Statement[]
  readonly dangling: readonly Comment[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Builds sections from lines. The stack is a list, so that no depth of the input is a depth of calls. */
export function nest(file: string, lines: readonly Line[]): Nested {
  return new Nesting(file).run(lines)
}

class Nesting {
  private readonly diagnostics: Diagnostic[] = []
  private readonly top: Statement[] = []
  private readonly open: OpenSection[] = []
  /** Names of sections that are nested too deep to be kept. */
  private readonly tooDeep: string[] = []
  private pending: Comment[] = []

  constructor(private readonly file: string) {}

  run(lines: readonly Line[]): Nested {
    for (const line of lines) this.take(line)
    this.closeAll()
    return { body: this.top, dangling: this.pending, diagnostics: this.diagnostics }
  }

  private take(line: Line): void {
    switch (line.kind) {
      case 'comment':
        this.pending.push({ text: line.comment.image, ...nodeOf(line.comment) })
        return
      case 'directive':
        if (this.tooDeep.length === 0) this.body().push(this.directive(line))
        return
      case 'open':
        this.openSection(line)
        return
      case 'close':
        this.closeSection(line)
        return
      default:
        unreachable(line)
    }
  }

  private body(): Statement[] {
    return this.open.at(-1)?.body ?? this.top
  }

  private directive(line: Extract<Line, { kind: 'directive' }>): Directive {
    const nameNode = nodeOf(line.name)
    const rest = line.arguments === undefined ? emptyAt(nameNode.end) : nodeOf(line.arguments)
    const end = line.arguments === undefined ? nameNode.end : rest.end
    const name = splitWords(joinLines(line.name.image))[0]?.value ?? ''
    const comments = this.takeComments()
    return { kind: 'directive', start: nameNode.start, end, name, nameNode, arguments: rest, comments }
  }

  private openSection(line: Extract<Line, { kind: 'open' }>): void {
    const { bracket, ...parts } = sectionHead(line)
    if (!bracket) {
      this.report(
        'syntax/missing-bracket',
        parts.head,
        `\`<${parts.name}\` is missing its closing \`>\``,
        'end the line with `>`'
      )
    }
    if (this.open.length < maximumDepth && this.tooDeep.length === 0) {
      this.open.push({ ...parts, comments: this.takeComments(), body: [] })
      return
    }
    if (this.tooDeep.length === 0) {
      const message = `Sections are nested more than ${String(maximumDepth)} deep`
      this.report('syntax/too-deep', parts.head, message, 'close sections that are no longer needed')
    }
    this.tooDeep.push(parts.name)
  }

  private closeSection(line: Extract<Line, { kind: 'close' }>): void {
    const node = nodeOf(line.name)
    const written = joinLines(line.name.image)
    const name = written.slice(2, written.endsWith('>') ? -1 : undefined)
    if (!written.endsWith('>')) {
      this.report(
        'syntax/missing-bracket',
        node,
        `\`${written}\` is missing its closing \`>\``,
        'write `>` directly behind the name'
      )
    }
    if (this.closeTooDeep(name)) return
    const innermost = this.open.at(-1)
    if (innermost === undefined) {
      this.report(
        'syntax/unexpected-close',
        node,
        `\`</${name}>\` closes nothing: no \`<${name}>\` is open here`,
        'remove the line, or open the section above'
      )
      return
    }
    if (sameName(innermost.name, name)) {
      this.finish(node)
      return
    }
    this.report(
      'syntax/mismatched-close',
      node,
      `Expected \`</${innermost.name}>\` but found \`</${name}>\``,
      `close \`<${innermost.name}>\` first`,
      innermost.head
    )
    // Most often the inner section was forgotten: if an outer one has this name, all inside it ends here.
    if (!this.open.some((section) => sameName(section.name, name))) return
    while (!sameName(this.open.at(-1)?.name ?? name, name)) this.finish(undefined)
    this.finish(node)
  }

  private closeTooDeep(name: string): boolean {
    if (this.tooDeep.length === 0) return false
    const last = this.tooDeep.at(-1)
    if (last !== undefined && sameName(last, name)) {
      this.tooDeep.pop()
      return true
    }
    if (!this.open.some((section) => sameName(section.name, name))) return true
    this.tooDeep.length = 0
    return false
  }

  /** Ends the innermost section. */
  private finish(close: Node | undefined): void {
    const section = this.open.pop()
    if (section === undefined) return
    const dangling = this.pending
    this.pending = []
    const last = close ?? dangling.at(-1) ?? section.body.at(-1) ?? section.head
    const finished: Section = {
      kind: 'section',
      ...section,
      start: section.head.start,
      end: Math.max(last.end, section.head.end),
      dangling,
      ...(close === undefined ? {} : { close })
    }
    this.body().push(finished)
  }

  private closeAll(): void {
    while (this.open.length > 0) {
      const section = this.open.at(-1)
      if (section === undefined) return
      this.report(
        'syntax/unclosed-section',
        section.head,
        `\`<${section.name}>\` is not closed`,
        `write \`</${section.name}>\` in the same file`
      )
      this.finish(undefined)
    }
  }

  private takeComments(): Comments {
    const before = this.pending
    this.pending = []
    return { before }
  }

  private report(code: string, at: Node, message: string, hint: string, opened?: Node): void {
    const span = { file: this.file, start: at.start, end: at.end }
    this.diagnostics.push({
      code,
      severity: 'error',
      message,
      span,
      hint,
      ...(opened === undefined
        ? {}
        : {
            related: [
              { span: { file: this.file, start: opened.start, end: opened.end }, message: 'opened here' }
            ]
          })
    })
  }
}

/**
 * Takes a head apart: `<IfModule mod_a.c>` has its `>` at the end of the arguments (the last one counts, and what
 * follows it is ignored), `<RequireAll>` at the end of the name.
 */
function sectionHead(line: Extract<Line, { kind: 'open' }>): Omit<OpenSection, 'comments' | 'body'> & {
  readonly bracket: boolean
} {
  const word = nodeOf(line.name)
  const written = joinLines(line.name.image)
  const closedAtOnce = written.endsWith('>')
  const name = written.slice(1, closedAtOnce ? -1 : undefined)
  const nameNode = { start: word.start + 1, end: closedAtOnce ? word.end - 1 : word.end }
  if (line.arguments === undefined) {
    return { name, nameNode, head: word, arguments: emptyAt(nameNode.end), bracket: closedAtOnce }
  }
  const rest = nodeOf(line.arguments)
  const last = line.arguments.image.lastIndexOf('>')
  const end = last < 0 ? rest.end : rest.start + last
  const head = { start: word.start, end: rest.end }
  return { name, nameNode, head, arguments: { start: rest.start, end }, bracket: last >= 0 }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function nodeOf(token: IToken): Node {
  return { start: token.startOffset, end: token.startOffset + token.image.length }
}

function emptyAt(offset: number): Node {
  return { start: offset, end: offset }
}

/** The logical line: continuations go, nothing is put in their place. */
export function joinLines(text: string): string {
  return text.includes('\\') ? text.replace(/\\\r?\n/g, '') : text
}
