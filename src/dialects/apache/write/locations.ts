import type { LocationMatch } from '../../../model/index.js'
import { escapeRegex, inlineRegex } from './patterns.js'
import { withPath } from './places.js'
import type { Where } from './places.js'

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
