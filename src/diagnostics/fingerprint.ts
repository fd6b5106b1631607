import type { Diagnostic } from './diagnostic.js'
import { lineAt } from './frame.js'
import { byPlace } from './report.js'
import type { ReportedFile } from './report.js'
import { lineStarts, positionAt } from './span.js'

/**
 * A name for each finding of a file that stays the same when lines are added above it, and differs between two equal
 * findings on two lines: made of the code, the line's text, and the how manieth such pair it is. Findings that are
 * suppressed count, so that suppressing one does not rename the others.
 */
export function fingerprints(file: ReportedFile): ReadonlyMap<Diagnostic, string> {
  const text = file.text ?? ''
  const starts = lineStarts(text)
  const seen = new Map<string, number>()
  const all = [...file.findings, ...file.suppressed].sort(byPlace)
  return new Map(
    all.map((finding) => {
      const at = finding.span === undefined ? 1 : positionAt(starts, finding.span.start).line
      const key = `${finding.code}\n${lineAt(text, starts, at).trim()}`
      const number = (seen.get(key) ?? 0) + 1
      seen.set(key, number)
      return [finding, `${hash(key)}:${number}`]
    })
  )
}

/** FNV-1a, twice with different starts: 64 bits, the same on every machine, no cryptography. */
function hash(text: string): string {
  return [0x811c9dc5, 0x050c5d1f].map((start) => fnv(text, start).toString(16).padStart(8, '0')).join('')
}

function fnv(text: string, start: number): number {
  let value = start
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
