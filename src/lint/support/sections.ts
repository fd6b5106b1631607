import type { Span } from '../../diagnostics/index.js'
import type { Site } from '../../model/index.js'
import type { RuleContext } from '../rule.js'

/** A section of httpd: where its head stands, and where it ends. */
export interface Section {
  /** In small letters, without `Match`. */
  readonly kind: string
  /** Its head as it is written. */
  readonly name: string
  readonly head: Span
  readonly end: number
  readonly parent?: Section
}

const made = new WeakMap<Site, ReadonlyMap<string, readonly Section[]>>()

/** The sections of each file in the order of the text; IfModule and its like, which say when, are none. */
export function sectionsOf(
  site: Site,
  { text }: Pick<RuleContext, 'text'>
): ReadonlyMap<string, readonly Section[]> {
  const known = made.get(site)
  if (known !== undefined) return known
  const all = new Map(
    site.sources.map(({ file }) => [file, sectionsIn(file, text({ file, start: 0, end: Infinity }))] as const)
  )
  made.set(site, all)
  return all
}

function sectionsIn(file: string, text: string): readonly Section[] {
  const found: (Section & { end: number })[] = []
  const open: (Section & { end: number })[] = []
  for (const match of text.matchAll(/^[ \t]*<(\/?)(\w+)([^\n]*)$/gm)) {
    const [line, closing = '', name = ''] = match
    if (/^(?:If(?:Module|Define|Version|File|Directive|Section)|Require\w+|Limit\w*|Macro)$/i.test(name))
      continue
    const start = match.index + line.indexOf('<')
    if (closing === '') {
      const parent = open.at(-1)
      const head = { file, start, end: match.index + line.trimEnd().length }
      const kind = name.toLowerCase().replace(/match$/, '')
      const section = { kind, name: line.trim(), head, end: text.length, ...(parent && { parent }) }
      found.push(section)
      open.push(section)
    } else {
      const section = open.pop()
      if (section !== undefined) section.end = start
    }
  }
  return found
}

/** The innermost section that a place is in. */
export function sectionOf(
  sections: ReadonlyMap<string, readonly Section[]>,
  { file, start }: Span
): Section | undefined {
  const inFile = sections.get(file) ?? []
  let low = 0
  let high = inFile.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((inFile[middle]?.head.start ?? Infinity) <= start) low = middle + 1
    else high = middle
  }
  let section = inFile[low - 1]
  while (section !== undefined && section.end < start) section = section.parent
  return section
}
