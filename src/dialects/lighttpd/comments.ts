import type { Expression } from '../../../grammars/lighttpd/index.js'
import type { Comments } from '../../../grammars/tree.js'

/** The comments of a statement or element, with their `#`. */
export function textsOf(comments: Comments): readonly string[] {
  return [...comments.before, ...(comments.behind === undefined ? [] : [comments.behind])].map(
    ({ text }) => text
  )
}

/**
 * The comments inside a value. Elements down to this many levels of lists give theirs, deeper ones keep them for records of their own;
 * comments behind the last element of a list belong to what holds the list.
 */
export function commentsBelow(expression: Expression, levels: number): readonly string[] {
  return expression.terms.flatMap((term) => {
    if (term.kind !== 'list') return []
    const dangling = term.dangling.map(({ text }) => text)
    if (levels === 0) return dangling
    const inner = term.elements.flatMap((element) => [
      ...textsOf(element.comments),
      ...(element.key === undefined ? [] : commentsBelow(element.key, levels - 1)),
      ...commentsBelow(element.value, levels - 1)
    ])
    return [...inner, ...dangling]
  })
}
