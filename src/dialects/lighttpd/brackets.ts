import type { LighttpdTree } from '../../../grammars/lighttpd/index.js'

const pairs: ReadonlyMap<string, string> = new Map([
  [')', '('],
  ['}', '{'],
  [']', '[']
])

/**
 * Which bracket closes which, by the plain text: the three kinds apart, so that a wrong one of one kind does not
 * disturb the others. Where the server threw something away it pairs them otherwise.
 */
export class Brackets {
  private readonly partners = new Map<number, number>()

  constructor({ text, tokens }: LighttpdTree) {
    const open = new Map<string, number[]>([...pairs.values()].map((mark) => [mark, []]))
    for (const token of tokens) {
      // Strings and comments hold brackets that are none; of the others only brackets begin with one.
      if (token.kind === 'String' || token.kind === 'UnclosedString' || token.kind === 'Comment') continue
      for (let at = token.start; at < token.end; at++) this.add(text[at] ?? '', at, open)
    }
  }

  private add(mark: string, at: number, open: ReadonlyMap<string, number[]>): void {
    open.get(mark)?.push(at)
    const opening = pairs.get(mark)
    const start = opening === undefined ? undefined : open.get(opening)?.pop()
    if (start === undefined) return
    this.partners.set(start, at)
    this.partners.set(at, start)
  }

  /** The offset of the bracket that belongs to the one at `at`; undefined for one that stands alone. */
  partner(at: number): number | undefined {
    return this.partners.get(at)
  }
}
