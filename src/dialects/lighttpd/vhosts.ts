import type { Mapping, PreferredRoot, Template, TemplatePart } from '../../model/index.js'
import { literal, variable } from '../../model/index.js'
import type { Place } from './blocks.js'
import type { Problems } from './problems.js'

/** The directives that say where a request's files are. */
export const rootDirectives = [
  'server.document-root',
  'evhost.path-pattern',
  'simple-vhost.server-root',
  'simple-vhost.document-root',
  'simple-vhost.default-host'
] as const

/**
 * The document root in force in a block: that of a virtual host where its directory exists, else server.document-root.
 * Each module puts its own in the place of what those before it in the list said.
 */
export function readRoot(block: Place, modules: readonly string[], problems: Problems): Mapping | undefined {
  const root = block.find('server.document-root')
  if (root?.value.kind !== 'string') return undefined
  const path = literal(root.value.text)
  const preferred = modules.toReversed().flatMap((module): readonly PreferredRoot[] => {
    if (module === 'mod_evhost') return evhost(block, problems)
    return module === 'mod_simple_vhost' ? simpleVhost(block) : []
  })
  return { kind: 'root', path, ...(preferred.length > 0 && { preferred }) }
}

function evhost(block: Place, problems: Problems): readonly PreferredRoot[] {
  const pattern = block.find('evhost.path-pattern')
  if (pattern?.value.kind !== 'string' || pattern.value.text === '') return []
  const path = readPattern(pattern.value.text)
  if (path !== undefined) return [{ path, needsHost: true }]
  problems.refuse('evhost-pattern', pattern.origin, `Unexpected pattern \`${pattern.value.text}\``, {
    hint: 'a `%` is followed by a digit, `_`, `%`, or `{part.letter}`'
  })
  return []
}

/** The directory of the host asked for, then that of the default host; whichever it is gives the server its name. */
function simpleVhost(block: Place): readonly PreferredRoot[] {
  const text = (name: string): string => {
    const value = block.find(`simple-vhost.${name}`)?.value
    return value?.kind === 'string' ? value.text : ''
  }
  const base = text('server-root')
  if (base === '') return []
  const inside = text('document-root')
  const path = (host: Template): Template => [
    ...literal(base.endsWith('/') ? base : `${base}/`),
    ...host,
    ...literal(inside === '' ? '/' : `/${inside.replace(/^\/|\/$/g, '')}/`)
  ]
  const other = text('default-host').replace(/:.*$/, '')
  const host = variable('request.host')
  return [
    { path: path(host), needsHost: true, serverName: host },
    other === ''
      ? { path: literal(joined(base, inside)) }
      : { path: path(literal(other)), serverName: literal(other) }
  ]
}

/** With exactly one slash between the two and one at the end. */
function joined(base: string, inside: string): string {
  return `${base}/${inside}/`.replace(/\/{2,}/g, '/')
}

/** `%0` is the domain, `%1` the part behind the last dot, `%2` the one before it; the path ends in a slash. */
function readPattern(text: string): Template | undefined {
  const parts: TemplatePart[] = []
  const written = text.endsWith('/') ? text : `${text}/`
  let at = 0
  for (const found of written.matchAll(/%(?:(\d)|(_)|(%)|\{(\d)\.(\d)\})?/g)) {
    const [whole, digit, all, percent, label, letter] = found
    parts.push(...literal(written.slice(at, found.index)))
    at = found.index + whole.length
    if (digit !== undefined) parts.push(hostPart(digit === '0' ? domain : partNumber(Number(digit))))
    else if (all !== undefined) parts.push(...variable('request.host'))
    else if (percent !== undefined) parts.push({ kind: 'text', text: '%' })
    else if (label !== undefined) parts.push(hostPart(letterOf(Number(label), Number(letter))))
    else return undefined
  }
  return [...parts, ...literal(written.slice(at))]
}

const domain = String.raw`((?:[^.]*\.)?[^.]*)$`

/** The start of a part that has something in it. A dot at the very beginning belongs to the first part; an address has none. */
const start = String.raw`(?:^(?!\[).|(?<=.\.)[^.])`

/** What follows a part that is the so-many-th from the end: empty parts do not count. */
function behind(number: number): string {
  return String.raw`[^.]*(?:\.+[^.]+){${number - 1}}\.*$`
}

function partNumber(number: number): string {
  return `(${start}[^.]*)${behind(number)}`
}

function letterOf(number: number, letter: number): string {
  if (number === 0) return letter === 0 ? domain : String.raw`^.{${letter - 1}}(.)`
  if (letter === 0) return partNumber(number)
  const found = letter === 1 ? `(${start})` : `${start}[^.]{${letter - 2}}([^.])`
  return `${found}${behind(number)}`
}

function hostPart(source: string): TemplatePart {
  return { kind: 'part', of: variable('request.host'), matching: { source, ignoreCase: false } }
}
