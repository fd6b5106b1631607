import type {
  Condition,
  EnvironmentEntry,
  Regex,
  Subject,
  Template,
  TemplatePart,
  Test
} from '../../../model/index.js'
import { hasWildcards } from './paths.js'
import type { Place } from './place.js'

type Context = Place['context']

export function regex(source: string, ignoreCase = false): Regex {
  return { source, ignoreCase }
}

export function test(subject: Subject, what: Test): Condition {
  return { kind: 'test', subject, test: what }
}

const folder: Subject = { of: 'filename', folder: true }
const basename: Subject = { of: 'basename' }

/** `<Directory>`: the folder and all below it, by segments; `*` does not cross a slash (core: `ap_directory_walk`). */
export function directoryCondition(directory: string): Condition {
  if (hasWildcards(directory)) {
    const pattern = withoutSlash(directory)
    return test(folder, { kind: 'glob', pattern, crossesSlash: false, below: true })
  }
  const value = withoutSlash(directory)
  return test(folder, { kind: 'prefix', value, segments: value !== '/' })
}

/** Several slashes are one even with MergeSlashes Off (core: `ap_location_walk`). */
const locationPath: Subject = { of: 'path', slashes: 'merged' }

/**
 * `<Location>`: `/a` covers `/a/b` and not `/ab`; `/a/` only what is below; a wildcard must fit the whole path.
 */
export function locationCondition(value: string): Condition {
  if (hasWildcards(value))
    return test(locationPath, { kind: 'glob', pattern: value, crossesSlash: false, below: false })
  return test(locationPath, { kind: 'prefix', value, segments: !value.endsWith('/') })
}

export function locationMatchCondition(source: string): Condition {
  return test(locationPath, { kind: 'regex', regex: regex(source) })
}

/** `<Files>`: the last name of the mapped file. */
export function filesCondition(value: string): Condition {
  if (hasWildcards(value))
    return test(basename, { kind: 'glob', pattern: value, crossesSlash: true, below: false })
  return test(basename, { kind: 'equals', value })
}

/** `<Proxy>`: what the URL begins with, as text; a wildcard stands for slashes as well. */
export function passedToCondition(url: string): Condition {
  const value = url.replace(/^unix:[^|]*\|/i, '')
  if (hasWildcards(value))
    return test({ of: 'passed-to' }, { kind: 'glob', pattern: value, crossesSlash: true, below: false })
  return test({ of: 'passed-to' }, { kind: 'prefix', value, segments: false })
}

export function passedToRegex(source: string): Condition {
  return test({ of: 'passed-to' }, { kind: 'regex', regex: regex(source) })
}

export function regexCondition(of: 'filename' | 'basename', source: string): Condition {
  return test({ of }, { kind: 'regex', regex: regex(source) })
}

function withoutSlash(directory: string): string {
  return directory.length > 1 ? directory.replace(/\/+$/, '') : directory
}

/** Variables that the named groups of a section's regular expression become (`MATCH_NAME`). */
export function namedGroups(source: string, of: Context): readonly EnvironmentEntry[] {
  return [...source.matchAll(/\(\?P?[<']([A-Za-z_]\w*)[>']/g)].map(([, name = '']) => ({
    name: `MATCH_${name.toUpperCase()}`,
    value: [{ kind: 'capture', group: name, from: 'scope' }],
    ...(of === 'location' ? { early: true } : { early: 'mapped' }),
    ...(of === 'directory' && { ofFolder: true })
  }))
}

/** A text with `$1` to `$9` for the groups of its rule (`ap_pregsub`); a backslash takes a character's meaning away. */
export function substitution(text: string): Template {
  const parts: TemplatePart[] = []
  let plain = ''
  for (const [piece, group, escaped] of text.matchAll(/\$(\d)|\\([^])|[^]/g)) {
    if (group === undefined) {
      plain += escaped ?? piece
      continue
    }
    if (plain !== '') parts.push({ kind: 'text', text: plain })
    plain = ''
    parts.push({ kind: 'capture', group: Number(group), from: 'rule' })
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain })
  return parts
}

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}
