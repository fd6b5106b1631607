import type { Including } from '../dialects/dialect.js'
import type { SourceFile } from '../model/index.js'
import { indentOf, isComment, isEnd, type TracedLine } from './origins.js'

export interface TracedFile {
  readonly path: string
  readonly lines: readonly TracedLine[]
}

/**
 * Mirrors the include layout of the source: what came from another file than the main one goes to a file of that name,
 * and stands where an include says so. What is only included within a block stays there.
 */
export function split(
  main: TracedFile,
  sources: readonly SourceFile[],
  including: Including
): readonly TracedFile[] {
  const { indent } = including
  const line = (path: string): string => including.line(path)
  const [first] = sources
  const root = first?.file
  const names = new Map<string, string>()
  const taken = new Set([main.path])
  const moved: TracedFile[] = []
  const kept: TracedLine[] = []
  for (const entry of entriesAt(main.lines, indent)) {
    const file = entry.find(({ from }) => from.length > 0)?.from[0]?.file
    if (
      entry.every(({ text }) => indentOf(text) < indent) ||
      file === undefined ||
      file === root ||
      root === undefined
    ) {
      kept.push(...entry)
      continue
    }
    const last = moved.at(-1)
    const before = trimmed(kept).at(-1)?.text.trim()
    const follows = last !== undefined && last.path === names.get(file) && before === line(last.path)
    if (follows) {
      moved[moved.length - 1] = {
        ...last,
        lines: [...last.lines, { text: '', from: [] }, ...outdented(entry, indent)]
      }
      continue
    }
    const path = freshName(nameOf(file, root), taken)
    names.set(file, path)
    moved.push({ path, lines: outdented(entry, indent) })
    const origins = entry.flatMap(({ from }) => from.slice(0, 1))
    const blanks = entry.slice(trimmed(entry).length)
    kept.push({ text: `${' '.repeat(indent)}${line(path)}`, from: origins.slice(0, 1) }, ...blanks)
  }
  return [{ path: main.path, lines: kept }, ...moved.map((file) => ({ ...file, lines: ended(file.lines) }))]
}

/** Runs of lines, each an entry at the level with its comments and its body, or what stands further out. */
function entriesAt(lines: readonly TracedLine[], indent: number): readonly (readonly TracedLine[])[] {
  const entries: TracedLine[][] = []
  let hasBegun = true
  for (const line of lines) {
    const own = indentOf(line.text)
    const isBlank = line.text.trim() === ''
    const begins = !isBlank && (own < indent || (own === indent && hasBegun && !isEnd(line.text)))
    const last = entries.at(-1)
    if (begins || last === undefined) entries.push([line])
    else last.push(line)
    if (!isBlank && own <= indent) hasBegun = own < indent || !isComment(line.text)
  }
  return entries
}

function outdented(lines: readonly TracedLine[], indent: number): readonly TracedLine[] {
  return trimmed(lines).map(({ text, from }) => ({
    text: text.slice(Math.min(indent, indentOf(text))),
    from
  }))
}

function trimmed(lines: readonly TracedLine[]): readonly TracedLine[] {
  const end = lines.findLastIndex(({ text }) => text.trim() !== '')
  return lines.slice(0, end + 1)
}

function ended(lines: readonly TracedLine[]): readonly TracedLine[] {
  return [...lines, { text: '', from: [] }]
}

/** As it lies beside the main file, else its last name alone. */
function nameOf(file: string, root: string): string {
  const folder = root.slice(0, root.lastIndexOf('/') + 1)
  const beside = folder !== '' && file.startsWith(folder) ? file.slice(folder.length) : file
  const plain = beside.startsWith('/') || beside.startsWith('..') ? (file.split('/').at(-1) ?? file) : beside
  return plain.replaceAll(/[^\w./-]/g, '_')
}

function freshName(wish: string, taken: Set<string>): string {
  const [, stem = wish, end = ''] = /^(.*?)(\.\w+)?$/.exec(wish) ?? []
  let name = wish
  for (let count = 2; taken.has(name); count++) name = `${stem}-${count}${end}`
  taken.add(name)
  return name
}
