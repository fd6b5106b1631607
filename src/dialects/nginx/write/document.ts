import { group, hardline, indent, layout, type Doc } from '../../layout.js'

/** A line or block of the configuration to be printed; the words are quoted already. */
export interface Item {
  readonly words: readonly string[]
  /** Absent for a plain directive. */
  readonly body?: readonly Item[]
  /** Lines above it, with their `#`. */
  readonly comments: readonly string[]
}

export function directive(name: string, ...words: readonly string[]): Item {
  return { words: [name, ...words], comments: [] }
}

export function block(
  words: readonly string[],
  body: readonly Item[],
  comments: readonly string[] = []
): Item {
  return { words, body, comments }
}

export function commented(item: Item, comments: readonly string[]): Item {
  return comments.length === 0 ? item : { ...item, comments: [...comments, ...item.comments] }
}

/** Words of plain directives of one name are written in columns; a blank line stands around each block. */
export function printItems(items: readonly Item[]): string {
  return `${layout(lines(items), { indent: 4, width: 110 })}\n`
}

function lines(items: readonly Item[]): Doc {
  const parts: Doc[] = []
  items.forEach((item, index) => {
    const before = items[index - 1]
    if (before !== undefined) {
      parts.push(hardline)
      if (item.body !== undefined || before.body !== undefined || item.comments.length > 0)
        parts.push(hardline)
    }
    parts.push(...item.comments.flatMap((comment): Doc[] => [comment, hardline]))
    parts.push(line(item, columnOf(items, index)))
  })
  return parts
}

function line(item: Item, column: number): Doc {
  const [name = '', first, ...rest] = item.words
  if (item.body === undefined) {
    const padded = first !== undefined && rest.length > 0 ? first.padEnd(column) : first
    return group([[name, padded, ...rest].filter((word) => word !== undefined).join(' '), ';'])
  }
  const head = item.words.join(' ')
  if (item.body.length === 0) return [head, ' {}']
  return [head, ' {', indent([hardline, lines(item.body)]), hardline, '}']
}

/** The width of the first words in the run of directives of the same name around `index`. */
function columnOf(items: readonly Item[], index: number): number {
  const name = items[index]?.words[0]
  const same = (at: number): boolean => items[at]?.words[0] === name && items[at]?.body === undefined
  let start = index
  let end = index
  while (start > 0 && same(start - 1)) start -= 1
  while (end + 1 < items.length && same(end + 1)) end += 1
  if (start === end) return 0
  return Math.max(...items.slice(start, end + 1).map((item) => item.words[1]?.length ?? 0))
}

/** Lines of text as comments. */
export function asComments(text: string): readonly string[] {
  return text.split('\n').map((each) => (each.startsWith('#') ? each : `# ${each}`))
}
