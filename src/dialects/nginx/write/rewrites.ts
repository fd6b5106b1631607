import { quote } from '../quote.js'
import type { Note, Redirect, Regex, Rewrite, Template } from '../../../model/index.js'
import { literalText } from '../../../model/index.js'
import { block, directive, type Item } from './document.js'
import type { Output } from './output.js'
import { templateText, type Surroundings } from './templates.js'

/**
 * Rules that other servers try on path and query as they were sent. nginx knows the decoded path, so the end of a pattern
 * that takes in the query (`(?:\?(.*))?$`) is cut off, and what it captured is said by variables.
 */
export function rewriteItems(
  rules: readonly Rewrite[],
  at: Surroundings,
  out: Output
): readonly Item[] | undefined {
  const items = rules.map((rule) => rewriteItem(rule, at, out))
  const known = items.filter((item) => item !== undefined)
  return known.length < items.length ? undefined : known
}

/** Those for files that are not there. */
export function missingRewriteItems(
  rules: readonly Rewrite[],
  at: Surroundings,
  out: Output
): readonly Item[] | undefined {
  const items = rewriteItems(rules, at, out)
  if (items === undefined) return undefined
  return tried(rules, at, out) ?? [block(['if', '(!-f', '$request_filename)'], items)]
}

/** One rule for every missing file, to one place, is a list of files to try. */
function tried(rules: readonly Rewrite[], at: Surroundings, out: Output): readonly Item[] | undefined {
  const [rule, ...others] = rules
  if (rule?.to === undefined || others.length > 0 || rule.when.kind !== 'always') return undefined
  const pattern = onPath(rule.match)
  if (pattern === undefined || !/^\^?\/?\(?\.\*\)?\$?$/.test(pattern.source)) return undefined
  const path = rule.to.some(
    (part) => part.kind === 'capture' && pattern.groups.get(Number(part.group)) === undefined
  )
  const to = path ? undefined : templateText(withGroups(rule.to, pattern), { ...at, rule: true }, out)
  if (to === undefined || !to.startsWith('/')) return undefined
  const end = rule.query === 'replaced' ? to : to.includes('?') ? `${to}&$args` : `${to}$is_args$args`
  return [block(['location', '/'], [directive('try_files', '$uri', quote(end))])]
}

function rewriteItem(rule: Rewrite, at: Surroundings, out: Output): Item | undefined {
  const pattern = rule.on === 'uri' ? onPath(rule.match) : whole(rule.match)
  if (pattern === undefined || rule.when.kind !== 'always') return undefined
  // What leaves the path alone, and ends the rules.
  if (rule.to === undefined) return directive('rewrite', quote(sourceOf(pattern)), '$uri', 'last')
  const text = templateText(withGroups(rule.to, pattern), { ...at, rule: true }, out)
  const to = text === undefined ? undefined : targetOf(text, rule.query)
  const flag = flagOf(rule.then)
  if (to === undefined || flag === undefined) return undefined
  return directive('rewrite', quote(sourceOf(pattern)), quote(to), ...(flag === '' ? [] : [flag]))
}

const withQuery = '$is_args$args'

/**
 * Only a question mark that is written there begins the new query; one at the end keeps nginx from adding the old one.
 * Undefined where the old query would have to stand in the middle of a path.
 */
function targetOf(to: string, query: Rewrite['query']): string | undefined {
  const text = to.replaceAll('$query_string', '$args')
  const path = text.split('?')[0] ?? ''
  if (path.includes(withQuery))
    return text.indexOf(withQuery) === text.length - withQuery.length
      ? text.slice(0, -withQuery.length)
      : undefined
  return query === 'replaced' && !text.endsWith('?') ? `${text}?` : text
}

function flagOf(then: Rewrite['then']): string | undefined {
  if (typeof then === 'object') return redirectFlag(then.redirect)
  switch (then) {
    case 'next':
      return ''
    case 'stop':
    case 'scopes':
    case 'restart':
      return 'last'
  }
}

function redirectFlag(status: number): string | undefined {
  return status === 301 ? 'permanent' : status === 302 ? 'redirect' : undefined
}

/** Redirects by patterns, before any location is looked for. */
export function redirectItems(
  rules: readonly Redirect[],
  at: Surroundings,
  out: Output
): readonly Item[] | undefined {
  const items = rules.map((rule) => redirectItem(rule, at, out))
  const known = items.filter((item) => item !== undefined)
  return known.length < items.length ? undefined : known
}

function redirectItem({ match, to, status, on }: Redirect, at: Surroundings, out: Output): Item | undefined {
  const pattern = on === 'path' ? whole(match) : onPath(match)
  if (pattern === undefined) return undefined
  const source = quote(sourceOf(pattern))
  if (to === undefined)
    return block(['if', '($uri', '~', `${source})`], [directive('return', String(status))])
  const text = templateText(withGroups(to, pattern), { ...at, rule: true }, out)
  if (text === undefined) return undefined
  const query = on === 'path' && !text.includes('?') ? 'kept' : 'replaced'
  const flag = redirectFlag(status)
  if (flag === undefined) {
    const whole = query === 'kept' ? `${text}$is_args$args` : text
    return block(['if', '($uri', '~', `${source})`], [directive('return', String(status), quote(whole))])
  }
  const target = targetOf(text, query)
  return target === undefined ? undefined : directive('rewrite', source, quote(target), flag)
}

