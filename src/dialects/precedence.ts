import type { LocationRule } from '../model/index.js'

export interface OrderedLocation {
  readonly rule: LocationRule
  /** Prefixes that begin with this one and win over it though they are written before it. */
  readonly shadows: readonly string[]
}

/**
 * Locations from the weakest to the strongest, for languages where what is written last wins: prefixes by length, then
 * patterns from the last to the first, then the prefixes that forbid patterns, then exact ones. Named ones are left out.
 */
export function locationOrder(rules: readonly LocationRule[]): readonly OrderedLocation[] {
  const prefixes = rules.flatMap((rule) =>
    rule.match.kind === 'prefix' ? [{ rule, match: rule.match }] : []
  )
  const byLength = [...prefixes].sort((a, b) => a.match.value.length - b.match.value.length)
  const ordinary = byLength.filter(({ match }) => !match.noRegex)
  const firm = byLength.filter(({ match }) => match.noRegex)
  const shadowsOf = (value: string): readonly string[] =>
    ordinary
      .map(({ match }) => match.value)
      .filter((other) => other.length > value.length && other.startsWith(value))
  return [
    ...ordinary.map(({ rule }) => ({ rule, shadows: [] })),
    ...rules
      .filter(({ match }) => match.kind === 'regex')
      .reverse()
      .map((rule) => ({ rule, shadows: [] })),
    ...firm.map(({ rule, match }) => ({ rule, shadows: shadowsOf(match.value) })),
    ...rules.filter(({ match }) => match.kind === 'exact').map((rule) => ({ rule, shadows: [] }))
  ]
}
