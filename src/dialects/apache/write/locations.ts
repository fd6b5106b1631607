import type { LocationMatch, LocationRule } from '../../../model/index.js'
import { escapeRegex, inlineRegex } from './patterns.js'
import { withPath } from './places.js'
import type { Where } from './places.js'

export interface OrderedLocation {
  readonly rule: LocationRule
  /** Prefixes that begin with this one and win over it though they are written before it. */
  readonly shadows: readonly string[]
}

/**
 * Locations from the weakest to the strongest, as httpd's last Location wins: prefixes by length, then patterns from the
 * last to the first, then the prefixes that forbid patterns, then exact ones.
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

/** The requests of one location, without those of stronger prefixes inside it. */
export function locationWhere(
  where: Where,
  match: Exclude<LocationMatch, { kind: 'named' }>,
  shadows: readonly string[]
): Where {
  switch (match.kind) {
    case 'exact':
      return withPath(where, { kind: 'pattern', source: `^${escapeRegex(match.value)}$`, flags: '' })
    case 'regex':
      return withPath(where, { kind: 'pattern', source: inlineRegex(match.regex), flags: '' })
    case 'prefix': {
      if (shadows.length === 0) {
        return match.value === '/'
          ? withPath(where, { kind: 'prefix', value: '/', segments: true })
          : withPath(where, { kind: 'prefix', value: match.value, segments: false })
      }
      const others = shadows.map((value) => escapeRegex(value)).join('|')
      return withPath(where, {
        kind: 'pattern',
        source: `^(?!${others})${escapeRegex(match.value)}`,
        flags: ''
      })
    }
  }
}
