import type { IToken } from 'chevrotain'
import type { Diagnostic, Related, Span } from '../../src/diagnostics/index.js'
import { maximumDepth, type Comment, type Comments } from '../tree.js'
import type { Events } from './parser.js'
import { problems } from './problems.js'
import { unquote } from './quote.js'
import { blankEnd, mayFollowQuote, wordEnd } from './scan.js'
import { wordListBlocks, type Body, type Directive, type Word } from './tree.js'

/** nginx reads files through a buffer of this size, and no token may outgrow it (`NGX_CONF_BUFFER`). */
const bufferSize = 4096

/** More syntax errors than this are not worth their memory. */
const maximumProblems = 200

const noComments: Comments = { before: [] }
const ended: Body = { kind: 'none' }
const missing: Body = { kind: 'missing' }

/** Errors that leave blocks open, so that those need not be reported as well. */
const explains: ReadonlySet<string> = new Set(['syntax/unclosed-quote', 'syntax/bare-regex'])

/** A block that is not closed yet. */
interface Open {
  readonly words: readonly Word[]
  readonly comments: readonly Comment[]
  /** Of its `{`. */
  readonly start: number
  readonly statements: Directive[]
  /** `{` inside it that no directive stands before; as many `}` belong to them. */
  strayBraces: number
  /** A block inside it whose `}` stands further left than its head: perhaps the one that misses its own. */
  suspect?: Directive
}