interface OnPath {
  readonly source: string
  readonly ignoreCase: boolean
  /** Groups that held the query, or ended in it, and what stands for them; others keep their number. */
  readonly groups: ReadonlyMap<number, Template>
}

function whole({ source, ignoreCase }: Regex): OnPath {
  return { source, ignoreCase, groups: new Map() }
}

function sourceOf({ source, ignoreCase }: OnPath): string {
  return ignoreCase ? `(?i)${source}` : source
}

const query: Template = [{ kind: 'variable', name: 'query' }]
const markedQuery: Template = [{ kind: 'variable', name: 'query.mark' }, ...query]

/** How patterns end that take in the query: the groups in them, `?` and what follows it, or what follows alone. */
const queryEnds: readonly (readonly [end: RegExp, groups: readonly Template[], anchored: boolean])[] = [
  [/\(\\\?\.[*+]\)\?\$?$/, [markedQuery], true],
  [/\(\?:\\\?\.[*+]\)\?\$?$/, [], true],
  [/\(\\\?\(\.[*+]\)\)\?\$?$/, [markedQuery, query], true],
  [/\(\?:\\\?\(\.[*+]\)\)\?\$?$/, [query], true]
]

/** The pattern as it is tried on the path alone; undefined where it asks more of the query. */
function onPath({ source, ignoreCase }: Regex): OnPath | undefined {
  for (const [end, templates] of queryEnds) {
    const found = end.exec(source)
    if (found === null) continue
    const path = source.slice(0, found.index)
    if (asksQuery(path)) return undefined
    const before = groupsIn(path)
    return {
      source: `${plain(path)}$`,
      ignoreCase,
      groups: new Map(templates.map((each, index) => [before + index + 1, each]))
    }
  }
  if (asksQuery(source)) return undefined
  // A last group of anything reaches into the query.
  const last = /\((?!\?)(?:[^()\\]|\\.)*\.[*+]\)\$?$/.exec(source)
  if (last !== null) {
    const group = groupsIn(source)
    const value: Template = [{ kind: 'capture', group, from: 'rule' }, ...markedQuery]
    return {
      source: source.endsWith('$') ? source : `${source}$`,
      ignoreCase,
      groups: new Map([[group, value]])
    }
  }
  return { source: plain(source), ignoreCase, groups: new Map() }
}

/** Asks for a question mark, other than to go no further than it. */
function asksQuery(source: string): boolean {
  return source.replaceAll(/\[\^[^\]]*\]/g, '').includes('\\?')
}

/** No path has a question mark of its own, so nothing need keep from it. */
function plain(source: string): string {
  return source.replaceAll(/\[\^\\?\?\]/g, '.')
}

function groupsIn(source: string): number {
  return [
    ...source
      .replaceAll(/\\./g, '')
      .replaceAll(/\[[^\]]*\]/g, '')
      .matchAll(/\((?!\?)/g)
  ].length
}

function withGroups(template: Template, { groups }: OnPath): Template {
  return template.flatMap((part): Template => {
    if (part.kind === 'capture' && part.from === 'rule' && typeof part.group === 'number')
      return groups.get(part.group) ?? [part]
    // What was to be escaped once more is escaped by nginx, which has it decoded.
    if (part.kind === 'apply' && part.function.startsWith('escape') && literalText(part.to) === undefined)
      return withGroups(part.to, { source: '', ignoreCase: false, groups })
    return [part]
  })
}

/** nginx tries redirects on what was asked for, and not on what rewrites make of it. */
export function redirectedLate(rewrites: readonly Rewrite[]): Note | undefined {
  if (rewrites.length === 0) return undefined
  return {
    message: 'what a URL is rewritten to is not redirected',
    affects: ['status', 'routing', 'body'],
    ...beginnings(rewrites)
  }
}

/** The URLs that rules can be about, as far as the beginnings of their patterns tell. */
function beginnings(rules: readonly Rewrite[]): Pick<Note, 'urls'> {
  const urls = rules.map(({ match }) => plainBeginning(match.source))
  return urls.every((value) => value !== undefined)
    ? { urls: urls.map((value) => ({ kind: 'prefix', value }) as const) }
    : {}
}

/** `/old/` of `^/old/(.*)`; the last letter of what may be repeated or left out is not sure. */
function plainBeginning(source: string): string | undefined {
  const [whole = '', text = ''] = /^\^((?:[\w/-]|\\\.)+)/.exec(source) ?? []
  const isOpen = /^[?*{]/.test(source.slice(whole.length))
  const plain = text.replaceAll('\\.', '.')
  const sure = isOpen ? plain.slice(0, -1) : plain
  return sure === '' || source.includes('|') ? undefined : sure
}
