import type { DirectiveRecord } from '../model/index.js'
import type { TracedLine } from './origins.js'

/** The text of a source by the name its spans carry; undefined where only the model is known. */
export type TextOf = (file: string) => string | undefined

/**
 * Directives that are not about FastCGI, as comments: each once, in the order of the source, as it was written. All
 * the languages have `#` comments that end with their line. Empty if there are none.
 */
export function outsideComments(records: readonly DirectiveRecord[], textOf: TextOf): string {
  return outsideLines(records, textOf)
    .map(({ text }) => `${text}\n`)
    .join('')
}

/** The same line by line, each with the directive it is of. */
export function outsideLines(records: readonly DirectiveRecord[], textOf: TextOf): readonly TracedLine[] {
  const blocks = new Map<string, TracedLine[]>()
  let last: DirectiveRecord['span'] | undefined
  for (const record of inOrder(records)) {
    const { span } = record
    const text = outsideText(record, textOf)
    if (text === undefined || (last?.file === span.file && span.end <= last.end)) continue
    last = span
    const option = record.within === undefined ? [] : [`in ${record.within}:`]
    const lines = [...option, ...text.split('\n')].map((line) => ({ text: line, from: [span] }))
    blocks.set(span.file, [...(blocks.get(span.file) ?? []), ...lines])
  }
  if (blocks.size === 0) return []
  const head = (line: string): TracedLine => ({ text: line, from: [] })
  const parts = [...blocks].flatMap(([file, lines]) =>
    blocks.size === 1 ? lines : [head(`${file}:`), ...lines]
  )
  return [head(heading), head(''), ...parts].map(({ text, from }) => ({
    text: text === '' ? '#' : `# ${text}`,
    from
  }))
}

/** A directive that is not about FastCGI as it was written; undefined for others, and where the text is not known. */
export function outsideText({ span, state }: DirectiveRecord, textOf: TextOf): string | undefined {
  if (state.kind !== 'outside') return undefined
  if (state.text !== undefined) return state.text
  const text = textOf(span.file)
  return text === undefined ? undefined : asWritten(text, span.start, span.end).join('\n')
}

const heading = 'Not about FastCGI, and not translated:'

/** By file as they were read first, then by place; what holds others before them. */
function inOrder(records: readonly DirectiveRecord[]): readonly DirectiveRecord[] {
  const files = [...new Set(records.map(({ span }) => span.file))]
  const rank = new Map(files.map((file, index) => [file, index]))
  return [...records].sort(
    ({ span: a }, { span: b }) =>
      (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) || a.start - b.start || b.end - a.end
  )
}

/** The lines of a directive, the further ones moved left as far as the first. */
function asWritten(text: string, start: number, end: number): readonly string[] {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const indent = /^\s*/.exec(before)?.[0].length ?? 0
  const [first = '', ...rest] = text.slice(start, end).split(/\r\n|\r|\n/)
  return [first, ...rest.map((line) => line.slice(Math.min(indent, line.search(/\S|$/))))].map((line) =>
    line.trimEnd()
  )
}
