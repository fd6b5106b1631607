const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** Digits with `k` or `m`, and `g` where `offset` (in a file) is meant; in bytes. Undefined for what 64 bits do not hold. */
export function parseSize(text: string, offset: boolean): number | undefined {
  const match = (offset ? /^(\d+)([kmg]?)$/i : /^(\d+)([km]?)$/i).exec(text)
  if (match === null) return undefined
  const value = Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1)
  return value < 2 ** 63 ? value : undefined
}
