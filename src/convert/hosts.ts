import { isTextTest } from '../model/index.js'
import type { HostName, Regex, Test } from '../model/index.js'

/**
 * The names a site distinguishes, so that each question about the host can be answered beforehand: every exact name by
 * itself, every pattern as "a name that fits this and is none of the others", and all other names.
 */
export type NameClass =
  | { readonly kind: 'exact'; readonly name: string; readonly host: HostName }
  | { readonly kind: 'pattern'; readonly host: HostName }
  | { readonly kind: 'other' }

/** A name nobody has: stands for all others when a pattern might fit everything. */
const nobody = '\u{1}nobody.invalid'

/** Whether names of the class pass the test. `unsure`: some may and some may not; the answer is for the most of them. */
export function passes(test: Test, of: NameClass): { readonly holds: boolean; readonly unsure: boolean } {
  switch (of.kind) {
    case 'exact':
      return sure(fits(test, of.name) ?? false)
    case 'other':
      return sure(fits(test, nobody) ?? false)
    case 'pattern': {
      const own = namesOfTest(test, of.host.origin)
      if (own.some((name) => sameName(name, of.host))) return sure(true)
      if (test.kind === 'equals') return sure(false)
      const sample = sampleOf(of.host)
      if (sample === undefined) return { holds: fits(test, nobody) ?? false, unsure: true }
      return { holds: fits(test, sample) ?? false, unsure: test.kind === 'regex' }
    }
  }
}

/** Whether a virtual host's name covers the class. */
export function covers(name: HostName, of: NameClass): boolean {
  if (of.kind === 'other') return false
  if (of.kind === 'pattern') return sameName(name, of.host)
  return fitsName(name, of.name) ?? false
}

/** The host names that a test tells apart; none for tests that are no such thing. */
export function namesOfTest(test: Test, origin: HostName['origin']): readonly HostName[] {
  if (!isTextTest(test)) return []
  switch (test.kind) {
    case 'equals':
      return [{ kind: 'exact', value: test.value.replace(/:\d+$/, ''), origin }]
    case 'suffix':
      return [
        /^\.[\w.-]+$/.test(test.value)
          ? { kind: 'leading-wildcard', value: `*${test.value}`, bare: false, origin }
          : { kind: 'regex', regex: { source: `${escaped(test.value)}$`, ignoreCase: false }, origin }
      ]
    case 'prefix':
      return [
        /^[\w.-]+\.$/.test(test.value)
          ? { kind: 'trailing-wildcard', value: `${test.value}*`, origin }
          : { kind: 'regex', regex: { source: `^${escaped(test.value)}`, ignoreCase: false }, origin }
      ]
    case 'regex':
      return namesOfRegex(test.regex, origin)
    case 'glob':
      return [{ kind: 'glob', value: test.pattern, origin }]
    case 'true':
      return []
  }
}

/** `^(www\.)?a\.com$` is two names, `(^|\.)a\.com$` a wildcard; any other pattern stays one. */
function namesOfRegex(regex: Regex, origin: HostName['origin']): readonly HostName[] {
  const { source } = regex
  const anyLevel = /^\(\?{0,1}:{0,1}(?:\^\|\\\.|\\\.\|\^|\^\|\.\*\\\.)\)((?:[\w-]|\\\.)+)\$$/.exec(source)
  if (anyLevel?.[1] !== undefined) {
    return [{ kind: 'leading-wildcard', value: `*.${unescaped(anyLevel[1])}`, bare: true, origin }]
  }
  const below = /^(?:\^\.[*+])?\\\.((?:[\w-]|\\\.)+)\$$/.exec(source)
  if (below?.[1] !== undefined) {
    return [{ kind: 'leading-wildcard', value: `*.${unescaped(below[1])}`, bare: false, origin }]
  }
  const names = /^\^.*\$$/.test(source) ? spelledOut(source.slice(1, -1)) : undefined
  if (names !== undefined) return names.map((value) => ({ kind: 'exact', value, origin }))
  return [{ kind: 'regex', regex, origin }]
}

