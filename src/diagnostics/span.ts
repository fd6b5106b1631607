/**
 * Where a piece of text stands: a file and a half-open range of UTF-16 code units in it.
 * Lines and columns are computed from it on demand (`LineIndex`), never stored twice.
 */
export interface Span {
  /** The name the file was read under, as a person would write it. */
  readonly file: string
  /** First code unit, counted from 0. */
  readonly start: number
  /** The code unit behind the last one. */
  readonly end: number
}

export function sameSpan(left: Span, right: Span): boolean {
  return left.file === right.file && left.start === right.start && left.end === right.end
}

/** A place as people and editors write it: both counted from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Offsets at which the lines of a text begin. A line ends at LF, CR LF or a lone CR. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  if (!text.includes('\r')) {
    // Nearly all texts, and much faster.
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 10) starts.push(at + 1)
    else if (unit === 13 && text.charCodeAt(at + 1) !== 10) starts.push(at + 1)
  }
  return starts
}

/** The line and column of an offset, given where the lines begin. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}
