import { group, hardline, indent, join, layout } from '../../layout.js'
import type { Doc } from '../../layout.js'
import { quote, quoteAlways } from '../quote.js'

/** One directive or section of the configuration that is being written; words are as the server sees them. */
export type Entry =
  | {
      readonly kind: 'directive'
      readonly name: string
      readonly words: readonly Word[]
      readonly comments: readonly string[]
    }
  | {
      readonly kind: 'section'
      readonly name: string
      readonly words: readonly Word[]
      readonly body: readonly Entry[]
      readonly comments: readonly string[]
    }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' }

/** A plain word is quoted where it must be; `quoted` ones always (paths, patterns, expressions read better so). */
export type Word = string | { readonly quoted: string }

export const blank: Entry = { kind: 'blank' }

export function directive(name: string, ...words: readonly Word[]): Entry {
  return { kind: 'directive', name, words, comments: [] }
}

export function section(name: string, words: readonly Word[], body: readonly Entry[]): Entry {
  return { kind: 'section', name, words, body, comments: [] }
}

export function comment(text: string): Entry {
  return { kind: 'comment', text }
}

export function quoted(text: string): Word {
  return { quoted: text }
}

/** The entry with comments above it; a blank has none. */
export function commented(entry: Entry, comments: readonly string[]): Entry {
  if (comments.length === 0) return entry
  switch (entry.kind) {
    case 'directive':
    case 'section':
      return { ...entry, comments: [...comments, ...entry.comments] }
    case 'comment':
    case 'blank':
      return entry
  }
}

/** Comments above the first of some entries; on their own where there is none. */
export function commentedAll(entries: readonly Entry[], comments: readonly string[]): readonly Entry[] {
  const [first, ...rest] = entries
  if (first === undefined) return comments.map((text) => comment(text))
  if (first.kind === 'directive' || first.kind === 'section') return [commented(first, comments), ...rest]
  return [...comments.map((text) => comment(text)), ...entries]
}

export function wordText(word: Word): string {
  return typeof word === 'string' ? word : word.quoted
}

/** Two entries that would be written alike. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return printEntries([a]) === printEntries([b])
}

export function printEntries(entries: readonly Entry[]): string {
  return layout([...bodyDoc(entries), hardline], { indent: 4, width: 110 })
}

function bodyDoc(entries: readonly Entry[]): Doc[] {
  const tidy = tidied(entries)
  return [join(hardline, tidy.map(entryDoc))]
}

/** No blank lines at either end, never two in a row, and one around each section. */
function tidied(entries: readonly Entry[]): readonly Entry[] {
  const out: Entry[] = []
  for (const entry of entries) {
    const last = out.at(-1)
    if (entry.kind === 'blank') {
      if (last !== undefined && last.kind !== 'blank') out.push(entry)
      continue
    }
    const apart = last !== undefined && standsApart(last, entry)
    if (apart && last.kind !== 'blank') out.push(blank)
    out.push(entry)
  }
  if (out.at(-1)?.kind === 'blank') out.pop()
  return out
}

/** A section has a blank line around it; modules that are loaded if need be stand together. */
function standsApart(before: Entry, entry: Entry): boolean {
  if (before.kind === 'comment') return false
  if (before.kind === 'section' && entry.kind === 'section')
    return before.name !== 'IfModule' || entry.name !== 'IfModule'
  return before.kind === 'section' || entry.kind === 'section'
}

function entryDoc(entry: Entry): Doc {
  switch (entry.kind) {
    case 'blank':
      return ''
    case 'comment':
      return commentLine(entry.text)
    case 'directive':
      return [...commentDocs(entry.comments), group([entry.name, ...wordDocs(entry.words)])]
    case 'section':
      return [
        ...commentDocs(entry.comments),
        `<${entry.name}`,
        ...wordDocs(entry.words),
        '>',
        indent([hardline, ...bodyDoc(entry.body)]),
        hardline,
        `</${entry.name}>`
      ]
  }
}

function wordDocs(words: readonly Word[]): Doc[] {
  return words.map((word) => ` ${typeof word === 'string' ? quote(word) : quoteAlways(word.quoted)}`)
}

function commentDocs(comments: readonly string[]): Doc[] {
  return comments.flatMap((text) => [commentLine(text), hardline])
}

/** A comment that ends in a backslash would swallow the next line (case `config_comment_swallows_next_line`). */
function commentLine(text: string): string {
  const line = text
    .replace(/^#+\s?/, '')
    .replaceAll(/[\r\n]+/g, ' ')
    .replace(/\\+\s*$/, (end) => `${end.trimEnd()} .`)
  return line === '' ? '#' : `# ${line}`
}