/** Builds the nesting from the parser's flat sequence, with a stack of its own instead of recursion. */
export class TreeBuilder implements Events {
  readonly diagnostics: Diagnostic[] = []
  readonly body: Directive[] = []
  private readonly stack: Open[] = []
  private statements: Directive[] = this.body
  private words: Word[] = []
  private readonly names = new Map<string, string>()
  private nextComment = 0
  /** How many blocks deep in one that was too deep to be read. */
  private skipped = 0
  private strayAtTop = 0

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly comments: readonly Comment[]
  ) {
    for (const comment of comments) this.checkLength(comment.start, comment.end, 'comment')
  }

  head({ startOffset, image }: IToken): void {
    const terminator = startOffset + image.length - 1
    for (let at = startOffset; at < terminator;) {
      const end = wordEnd(this.text, at) ?? terminator
      this.addWord(at, end)
      at = blankEnd(this.text, end)
    }
    if (this.text.charCodeAt(terminator) === 0x7b) this.openAt(terminator)
    else this.finish(this.takeWords(), ended, terminator + 1)
  }

  word({ startOffset, image }: IToken): void {
    this.addWord(startOffset, startOffset + image.length)
  }

  private addWord(start: number, end: number): void {
    const written = this.text.slice(start, end)
    const raw = this.words.length === 0 ? this.nameOnce(written) : written
    const quoted = raw.charCodeAt(0) === 0x22 || raw.charCodeAt(0) === 0x27
    this.words.push({ start, end, raw, value: quoted || raw.includes('\\') ? unquote(raw) : raw })
    if (raw.length > bufferSize / 3) this.checkLength(quoted ? start + 1 : start, end, 'word')
    if (quoted && !mayFollowQuote(this.text.charCodeAt(end))) {
      this.report(problems.textAfterQuote(this.text.charAt(end), this.span(end, end + 1)))
    }
  }

  /** A few names are most of all: one string for each of them is found faster in tables than thousands of equal ones. */
  private nameOnce(name: string): string {
    const known = this.names.get(name)
    if (known === undefined) this.names.set(name, name)
    return known ?? name
  }

  private takeWords(): readonly Word[] {
    const words = this.words
    this.words = []
    return words
  }

  unclosedQuote(token: IToken): void {
    const start = token.startOffset
    const end = this.text.length
    this.words.push({ start, end, raw: token.image, value: unquote(token.image) })
    this.report(
      problems.unclosedQuote(
        token.image.charAt(0),
        this.span(start, start + 1),
        this.atEnd('the file ends here')
      )
    )
  }

  end(token: IToken): void {
    this.finish(this.takeWords(), ended, token.startOffset + 1)
  }

  code(token: IToken, closed: boolean): void {
    const end = token.startOffset + token.image.length
    const name = this.words[0]?.value ?? ''
    if (!closed) {
      this.report(problems.unclosedBlock(name, this.headSpan(this.words), [this.atEnd('the file ends here')]))
    }
    this.finish(this.takeWords(), { kind: 'code', start: token.startOffset, end }, end)
  }

  unterminated(): void {
    const last = this.words[this.words.length - 1]
    if (last === undefined) return
    // An unclosed quote has been reported, and took the rest of the file with it.
    if (last.end < this.text.length || quotesClosed(last.raw)) {
      const rest = this.firstBehind(last.end)
      const found =
        rest === ''
          ? this.atEnd('the file ends here')
          : { span: this.spanBehind(last.end), message: `\`${rest}\` follows` }
      this.report(
        problems.missingSemicolon(this.words[0]?.value ?? '', this.span(last.start, last.end), found)
      )
    }
    this.finish(this.takeWords(), missing, last.end)
  }

  open(token: IToken): void {
    this.openAt(token.startOffset)
  }

  private openAt(start: number): void {
    const words = this.takeWords()
    if (this.skipped > 0) {
      this.skipped++
      return
    }
    const around = this.stack[this.stack.length - 1]?.words[0]?.value
    const brace = this.span(start, start + 1)
    if (around !== undefined && wordListBlocks.has(around)) {
      this.report(problems.braceInWords(around, brace))
    }
    const repeat = this.regexRepeat(words, start)
    if (repeat !== undefined) this.report(problems.bareRegexBrace(repeat, this.headSpan(words)))
    if (this.stack.length >= maximumDepth) {
      this.report(problems.tooDeep(brace))
      this.skipped = 1
    }
    const statements: Directive[] = []
    const comments = this.commentsBefore(start)
    this.stack.push({ words, comments, start, statements, strayBraces: 0 })
    this.statements = statements
  }

  close(token: IToken): void {
    const end = token.startOffset + token.image.length
    for (let at = token.startOffset; at < end; at++) {
      if (this.skipped > 1) this.skipped--
      else if (!this.closeOne(at)) {
        this.report(problems.extraBrace(end - at, this.span(at, end)))
        return
      }
    }
  }

  straySemicolons(token: IToken): void {
    if (this.skipped > 0) return
    this.report(problems.straySemicolon(this.span(token.startOffset, token.startOffset + token.image.length)))
  }

  strayBraces(token: IToken): void {
    const count = token.image.length
    if (this.skipped > 0) {
      this.skipped += count
      return
    }
    const top = this.stack[this.stack.length - 1]
    if (top) top.strayBraces += count
    else this.strayAtTop += count
    this.report(problems.strayBrace(this.span(token.startOffset, token.startOffset + count)))
  }

  /** Closes what is still open at the end of the file; gives the comments that belong to nothing. */
  finishFile(): readonly Comment[] {
    this.reportUnclosed()
    while (this.stack.length > 0) this.closeBlock(this.text.length, false)
    return this.commentsBefore(this.text.length)
  }

  private closeOne(at: number): boolean {
    const top = this.stack[this.stack.length - 1]
    if (top === undefined) {
      if (this.strayAtTop === 0) return false
      this.strayAtTop--
      return true
    }
    this.skipped = 0
    if (top.strayBraces > 0) top.strayBraces--
    else this.closeBlock(at, true)
    return true
  }

  private closeBlock(at: number, closed: boolean): void {
    const open = this.stack.pop()
    if (open === undefined) return
    const dangling = this.commentsBefore(at)
    const around = this.stack[this.stack.length - 1]
    this.statements = around?.statements ?? this.body
    const end = closed ? at + 1 : at
    const holds = wordListBlocks.has(open.words[0]?.value ?? '') ? 'words' : 'directives'
    const { start, statements } = open
    const block: Body = { kind: 'block', start, end, holds, statements, dangling, closed }
    const directive = this.finish(open.words, block, end, open.comments)
    if (!closed || directive === undefined || around === undefined) return
    const suspect = open.suspect ?? (this.closesFurtherLeft(directive, at) ? directive : undefined)
    if (suspect !== undefined) around.suspect ??= suspect
  }

  private finish(
    words: readonly Word[],
    body: Body,
    end: number,
    headComments?: readonly Comment[]
  ): Directive | undefined {
    const name = words[0]
    const last = words[words.length - 1]
    if (name === undefined || last === undefined || (this.skipped > 0 && body.kind !== 'block'))
      return undefined
    const before = headComments ?? this.commentsBefore(end)
    const behind = this.commentBehind(end)
    const comments = behind !== undefined ? { before, behind } : before.length > 0 ? { before } : noComments
    const directive = {
      start: name.start,
      end,
      name,
      args: words.slice(1),
      comments,
      body,
      headEnd: last.end
    }
    this.statements.push(directive)
    return directive
  }

  private commentsBefore(end: number): readonly Comment[] {
    const first = this.nextComment
    while ((this.comments[this.nextComment]?.start ?? Infinity) < end) this.nextComment++
    return this.nextComment === first ? noComments.before : this.comments.slice(first, this.nextComment)
  }

  /** The comment on the same line, with nothing but spaces between. */
  private commentBehind(end: number): Comment | undefined {
    const comment = this.comments[this.nextComment]
    if (comment === undefined) return undefined
    for (let at = end; at < comment.start; at++) {
      const code = this.text.charCodeAt(at)
      if (code !== 0x20 && code !== 0x09) return undefined
    }
    this.nextComment++
    return comment
  }

  private reportUnclosed(): void {
    const outermost = this.stack[0]
    const innermost = this.stack[this.stack.length - 1]
    if (outermost === undefined || innermost === undefined) return
    if (this.diagnostics.some(({ code }) => explains.has(code))) return
    const related: Related[] = [this.atEnd(`the file ends here, with ${this.stack.length} blocks open`)]
    const suspect = innermost.suspect
    if (suspect !== undefined) {
      const span = this.span(suspect.start, suspect.headEnd)
      related.push({
        span,
        message: 'perhaps here: the `}` that closes this block stands further left than its head'
      })
    }
    this.report(
      problems.unclosedBlock(innermost.words[0]?.value ?? '', this.headSpan(innermost.words), related)
    )
  }

  /** `{2}` glued to a word: meant as part of a regular expression, but nginx begins a block here. */
  private regexRepeat(words: readonly Word[], brace: number): string | undefined {
    if (words[words.length - 1]?.end !== brace) return undefined
    return /^\{\d+(?:,\d*)?\}/.exec(this.text.slice(brace, brace + 20))?.[0]
  }

  /** Whether the brace stands alone at the begin of its line, less indented than the head it closes. */
  private closesFurtherLeft(directive: Directive, brace: number): boolean {
    const closing = this.indentation(brace)
    const head = this.indentation(directive.start)
    return closing !== undefined && head !== undefined && closing < head
  }

  private indentation(at: number): number | undefined {
    const limit = Math.max(0, at - 200)
    for (let from = at - 1; from >= limit; from--) {
      const code = this.text.charCodeAt(from)
      if (code === 0x0a) return at - from - 1
      if (code !== 0x20 && code !== 0x09) return undefined
    }
    return limit === 0 ? at : undefined
  }

  private checkLength(start: number, end: number, what: string): void {
    if (end - start <= bufferSize / 3) return
    let bytes = 0
    for (let at = start; at < end && bytes < bufferSize; at++) {
      const code = this.text.charCodeAt(at)
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdbff ? 1 : 3
    }
    if (bytes >= bufferSize) this.report(problems.tooLong(what, this.span(start, end)))
  }

  private firstBehind(end: number): string {
    return /\S/.exec(this.text.slice(end, end + 1000))?.[0] ?? ''
  }

  private spanBehind(end: number): Span {
    const at = end + this.text.slice(end, end + 1000).search(/\S/)
    return this.span(at, at + 1)
  }

  private headSpan(words: readonly Word[]): Span {
    return this.span(words[0]?.start ?? 0, words[words.length - 1]?.end ?? 0)
  }

  private atEnd(message: string): Related {
    return { span: this.span(this.text.length, this.text.length), message }
  }

  private span(start: number, end: number): Span {
    return { file: this.file, start, end }
  }

  private report(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < maximumProblems) this.diagnostics.push(diagnostic)
    else if (this.diagnostics.length === maximumProblems && diagnostic.span) {
      this.diagnostics.push(problems.tooMany(diagnostic.span))
    }
  }
}

function quotesClosed(raw: string): boolean {
  const first = raw.charAt(0)
  return (first !== '"' && first !== "'") || (raw.length > 1 && raw.endsWith(first))
}
