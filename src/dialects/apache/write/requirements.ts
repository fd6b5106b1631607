import { directive, section, wordText } from './entries.js'
import type { Entry } from './entries.js'

/** Whether the entry says who may come. */
export function isRequirement(entry: Entry): boolean {
  return (
    (entry.kind === 'directive' && entry.name === 'Require') ||
    (entry.kind === 'section' && /^Require(?:All|Any|None)$/.test(entry.name))
  )
}

/**
 * Of several Require lines side by side httpd wants one to hold, so what several settings ask for (a login, an address,
 * that the request comes from inside) stands in a RequireAll. Each group is one setting's entries, of which one must hold.
 */
export function requireAll(groups: readonly (readonly Entry[])[]): readonly Entry[] {
  const others = groups.flatMap((group) => group.filter((entry) => !isRequirement(entry)))
  const asked = groups.map((group) => group.filter(isRequirement)).filter((group) => group.length > 0)
  if (asked.some((group) => group.every((entry) => isAll(entry, 'denied'))))
    return [...others, directive('Require', 'all', 'denied')]
  const real = asked.filter((group) => !group.some((entry) => isAll(entry, 'granted')))
  const [first, ...more] = real.length === 0 ? asked.slice(0, 1) : real
  if (first === undefined) return others
  if (more.length === 0) return [...others, ...first]
  return [...others, section('RequireAll', [], [first, ...more].flatMap(oneOf))]
}

function oneOf(group: readonly Entry[]): readonly Entry[] {
  return group.length === 1 ? group : [section('RequireAny', [], group)]
}

function isAll(entry: Entry, what: 'granted' | 'denied'): boolean {
  return (
    entry.kind === 'directive' &&
    entry.name === 'Require' &&
    entry.words.map(wordText).join(' ') === `all ${what}`
  )
}
