/** Replaces the names in a text; undefined if there is nothing to replace. */
export type Replace = (text: string) => Expanded | undefined

/** A text in which pieces were replaced, with the way back to where they stood. */
export interface Expanded {
  readonly text: string
  /** Where the piece that holds this offset begins (or the same character, where nothing was replaced). */
  startOf(offset: number): number
  /** The same for the end of a range. */
  endOf(offset: number): number
}

interface Piece {
  readonly from: number
  readonly text: string
  /** Length of what stood there. */
  readonly length: number
  readonly replaced: boolean
}

/** Lines joined, then names replaced, as httpd does before it splits a line. */
export function expand(raw: string, replace: Replace): Expanded {
  // Nearly all lines are a single one.
  const joined = raw.includes('\n') ? replaceAll(raw, /\\\r?\n/g, () => '') : unchanged(raw)
  const replaced = replace(joined.text)
  return replaced === undefined ? joined : chain(joined, replaced)
}

const same = (offset: number): number => offset

function unchanged(text: string): Expanded {
  return { text, startOf: same, endOf: same }
}

function chain(first: Expanded, second: Expanded): Expanded {
  return {
    text: second.text,
    startOf: (offset) => first.startOf(second.startOf(offset)),
    endOf: (offset) => first.endOf(second.endOf(offset))
  }
}

/** Every match is replaced by what `by` gives for it; undefined leaves it. */
export function replaceAll(
  text: string,
  pattern: RegExp,
  by: (match: RegExpExecArray) => string | undefined
): Expanded {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    const value = by(match)
    if (value === undefined) continue
    pieces.push({ from: at, text: text.slice(at, match.index), length: match.index - at, replaced: false })
    pieces.push({ from: match.index, text: value, length: match[0].length, replaced: true })
    at = match.index + match[0].length
  }
  if (at === 0) return unchanged(text)
  pieces.push({ from: at, text: text.slice(at), length: text.length - at, replaced: false })
  return located(pieces)
}

function located(pieces: readonly Piece[]): Expanded {
  const find = (offset: number, atEnd: boolean): number => {
    let start = 0
    let last = 0
    for (const piece of pieces) {
      const end = start + piece.text.length
      if (atEnd ? offset <= end && offset > start : offset < end) {
        if (!piece.replaced) return piece.from + (offset - start)
        return atEnd ? piece.from + piece.length : piece.from
      }
      start = end
      last = piece.from + piece.length
    }
    return atEnd && offset === 0 ? (pieces[0]?.from ?? 0) : last
  }
  return {
    text: pieces.map(({ text }) => text).join(''),
    startOf: (offset) => find(offset, false),
    endOf: (offset) => find(offset, true)
  }
}
