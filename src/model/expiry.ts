import type { Expiry } from './answer.js'

/** From large to small; a number alone counts seconds and comes last. */
const timeUnits: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['y', 365 * 86_400_000],
  ['M', 30 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['', 1000]
]

/**
 * `1h30m`, `1m 30s`, `90`; in seconds. Years and months need a directive that counts seconds, milliseconds one that
 * counts those.
 */
export function parseTime(text: string, unit: 's' | 'ms'): number | undefined {
  if (!/^(?=\d)(?:\d+(?:ms|[yMwdhms]) *)*(?:\d+)?$/.test(text)) return undefined
  let last = -1
  let total = 0
  for (const [, digits, name = ''] of text.matchAll(/(\d+)(ms|[yMwdhms]?)/g)) {
    const rank = timeUnits.findIndex(([known]) => known === name)
    if (rank <= last || (unit === 's' ? name === 'ms' : name === 'y' || name === 'M')) return undefined
    // A bare number ranks with seconds.
    last = name === '' ? timeUnits.length : rank
    total += Number(digits) * (timeUnits[rank]?.[1] ?? 0)
  }
  // A signed number of 64 bits holds it, in the unit that is counted.
  return total / (unit === 's' ? 1000 : 1) < 2 ** 63 ? total / 1000 : undefined
}

/**
 * How long clients may keep an answer, as texts say it: a time behind the answer (`30d`, `-1`), behind the file's last change
 * (`of` `change`), a time of the day (`@15h30m`), `epoch`, `max`, `off`. Undefined for any other text.
 */
export function parseExpiry(
  text: string,
  of: 'answer' | 'change' = 'answer'
): Exclude<Expiry, { kind: 'computed' }> | undefined {
  if (of === 'answer') {
    if (text === 'epoch') return { kind: 'never-fresh' }
    if (text === 'max') return { kind: 'always-fresh' }
    if (text === 'off') return { kind: 'none' }
  }
  const [, sign = '', digits = ''] = /^([@+-]?)(.*)$/s.exec(text) ?? []
  const seconds = parseTime(digits, 's')
  if (seconds === undefined) return undefined
  if (sign !== '@') return { kind: 'after', of, seconds: sign === '-' ? -seconds : seconds }
  return of === 'change' || seconds > 86_400 ? undefined : { kind: 'daily', second: seconds }
}
