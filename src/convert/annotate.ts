import type { Position, Span } from '../diagnostics/index.js'
import { indentOf, isComment, type TracedLine } from './origins.js'
import type { TextOf } from './outside.js'

/** Where a directive stands, for people. */
export interface SourcePlaces {
  readonly shown: (file: string) => string
  readonly place: (span: Span) => Position
}

const longest = 100

/** Above each block the line of the source that it comes from, as a comment: where, and as it was written. */
export function annotated(
  lines: readonly TracedLine[],
  { shown, place }: SourcePlaces,
  textOf: TextOf
): readonly TracedLine[] {
  const heads = headsOf(lines)
  return lines.flatMap((line, index) => {
    const block = heads.get(index)
    const [span] = block?.from ?? []
    if (block === undefined || span === undefined) return [line]
    const { line: number } = place(span)
    const source = lineAt(textOf(span.file) ?? '', span.start)
    const short = source.length > longest ? `${source.slice(0, longest)}…` : source
    const text = `${' '.repeat(indentOf(block.text))}# ${shown(span.file)}:${number}${short === '' ? '' : `: ${short}`}`
    return [{ text, from: block.from }, line]
  })
}

function lineAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return (/^[^\r\n]*/.exec(text.slice(start))?.[0] ?? '').trim()
}

/** The blocks, by the line above which their annotation stands: that of their own comments. */
function headsOf(lines: readonly TracedLine[]): ReadonlyMap<number, TracedLine> {
  const heads = new Map<number, TracedLine>()
  let around: readonly Span[] = []
  lines.forEach((line, index) => {
    if (!opensBlock(line.text) || line.from.length === 0 || line.from === around) return
    around = line.from
    let first = index
    while (first > 0 && isComment(lines[first - 1]?.text ?? '')) first -= 1
    heads.set(first, line)
  })
  return heads
}

/** `server {`, `$HTTP["host"] == "a" {`, `<Location "/">`; not what only frames the text. */
function opensBlock(text: string): boolean {
  return !isComment(text) && (/\{\s*\}?$/.test(text) || /^\s*<[A-Z]/.test(text))
}
