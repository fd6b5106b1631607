import { lineStarts, positionAt } from './span.js'
import type { Span } from './span.js'

/** How the parts of a code frame are painted; without colours each gives the text back. */
export interface Paint {
  readonly gutter: (text: string) => string
  readonly mark: (text: string) => string
}

/** Longer lines are cut around the place, so that a file of one line can be shown. */
const widest = 120

/**
 * The line of a place with the one before and the one behind it, and carets under the place:
 *
 *       2 | fastcgi.server = (
 *     > 3 |   "chek-local" => "disable"
 *         |   ^^^^^^^^^^^^
 *       4 | )
 */
export function codeFrame(text: string, span: Span, paint: Paint, starts = lineStarts(text)): string {
  const start = positionAt(starts, span.start)
  const end = positionAt(starts, Math.max(span.start, span.end))
  const first = Math.max(1, start.line - 1)
  const last = Math.min(starts.length, start.line + 1)
  const width = String(last).length
  const gutter = (mark: string, number: string): string =>
    paint.gutter(`  ${mark} ${number.padStart(width)} | `)
  const from = Math.max(0, start.column - 1 - widest / 2)
  const lines: string[] = []
  for (let number = first; number <= last; number++) {
    const line = lineAt(text, starts, number)
    // An empty last line shows nothing.
    if (number !== start.line && line.trim() === '') continue
    const isIt = number === start.line
    lines.push(
      `${gutter(isIt ? '>' : ' ', String(number))}${printable(cut(line, isIt ? from : 0))}`.trimEnd()
    )
    if (isIt) {
      const length = (end.line === start.line ? end.column : line.length + 1) - start.column
      const carets = '^'.repeat(Math.max(1, Math.min(length, from + widest - start.column + 1)))
      const before = printable(cut(line, from).slice(0, start.column - 1 - from)).replace(/[^\t]/g, ' ')
      lines.push(`${gutter(' ', '')}${before}${paint.mark(carets)}`)
    }
  }
  return lines.join('\n')
}

/** The text of a line, counted from 1, without its end. */
export function lineAt(text: string, starts: readonly number[], number: number): string {
  return text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length).replace(/[\r\n]+$/, '')
}

function cut(line: string, from: number): string {
  return line.slice(from, from + widest)
}

/** Control characters and bytes that are no UTF-8 must not reach a terminal; each stays one column wide. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\udc80-\udcff\u202a-\u202e\u2066-\u2069]/g,
    '\ufffd'
  )
}
