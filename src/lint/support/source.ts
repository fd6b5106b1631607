import type { SourceWord } from '../../dialects/words.js'
import type { Span } from '../../diagnostics/index.js'
import type { RuleContext } from '../rule.js'

/** The words of a directive or of the head of a block, its name first; none where the source is not at hand. */
export function wordsOf(context: RuleContext, span: Span): readonly SourceWord[] {
  return context.words(span)
}

/** The values of those words. */
export function valuesOf(context: RuleContext, span: Span): readonly string[] {
  return wordsOf(context, span).map(({ value }) => value)
}

export function textsOf({ site, text }: RuleContext): readonly string[] {
  return site.sources.map(({ file }) => text({ file, start: 0, end: Infinity }))
}
