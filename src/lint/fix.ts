import type { Diagnostic, Edit, Fix } from '../diagnostics/index.js'

/** The texts that change when fixes are applied, as they are afterwards, and how many fixes that were. */
export interface Fixed {
  readonly texts: ReadonlyMap<string, string>
  readonly count: number
}

/**
 * Applies every fix whose edits touch no other's, in the order of the findings; what was left out may be found and
 * fixed in a further pass. `unsafe`: those as well that change what the server does.
 */
export function applyFixes(
  findings: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  unsafe: boolean
): Fixed {
  const edits = new Map<string, Edit[]>()
  let count = 0
  for (const { fix, suppressed } of findings) {
    if (fix === undefined || suppressed !== undefined || (fix.safety === 'unsafe' && !unsafe)) continue
    if (!fits(fix, edits, texts)) continue
    count += 1
    for (const edit of fix.edits) edits.set(edit.span.file, [...(edits.get(edit.span.file) ?? []), edit])
  }
  const changed = [...edits].map(([file, own]) => [file, edited(texts.get(file) ?? '', own)] as const)
  return { texts: new Map(changed), count }
}

function fits(
  fix: Fix,
  taken: ReadonlyMap<string, readonly Edit[]>,
  texts: ReadonlyMap<string, string>
): boolean {
  return fix.edits.every(
    (edit) =>
      texts.has(edit.span.file) && (taken.get(edit.span.file) ?? []).every((other) => !touches(edit, other))
  )
}

/** Neighbours touch too: which of two insertions at one place comes first is nobody's guess. */
function touches({ span: a }: Edit, { span: b }: Edit): boolean {
  return a.start <= b.end && b.start <= a.end
}

function edited(text: string, edits: readonly Edit[]): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  let done = ''
  let at = 0
  for (const { span, text: by } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    done += text.slice(at, span.start) + by.replace(/\r?\n/g, lineEnd)
    at = span.end
  }
  return done + text.slice(at)
}
