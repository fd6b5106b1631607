import type { Assignment, Dropped, LighttpdTree, Statement } from '../../../grammars/lighttpd/index.js'
import type { Token } from '../../../grammars/tree.js'
import { spanOf } from '../../../grammars/tree.js'
import type { Edit, Fix, Severity } from '../../diagnostics/index.js'
import { Brackets } from './brackets.js'
import type { Problems } from './problems.js'

/** At most so many a file are told: a file of another kind is full of them. */
const most = 50

/**
 * Tells what the server throws away in silence (configparser.y has no error rule), each mistake once: what is thrown
 * away because of a mistake further up is not told again.
 */
export function reportDropped(tree: LighttpdTree, problems: Problems): void {
  const statements = flattened(tree.body)
  const words = statements.filter(isWord)
  if (tree.dropped.length + words.length === 0) return
  const report = new Report(tree, statements, problems)
  for (const statement of words.slice(0, most)) report.word(statement)
  let told = 0
  for (const dropped of tree.dropped) if (told < most && report.dropped(dropped)) told++
}

/** `elseif` and `if` are no words of the language: the name begins a statement that swallows the condition. */
const words = new Set(['if', 'elseif', 'elif', 'elsif'])

function isWord(statement: Statement): statement is Assignment {
  return statement.kind === 'assignment' && words.has(statement.name.text.toLowerCase())
}

function flattened(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement) => [statement, ...blocksOf(statement).flatMap(flattened)])
}

function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'conditions') return statement.branches.map((branch) => branch.body)
  return statement.kind === 'global' ? [statement.body] : []
}

interface Mistake {
  readonly code: string
  readonly severity?: Severity
  readonly hint: string
  readonly fix?: Fix
}

const layout = new Set(['Blank', 'NoBreakSpace', 'Newline', 'Comment'])

class Report {
  private readonly brackets: Brackets
  private readonly words: readonly Token[]
  /** Parts of the text whose mistake was told: offset to the end of the part. */
  private readonly told: { readonly start: number; readonly end: number }[] = []

  constructor(
    private readonly tree: LighttpdTree,
    private readonly statements: readonly Statement[],
    private readonly problems: Problems
  ) {
    this.brackets = new Brackets(tree)
    this.words = tree.tokens.filter(({ kind }) => !layout.has(kind))
  }

  word({ name, value, start }: Assignment): void {
    const { text } = this.tree
    const brace = this.words.find((word) => word.start >= name.end && text[word.start] === '{')?.start
    const close = brace !== undefined && brace < value.start ? this.brackets.partner(brace) : undefined
    this.told.push({ start, end: value.end })
    if (close !== undefined) this.told.push({ start: close, end: close + 1 })
    const isElse = name.text.toLowerCase() !== 'if'
    const chain = isElse && this.follows(name.start)
    const head = this.words.find((word) => word.start >= name.end)?.start ?? name.end
    this.problems.add({
      code: 'lighttpd/no-such-word',
      severity: 'error',
      message: `\`${name.text}\` is no word of the language: what stands in its block holds always`,
      span: spanOf(this.tree, name),
      hint: chain ? 'write `else $HTTP[…]`' : 'remove the word: a condition begins with its `$`',
      fix: chain
        ? this.fix('write `else`', 'safe', { start: name.start, end: name.end, text: 'else' })
        : this.fix('remove the word', isElse ? 'unsafe' : 'safe', { start: name.start, end: head, text: '' })
    })
  }

  /** Whether it was told, and not a consequence of what was told before. */
  dropped(dropped: Dropped): boolean {
    if (this.told.some(({ start, end }) => start <= dropped.start && dropped.start < end)) return false
    const mistake = this.mistake(dropped)
    if (mistake === undefined) return false
    const { code, severity = 'error', hint, fix } = mistake
    this.problems.add({
      code,
      severity,
      message: `The server throws \`${this.shown(dropped)}\` away in silence: ${dropped.expected} belongs here`,
      span: spanOf(this.tree, dropped),
      hint,
      ...(fix && { fix })
    })
    return true
  }

  private mistake(dropped: Dropped): Mistake | undefined {
    const first = this.tree.text[dropped.start] ?? ''
    switch (dropped.place) {
      case 'list':
        return this.inList(dropped)
      case 'value':
        return this.beforeValue(dropped, first)
      case 'statements':
        if (first === '}' || first === ')') return this.stray(dropped, first)
        if (this.kindAt(dropped.start) === 'Word') return this.strayElse(dropped)
        return this.plain(dropped, 'remove it, or say what it is a value of')
      case 'operator':
        return this.plain(dropped, 'each statement is `name = value`; this name has no value of its own')
      case 'condition':
      case 'brace':
        return this.plain(dropped, 'remove it')
    }
  }

  private inList(dropped: Dropped): Mistake {
    const { start, after } = dropped
    const kind = this.kindAt(start)
    if (!['String', 'Integer', 'Word', 'Open'].includes(kind)) return this.plain(dropped, 'remove it')
    const index = this.words.findIndex((word) => word.start === start)
    const isKey = this.words[index + 1]?.kind === 'Arrow'
    const onOtherLine = /[\r\n]/.test(this.tree.text.slice(after, start))
    return {
      code: 'lighttpd/missing-comma',
      hint: isKey
        ? 'put a `,` between the elements of a list'
        : 'put a `,` between the elements of a list, or a `+` between the parts of one',
      fix: this.fix('insert `,`', isKey || onOtherLine ? 'safe' : 'unsafe', {
        start: after,
        end: after,
        text: ','
      })
    }
  }

