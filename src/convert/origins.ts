import { diffArrays } from 'diff'
import type { Span } from '../diagnostics/index.js'
import type { Ledger } from '../model/index.js'

/** A line of what was written, with the places of the source that it comes from; none where nothing of it says so. */
export interface TracedLine {
  readonly text: string
  readonly from: readonly Span[]
}

/** What stands as a comment above whatever came from a directive, while a text is written to find that out. */
const mark = 'fcgi-conf-origin'
const marked = new RegExp(`^\\s*#\\s*${mark} (\\d+)$`)

/** A ledger that keeps nothing, and puts a mark above all that its directives became. */
export function markingLedger(): { readonly ledger: Ledger; readonly spans: readonly Span[] } {
  const spans: Span[] = []
  const told = new Set<string>()
  const ledger: Ledger = {
    mark: () => undefined,
    markPart: () => undefined,
    unasked: () => undefined,
    takeComments(origin) {
      const key = origin === undefined ? '' : `${origin.file}:${origin.start}-${origin.end}`
      if (origin === undefined || told.has(key)) return []
      told.add(key)
      spans.push(origin)
      return [`# ${mark} ${spans.length - 1}`]
    }
  }
  return { ledger, spans }
}

/**
 * The lines of a text with where they come from, by the same text with marks. Marks may part what stands together
 * otherwise: a line that is not found again there comes from where the block around it does.
 */
export function traced(text: string, withMarks: string, spans: readonly Span[]): readonly TracedLine[] {
  const known = unmarked(withMarks.split('\n'), spans)
  const own = text.split('\n')
  const from: (readonly Span[] | undefined)[] = []
  let at = 0
  const parts = diffArrays(
    own.map((line) => line.trim()),
    known.map((line) => line.text.trim())
  )
  for (const { added, removed, value } of parts) {
    if (removed) for (const _ of value) from.push(undefined)
    else if (added) at += value.length
    else for (const _ of value) from.push(known[at++]?.from)
  }
  return inherited(own.map((line, index) => ({ text: line, from: from[index] ?? [] })))
}

/** The lines without the marks; each mark is for what stands below it, to the end of the block. */
function unmarked(lines: readonly string[], spans: readonly Span[]): readonly TracedLine[] {
  const out: TracedLine[] = []
  let waiting: Span[] = []
  let open: { readonly indent: number; readonly from: readonly Span[] } | undefined
  for (const text of lines) {
    const number = marked.exec(text)?.[1]
    const span = number === undefined ? undefined : spans[Number(number)]
    if (span !== undefined) {
      waiting.push(span)
      continue
    }
    const indent = indentOf(text)
    if (waiting.length > 0 && text.trim() !== '') {
      out.push({ text, from: waiting })
      // Comments of the source stand above what they are about.
      if (!isComment(text)) {
        open = { indent, from: waiting }
        waiting = []
      }
      continue
    }
    if (open !== undefined && indent === open.indent && isEnd(text)) out.push({ text, from: open.from })
    else out.push({ text, from: [] })
  }
  return out
}

/** What says nothing itself comes from where the block around it does. */
function inherited(lines: readonly TracedLine[]): readonly TracedLine[] {
  const around: { readonly indent: number; readonly from: readonly Span[] }[] = []
  return lines.map(({ text, from }) => {
    if (text.trim() === '') return { text, from: [] }
    const indent = indentOf(text)
    while ((around.at(-1)?.indent ?? -1) > indent) around.pop()
    const before = around.at(-1)
    if (before?.indent === indent && isEnd(text)) return { text, from: before.from }
    if (before?.indent === indent) around.pop()
    const own = from.length > 0 ? from : (around.at(-1)?.from ?? [])
    around.push({ indent, from: own })
    return { text, from: own }
  })
}

export function indentOf(text: string): number {
  return /^ */.exec(text)?.[0].length ?? 0
}

export function isComment(text: string): boolean {
  return text.trimStart().startsWith('#')
}

/** The end of a block or of a list. */
export function isEnd(text: string): boolean {
  return /^\s*(?:[)}]|<\/)/.test(text)
}
