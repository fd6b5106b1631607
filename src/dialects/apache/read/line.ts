import { splitWords, type Statement } from '../../../../grammars/apache/index.js'
import type { Span } from '../../../diagnostics/index.js'
import { lookUp, type Entry } from '../vocabulary/index.js'
import { expand, type Expanded, type Replace } from './expand.js'

/** A word of a line as httpd sees it, and where its text stands in the file. */
export interface Word {
  readonly value: string
  readonly span: Span
}

/** A directive or a section once variables are replaced. */
export interface Line {
  readonly kind: 'directive' | 'section'
  /** As the vocabulary writes it; unknown ones as their author did. */
  readonly name: string
  readonly entry: Entry | undefined
  /** All of a directive, the head of a section. */
  readonly span: Span
  readonly nameSpan: Span
  /** Behind the name, variables replaced. */
  readonly text: string
  readonly words: readonly Word[]
  readonly comments: readonly string[]
  /** What stands in a section. */
  readonly body: readonly Line[]
}

/** The line of a statement, its body still to be read. */
export function lineOf(file: string, source: string, statement: Statement, replace: Replace): Line {
  const { arguments: rest, nameNode } = statement
  const expanded = expand(source.slice(rest.start, rest.end), replace)
  const name = replace(statement.name)?.text ?? statement.name
  const entry = lookUp(name)
  const whole = statement.kind === 'section' ? statement.head : statement
  return {
    kind: statement.kind,
    name: entry?.name ?? name,
    entry,
    span: { file, start: whole.start, end: whole.end },
    nameSpan: { file, start: nameNode.start, end: nameNode.end },
    text: expanded.text,
    words: wordsOf(file, rest.start, expanded),
    comments: commentsOf(statement),
    body: nothing
  }
}

const nothing: readonly [] = []

function commentsOf({ comments }: Statement): readonly string[] {
  return comments.before.length === 0 ? nothing : comments.before.map(({ text }) => text)
}

function wordsOf(file: string, base: number, expanded: Expanded): readonly Word[] {
  return splitWords(expanded.text).map(({ value, start, end }) => ({
    value,
    span: { file, start: base + expanded.startOf(start), end: base + expanded.endOf(end) }
  }))
}
