import type { IToken } from 'chevrotain'
import type { Diagnostic } from '../../src/diagnostics/index.js'
import { maximumDepth, type Comment, type Comments, type Node } from '../tree.js'
import type { Events } from './parser.js'
import type { Section, Statement } from './tree.js'
import { splitWords } from './words.js'

/** The first line of a section, taken apart. */
interface Head {
  readonly name: string
  readonly nameNode: Node
  readonly head: Node
  readonly arguments: Node
  /** It ends with its `>`. */
  readonly bracket: boolean
}

/** A section whose end has not been seen yet. */
interface OpenSection {
  readonly first: Head
  readonly comments: Comments
  readonly body: Statement[]
}

export interface Nested {
  readonly body: readonly Statement[]
  readonly dangling: readonly Comment[]
  readonly diagnostics: readonly Diagnostic[]
}

const noComments: Comments = { before: [] }

/** Builds sections from lines. The stack is a list, so that no depth of the input is a depth of calls. */
export class Nesting implements Events {
  private readonly diagnostics: Diagnostic[] = []
  private readonly top: Statement[] = []
  private readonly sections: OpenSection[] = []
  /** Where statements go: into the innermost section. */
  private body: Statement[] = this.top
  /** Names of sections that are nested too deep to be kept. */
  private readonly tooDeep: string[] = []
  private pending: Comment[] = []

  constructor(private readonly file: string) {}

  /** Once all lines have been told. */
  finish(): Nested {
    this.closeAll()
    return { body: this.top, dangling: this.pending, diagnostics: this.diagnostics }
  }

  comment(comment: IToken): void {
    this.pending.push({ text: comment.image, ...nodeOf(comment) })
  }

  directive(word: IToken, words: IToken | undefined): void {
    if (this.tooDeep.length > 0) return
    const nameNode = nodeOf(word)
    const { start } = nameNode
    const rest = words === undefined ? emptyAt(nameNode.end) : nodeOf(words)
    const name = nameIn(word.image)
    const comments = this.takeComments()
    this.body.push({ kind: 'directive', start, end: rest.end, name, nameNode, arguments: rest, comments })
  }

  open(word: IToken, words: IToken | undefined): void {
    const first = sectionHead(word, words)
    if (!first.bracket) {
      this.report(
        'syntax/missing-bracket',
        first.head,
        `\`<${first.name}\` is missing its closing \`>\``,
        'end the line with `>`'
      )
    }
    if (this.sections.length < maximumDepth && this.tooDeep.length === 0) {
      this.body = []
      this.sections.push({ first, comments: this.takeComments(), body: this.body })
      return
    }
    if (this.tooDeep.length === 0) {
      const message = `Sections are nested more than ${String(maximumDepth)} deep`
      this.report('syntax/too-deep', first.head, message, 'close sections that are no longer needed')
    }
    this.tooDeep.push(first.name)
  }

  close(word: IToken): void {
    const node = nodeOf(word)
    const written = joinLines(word.image)
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
    const innermost = this.sections.at(-1)
    if (innermost === undefined) {
      this.report(
        'syntax/unexpected-close',
        node,
        `\`</${name}>\` closes nothing: no \`<${name}>\` is open here`,
        'remove the line, or open the section above'
      )
      return
    }
    if (sameName(innermost.first.name, name)) {
      this.end(node)
      return
    }
    this.report(
      'syntax/mismatched-close',
      node,
      `Expected \`</${innermost.first.name}>\` but found \`</${name}>\``,
      `close \`<${innermost.first.name}>\` first`,
      innermost.first.head
    )
    // Most often the inner section was forgotten: if an outer one has this name, all inside it ends here.
    if (!this.sections.some((section) => sameName(section.first.name, name))) return
    while (!sameName(this.sections.at(-1)?.first.name ?? name, name)) this.end(undefined)
    this.end(node)
  }

  private closeTooDeep(name: string): boolean {
    if (this.tooDeep.length === 0) return false
    const last = this.tooDeep.at(-1)
    if (last !== undefined && sameName(last, name)) {
      this.tooDeep.pop()
      return true
    }
    if (!this.sections.some((section) => sameName(section.first.name, name))) return true
    this.tooDeep.length = 0
    return false
  }

  /** Ends the innermost section. */
  private end(close: Node | undefined): void {
    const section = this.sections.pop()
    if (section === undefined) return
    const dangling = this.takeComments().before
    const last = close ?? dangling.at(-1) ?? section.body.at(-1) ?? section.first.head
    const { name, nameNode, head, arguments: words } = section.first
    const finished: Section = {
      kind: 'section',
      start: head.start,
      end: Math.max(last.end, head.end),
      name,
      head,
      nameNode,
      arguments: words,
      body: section.body,
      dangling,
      comments: section.comments,
      ...(close !== undefined && { close })
    }
    this.body = this.sections.at(-1)?.body ?? this.top
    this.body.push(finished)
  }

  private closeAll(): void {
    while (this.sections.length > 0) {
      const section = this.sections.at(-1)
      if (section === undefined) return
      this.report(
        'syntax/unclosed-section',
        section.first.head,
        `\`<${section.first.name}>\` is not closed`,
        `write \`</${section.first.name}>\` in the same file`
      )
      this.end(undefined)
    }
  }

  private takeComments(): Comments {
    if (this.pending.length === 0) return noComments
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
function sectionHead(first: IToken, words: IToken | undefined): Head {
  const word = nodeOf(first)
  const written = joinLines(first.image)
  const closedAtOnce = written.endsWith('>')
  const name = written.slice(1, closedAtOnce ? -1 : undefined)
  const nameNode = { start: word.start + 1, end: closedAtOnce ? word.end - 1 : word.end }
  if (words === undefined) {
    return { name, nameNode, head: word, arguments: emptyAt(nameNode.end), bracket: closedAtOnce }
  }
  const rest = nodeOf(words)
  const last = words.image.lastIndexOf('>')
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

/** A directive's name as httpd takes it: it may be quoted. */
function nameIn(written: string): string {
  return /["'\\]/.test(written) ? (splitWords(joinLines(written))[0]?.value ?? '') : written
}

/** The logical line: continuations go, nothing is put in their place. */
export function joinLines(text: string): string {
  return text.includes('\\') ? text.replace(/\\\r?\n/g, '') : text
}
