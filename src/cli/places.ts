import { positionAt } from '../diagnostics/index.js'
import type { Position, Span } from '../diagnostics/index.js'
import type { Site } from '../model/index.js'

/** Finds lines and columns from what a Site remembers of its sources, without their text. */
export function placesOf(site: Site): (span: Span) => Position {
  const lines = new Map(site.sources.map((source) => [source.file, source.lines]))
  return (span) => positionAt(lines.get(span.file) ?? [0], span.start)
}

/** `file:line:column`, the file as people name it. */
export function placeWriter(site: Site, shown: (file: string) => string): (span: Span) => string {
  const place = placesOf(site)
  return (span) => {
    const { line, column } = place(span)
    return `${shown(span.file)}:${line}:${column}`
  }
}
