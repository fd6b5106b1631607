import type { Span } from '../../diagnostics/index.js'
import type { DirectiveRecord, Site } from '../../model/index.js'

type InFiles = ReadonlyMap<string, readonly DirectiveRecord[]>

const indexes = new WeakMap<Site, InFiles>()

/** The options that stand in a span, by their names in small letters: those of one host of `fastcgi.server`, of one line. */
export function optionsIn(site: Site, { file, start, end }: Span): ReadonlyMap<string, DirectiveRecord> {
  const all = indexOf(site).get(file) ?? []
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle]?.span.start ?? Infinity) < start) low = middle + 1
    else high = middle
  }
  const found = new Map<string, DirectiveRecord>()
  for (let at = low; at < all.length; at++) {
    const record = all[at]
    if (record === undefined || record.span.start >= end) break
    found.set(record.name.toLowerCase(), record)
  }
  return found
}

function indexOf(site: Site): InFiles {
  const known = indexes.get(site)
  if (known !== undefined) return known
  const made = new Map<string, DirectiveRecord[]>()
  for (const record of site.directives) {
    if (record.within === undefined) continue
    const found = made.get(record.span.file)
    if (found === undefined) made.set(record.span.file, [record])
    else found.push(record)
  }
  for (const records of made.values()) records.sort((a, b) => a.span.start - b.span.start)
  indexes.set(site, made)
  return made
}