/** All texts of a pattern made of plain characters, groups of alternatives and `?`; undefined for more than 16, or anything else. */
function spelledOut(source: string): readonly string[] | undefined {
  let texts: readonly string[] = ['']
  let rest = source
  while (rest !== '') {
    const piece = /^(?:((?:[\w-]|\\\.)(?![?*+{]))|\((?:\?:)?((?:[\w-]|\\\.|\|)*)\)(\?)?(?![?*+{]))/.exec(rest)
    if (piece === null) return undefined
    const choices =
      piece[1] !== undefined
        ? [piece[1]]
        : [...(piece[2] ?? '').split('|'), ...(piece[3] === '?' ? [''] : [])]
    texts = texts.flatMap((text) => choices.map((choice) => text + unescaped(choice)))
    if (texts.length > 16) return undefined
    rest = rest.slice(piece[0].length)
  }
  return [...new Set(texts)]
}

/** A concrete name passes; undefined where the pattern cannot be run here. */
export function fits(test: Test, name: string): boolean | undefined {
  if (!isTextTest(test)) return undefined
  switch (test.kind) {
    case 'equals': {
      const value = test.value.replace(/:\d+$/, '')
      return test.ignoreCase === true ? value.toLowerCase() === name.toLowerCase() : value === name
    }
    case 'prefix':
      return name.startsWith(test.value)
    case 'suffix':
      return name.endsWith(test.value)
    case 'regex':
      return runs(test.regex, name)
    case 'glob':
      return runs({ source: globSource(test.pattern), ignoreCase: true }, name)
    case 'true':
      return undefined
  }
}

function fitsName(host: HostName, name: string): boolean | undefined {
  switch (host.kind) {
    case 'exact':
      return host.value.toLowerCase() === name.toLowerCase()
    case 'leading-wildcard': {
      const domain = domainOf(host.value)
      return name.endsWith(`.${domain}`) || (host.bare && name === domain)
    }
    case 'trailing-wildcard':
      return name.startsWith(host.value.replace(/\*$/, ''))
    case 'glob':
      return runs({ source: globSource(host.value), ignoreCase: true }, name)
    case 'regex':
      return runs(host.regex, name)
  }
}

/** `*.a.com` or `.a.com`: the domain without its wildcard. */
export function domainOf(wildcard: string): string {
  return wildcard.replace(/^\*?\./, '')
}

export function sameName(one: HostName, other: HostName): boolean {
  return nameKey(one) === nameKey(other)
}

/** Equal for names that mean the same. */
export function nameKey(name: HostName): string {
  switch (name.kind) {
    case 'exact':
      return `=${name.value.toLowerCase()}`
    case 'leading-wildcard':
      return `${name.bare ? '.' : '*.'}${domainOf(name.value).toLowerCase()}`
    case 'trailing-wildcard':
    case 'glob':
      return `${name.kind}:${name.value.toLowerCase()}`
    case 'regex':
      return `~${name.regex.ignoreCase ? '*' : ''}${name.regex.source}`
  }
}

/** A name of the class, to try other patterns on. */
function sampleOf(host: HostName): string | undefined {
  switch (host.kind) {
    case 'exact':
      return host.value
    case 'leading-wildcard':
      return `nobody.${domainOf(host.value)}`
    case 'trailing-wildcard':
      return host.value.replace(/\*$/, 'invalid')
    case 'glob':
      return host.value.replace(/[*?]/g, 'x')
    case 'regex':
      return undefined
  }
}

function runs(regex: Regex, name: string): boolean | undefined {
  try {
    return new RegExp(regex.source, regex.ignoreCase ? 'iu' : 'u').test(name)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function globSource(glob: string): string {
  return `^${escaped(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function unescaped(source: string): string {
  return source.replaceAll('\\.', '.')
}

function sure(holds: boolean): { readonly holds: boolean; readonly unsure: boolean } {
  return { holds, unsure: false }
}
