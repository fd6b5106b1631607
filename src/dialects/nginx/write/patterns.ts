import { isTextTest } from '../../../model/index.js'
import type { Condition, Regex } from '../../../model/index.js'

/** `~` or `~*`, and the pattern, as they stand in a location. */
export interface Pattern {
  readonly operator: '~' | '~*'
  readonly source: string
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

export function ofRegex(regex: Regex): Pattern {
  return { operator: regex.ignoreCase ? '~*' : '~', source: regex.source }
}

/**
 * A question about the URL path alone as a pattern; undefined for anything else. `pathInfo`: what stands behind the file's
 * name in the URL is allowed for where the question is about the file.
 */
export function patternOf(condition: Condition, pathInfo: boolean): Pattern | undefined {
  if (condition.kind === 'any') {
    const parts = condition.of.map((each) => patternOf(each, pathInfo))
    const sources = parts.flatMap((part) => (part === undefined ? [] : [part]))
    if (sources.length !== parts.length || new Set(sources.map(({ operator }) => operator)).size !== 1)
      return undefined
    return { operator: sources[0]?.operator ?? '~', source: sources.map(({ source }) => source).join('|') }
  }
  if (condition.kind !== 'test') return undefined
  const { subject, test } = condition
  if (!isTextTest(test)) return undefined
  const end = pathInfo ? '(/|$)' : '$'
  if (subject.of === 'path') {
    switch (test.kind) {
      case 'equals':
        return { operator: '~', source: `^${escaped(test.value)}$` }
      case 'prefix':
        return { operator: '~', source: `^${escaped(test.value)}${test.segments ? '(/|$)' : ''}` }
      case 'suffix':
        return { operator: '~', source: `${escaped(test.value)}$` }
      case 'regex':
        return ofRegex(test.regex)
      case 'glob':
        return {
          operator: '~',
          source: `^${globSource(test.pattern, test.crossesSlash)}${test.below ? '(/|$)' : '$'}`
        }
      case 'true':
        return undefined
    }
  }
  if (subject.of !== 'basename') return undefined
  switch (test.kind) {
    case 'equals':
      return { operator: test.ignoreCase === true ? '~*' : '~', source: `/${escaped(test.value)}${end}` }
    case 'prefix':
      return { operator: '~', source: `/${escaped(test.value)}[^/]*$` }
    case 'suffix':
      return { operator: '~', source: `${escaped(test.value)}${end}` }
    case 'glob':
      return {
        operator: test.ignoreCase === true ? '~*' : '~',
        source: `/${globSource(test.pattern, false)}${end}`
      }
    case 'regex': {
      const { operator, source } = ofRegex(test.regex)
      const opened = source.startsWith('^') ? `/${source.slice(1)}` : source
      return {
        operator,
        source: pathInfo && /[^\\]\$$/.test(opened) ? `${opened.slice(0, -1)}(/|$)` : opened
      }
    }
    case 'true':
      return undefined
  }
}

export function globSource(glob: string, crossesSlash: boolean): string {
  const any = crossesSlash ? '.' : '[^/]'
  return escaped(glob)
    .replaceAll('\\*', `${any}*`)
    .replaceAll('\\?', any)
    .replaceAll('\\[', '[')
    .replaceAll('\\]', ']')
}
