/** `apr_isspace` in the C locale: space, tab, line feed, vertical tab, form feed, carriage return. */
export function isBlank(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13)
}

const lineFeed = 10
const carriageReturn = 13
const backslash = 92

/** Length of the continuation that begins here (a backslash as the very last character before LF or CR LF), else 0. */
export function continuationAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== backslash) return 0
  const next = text.charCodeAt(at + 1)
  if (next === lineFeed) return 2
  return next === carriageReturn && text.charCodeAt(at + 2) === lineFeed ? 3 : 0
}

/** Length of the continuation that ends before this offset, else 0. */
function continuationBefore(text: string, at: number): number {
  if (text.charCodeAt(at - 1) !== lineFeed) return 0
  if (text.charCodeAt(at - 2) === backslash) return 2
  return text.charCodeAt(at - 2) === carriageReturn && text.charCodeAt(at - 3) === backslash ? 3 : 0
}

/** Where the logical line that `at` lies in ends: at its LF, or at the end of the text. */
export function logicalLineEnd(text: string, at: number): number {
  let end = at
  for (;;) {
    end = text.indexOf('\n', end)
    if (end < 0) return text.length
    if (end < at || continuationBefore(text, end + 1) === 0) return end
    end += 1
  }
}

/** Behind the blanks and continuations that begin here; stops at the logical line's end. */
export function skipGap(text: string, at: number): number {
  let end = at
  while (end < text.length) {
    const unit = text.charCodeAt(end)
    const length = isBlank(unit) && unit !== lineFeed ? 1 : continuationAt(text, end)
    if (length === 0) break
    end += length
  }
  return end
}

/** Before the blanks and continuations that end here, not before `from`. */
export function trimGap(text: string, from: number, to: number): number {
  let end = to
  while (end > from) {
    const length = continuationBefore(text, end) || (isBlank(text.charCodeAt(end - 1)) ? 1 : 0)
    if (length === 0 || end - length < from) break
    end -= length
  }
  return end
}

/** Behind the word that begins here: at the first blank, at the logical line's end. A continuation inside it belongs to it. */
export function skipWord(text: string, at: number): number {
  let end = at
  while (end < text.length) {
    const continued = skipContinuations(text, end)
    const unit = text.charCodeAt(continued)
    if (continued >= text.length || isBlank(unit)) break
    end = continued + 1
  }
  return end
}

function skipContinuations(text: string, at: number): number {
  let end = at
  for (let length = continuationAt(text, end); length > 0; length = continuationAt(text, end)) end += length
  return end
}
