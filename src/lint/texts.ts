import type { Outline } from '../dialects/outline.js'
import type { Span } from '../diagnostics/index.js'
import type { LintInput } from './rule.js'

/** The texts of one input with their outlines, each made once and only when a rule asks. */
export class Texts {
  private readonly outlines = new Map<string, readonly Outline[]>()
  private readonly flat = new Map<string, readonly Outline[]>()

  constructor(private readonly input: Pick<LintInput, 'texts' | 'outlineOf'>) {}

  at({ file, start, end }: Span): string {
    return this.input.texts?.get(file)?.slice(start, end) ?? ''
  }

  outline(file: string): readonly Outline[] {
    const known = this.outlines.get(file)
    if (known !== undefined) return known
    const text = this.input.texts?.get(file)
    const made = text === undefined ? [] : (this.input.outlineOf?.(file, text) ?? [])
    this.outlines.set(file, made)
    return made
  }

  /** The innermost statement that holds all of a span. */
  statementAt({ file, start, end }: Span): Outline | undefined {
    const all = this.statements(file)
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((all[middle]?.span.start ?? Infinity) <= start) low = middle + 1
      else high = middle
    }
    let found = all[low - 1]
    while (found !== undefined && found.span.end < end) found = found.parent
    return found
  }

  /** Every statement of a file, an outer one before those in it, so that they are in the order of the text. */
  statements(file: string): readonly Outline[] {
    const known = this.flat.get(file)
    if (known !== undefined) return known
    const all: Outline[] = []
    const open = [...this.outline(file)].reverse()
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      all.push(next)
      for (let index = next.inside.length - 1; index >= 0; index--) {
        const inner = next.inside[index]
        if (inner !== undefined) open.push(inner)
      }
    }
    this.flat.set(file, all)
    return all
  }
}
