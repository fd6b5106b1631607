import type { Span } from '../../diagnostics/index.js'
import type { DirectiveRecord, Site } from '../../model/index.js'

type Index = ReadonlyMap<string, readonly DirectiveRecord[]>

const indexes = new WeakMap<Site, Index>()

function indexOf(site: Site): Index {
  const known = indexes.get(site)
  if (known !== undefined) return known
  const made = new Map<string, DirectiveRecord[]>()
  for (const record of site.directives) {
    const key = keyOf(record.name, record.within)
    const found = made.get(key)
    if (found === undefined) made.set(key, [record])
    else found.push(record)
  }
  indexes.set(site, made)
  return made
}

function keyOf(name: string, within: string | undefined): string {
  const own = name.toLowerCase()
  return within === undefined ? own : `${within.toLowerCase()} ${own}`
}

/** The directives of a name, or the options of one within a directive, in the order of the text; case does not count. */
export function recordsOf(site: Site, name: string, within?: string): readonly DirectiveRecord[] {
  return indexOf(site).get(keyOf(name, within)) ?? []
}

/** All directives and options, those of one name together. */
export function recordsByName(site: Site): Iterable<readonly DirectiveRecord[]> {
  return indexOf(site).values()
}

/** Those that the server takes notice of. */
export function liveRecordsOf(site: Site, name: string, within?: string): readonly DirectiveRecord[] {
  return recordsOf(site, name, within).filter(
    ({ state }) => state.kind !== 'ignored' && state.kind !== 'unknown'
  )
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/** The name alone, which a directive's span begins with. */
export function nameSpan({ span, name }: DirectiveRecord): Span {
  return { file: span.file, start: span.start, end: Math.min(span.end, span.start + name.length) }
}
