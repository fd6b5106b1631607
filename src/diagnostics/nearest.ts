/**
 * The known name that an unknown one was most likely meant to be, if one is near enough: at most a third of its
 * letters wrong. Case does not count.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of known) {
    const limit = Math.min(best === undefined ? Infinity : best.distance - 1, Math.ceil(wanted.length / 3))
    if (Math.abs(candidate.length - wanted.length) > limit) continue
    const found = distance(wanted, candidate.toLowerCase())
    if (found <= limit) best = { name: candidate, distance: found }
  }
  return best?.name
}

/** Letters to insert, remove, replace or swap with a neighbour (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(swapped ? Math.min(best, (before[j - 2] ?? 0) + 1) : best)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
