import type { Pool, Site } from '../../model/index.js'
import { holdsFor } from './path-conditions.js'
import type { Place, PlacedBinding } from './places.js'
import { poolOf } from './places.js'
import { fits } from './regexes.js'

/** Whether a path can come to a place, as far as its locations and conditions tell; undefined where that is not known. */
export function takes(place: Place, path: string): boolean | undefined {
  let sure = true
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    const answers = [locationTakes(around, path), holdsFor(around.scope.when, path)]
    if (answers.includes(false)) return false
    if (answers.includes(undefined)) sure = false
  }
  return sure ? true : undefined
}

function locationTakes({ scope: { location } }: Place, path: string): boolean | undefined {
  if (location === undefined) return true
  switch (location.kind) {
    case 'exact':
      return location.value === path
    case 'prefix':
      return path.startsWith(location.value)
    case 'regex':
      return fits(location.regex, path)
    case 'named':
      return undefined
  }
}

const phpScript = '/index.php'

/** Whether a binding is one for PHP: by what it matches, or by what its application or socket is called. */
export function isForPhp(site: Site, { binding, target, place }: PlacedBinding): boolean {
  const { match } = binding
  if (match.kind === 'suffix') return /^\.(php\d?|phtml)$/i.test(match.value)
  if (match.kind === 'regex' && /php/i.test(match.regex.source)) return true
  if (isForPhpByPlace(place)) return true
  const pool = poolOf(site, target)
  return pool !== undefined && looksLikePhp(pool)
}

function isForPhpByPlace(place: Place): boolean {
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    const { location, host } = around.scope
    if (host !== undefined) return false
    if (location?.kind === 'regex' && fits(location.regex, phpScript) === true) return true
    if ((location?.kind === 'exact' || location?.kind === 'prefix') && location.value.endsWith('.php'))
      return true
  }
  return false
}

function looksLikePhp({ name, members }: Pool): boolean {
  const texts = members.flatMap(({ address, process }) => [
    address.kind === 'unix' ? address.path : address.host,
    ...(process?.command.slice(0, 1) ?? [])
  ])
  return [name ?? '', ...texts].some((text) => /php|hhvm/i.test(text))
}