  private beforeValue(dropped: Dropped, first: string): Mistake {
    if (first === ',') {
      const nothing = this.plain(dropped, 'remove it')
      // Nothing is lost by it.
      return { ...nothing, severity: 'warning' }
    }
    if (first !== '[' && first !== '{') return this.plain(dropped, 'remove it')
    const close = this.brackets.partner(dropped.start)
    const hint = 'lists stand in parentheses: `( … )`; of this one only the first element is left'
    if (close === undefined) return { code: 'lighttpd/wrong-brackets', hint }
    this.told.push({ start: dropped.start, end: close + 1 })
    const edits = [
      { start: dropped.start, end: dropped.start + 1, text: '(' },
      { start: close, end: close + 1, text: ')' }
    ]
    return { code: 'lighttpd/wrong-brackets', hint, fix: this.fix('write parentheses', 'safe', ...edits) }
  }

  /** A bracket that closes nothing here. By the text it may: then what it closes was thrown away, and that was told. */
  private stray(dropped: Dropped, first: string): Mistake | undefined {
    if (this.brackets.partner(dropped.start) !== undefined) return undefined
    return this.plain(dropped, `remove it: no ${first === '}' ? 'block' : 'list'} is open here`)
  }

  private strayElse(dropped: Dropped): Mistake {
    const { text } = this.tree
    if (!text.startsWith('else', dropped.start)) return this.plain(dropped, 'remove it')
    const hint = 'an `else` must follow the `}` of its condition at once; what stands in it holds always'
    const inside = this.words.filter((word) => word.start >= dropped.start && word.start < dropped.end)
    const brace = inside.find((word) => text[word.start] === '{')?.start
    const close = brace === undefined ? undefined : this.brackets.partner(brace)
    if (close !== undefined) this.told.push({ start: close, end: close + 1 })
    return { code: 'lighttpd/stray-else', hint, fix: this.elseFix(dropped, close) }
  }

  /** What stands between moves before the condition; an `else` without any is taken away with its braces. */
  private elseFix({ start, end }: Dropped, close: number | undefined): Fix {
    const chain = this.chainBefore(start)
    if (chain !== undefined) {
      const between = this.tree.text.slice(chain.end, start)
      const edits = [
        { start: chain.start, end: chain.start, text: `${between.trim()}\n` },
        { start: chain.end, end: start, text: ' ' }
      ]
      return this.fix('put what stands between before the condition', 'unsafe', ...edits)
    }
    const closing = close === undefined ? [] : [{ start: close, end: close + 1, text: '' }]
    return this.fix('remove the `else`', 'unsafe', { start, end, text: '' }, ...closing)
  }

  /** The conditions that an `else` further down in the same block was meant for. */
  private chainBefore(at: number): Statement | undefined {
    const before = this.statements.filter(({ kind, end }) => kind === 'conditions' && end <= at)
    const last = before.reduce<Statement | undefined>(
      (found, one) => (found === undefined || one.end > found.end ? one : found),
      undefined
    )
    if (last === undefined) return undefined
    const between = this.words.filter(({ start }) => start >= last.end && start < at)
    const leaves = between.some(({ start }) => {
      const partner = this.brackets.partner(start)
      return this.tree.text[start] === '}' && (partner === undefined || partner < last.end)
    })
    return leaves || between.length === 0 ? undefined : last
  }

  /** Whether conditions end right before. */
  private follows(at: number): boolean {
    const before = this.words.filter(({ end }) => end <= at).at(-1)
    return (
      before !== undefined &&
      this.statements.some(({ kind, end }) => kind === 'conditions' && end === before.end)
    )
  }

  /**
   * Taking it away changes nothing for the server; where it holds more than marks, something was meant by it. What
   * bears on how the rest is cut into words (a `$`, half a pair of brackets) has to be looked at by a person.
   */
  private plain(dropped: Dropped, hint: string): Mistake {
    const { start, end } = dropped
    const inside = this.words.filter((word) => word.start >= start && word.start < end)
    const isCut = inside.some((word) => {
      const partner = this.brackets.partner(word.start)
      return word.kind === 'Dollar' || (partner !== undefined && (partner < start || partner >= end))
    })
    if (isCut) return { code: 'lighttpd/dropped', hint }
    const marks = !/[^\s{}()[\],=+:>]/.test(this.tree.text.slice(start, end))
    // A `}` ends its line, wherever it stands: what follows must not join what is before.
    const endsLine = inside.some((word) => word.kind === 'CloseBlock' || word.kind === 'Run')
    const text = endsLine && !/^[ \t]*(?:[#\r\n]|$)/.test(this.tree.text.slice(end, end + 200)) ? '\n' : ''
    const fix = this.fix('remove what has no effect', marks ? 'safe' : 'unsafe', { start, end, text })
    return { code: 'lighttpd/dropped', hint, fix }
  }

  private kindAt(at: number): string {
    return this.words.find(({ start }) => start === at)?.kind ?? ''
  }

  private shown({ start, end }: Dropped): string {
    const text = this.tree.text.slice(start, Math.min(end, start + 40)).split(/[\r\n]/, 1)[0] ?? ''
    return text.length < end - start ? `${text}…` : text
  }

  private fix(
    title: string,
    safety: Fix['safety'],
    ...edits: readonly { readonly start: number; readonly end: number; readonly text: string }[]
  ): Fix {
    const placed = edits.map(({ text, ...at }): Edit => ({ span: spanOf(this.tree, at), text }))
    return { title, safety, edits: placed }
  }
}
