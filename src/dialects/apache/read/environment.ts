import type { Condition, EnvironmentEntry, Subject, Template } from '../../../model/index.js'
import { parseExpression } from './expression.js'
import type { Line } from './line.js'
import { substitution, test } from './patterns.js'
import { setting, type Place } from './place.js'
import { scopeWithin } from './scope-within.js'
import { ranks } from './ranks.js'
import type { Handler, Reader, Said } from './reader.js'

/** Variables for requests that look like something (mod_setenvif). */
export const environmentHandlers: readonly (readonly [string, Handler])[] = [
  ['SetEnvIf', (line, place, reader) => looksLike(line, place, reader, { given: 2, ignoreCase: false })],
  ['SetEnvIfNoCase', (line, place, reader) => looksLike(line, place, reader, { given: 2, ignoreCase: true })],
  ['BrowserMatch', (line, place, reader) => looksLike(line, place, reader, { given: 1, ignoreCase: false })],
  [
    'BrowserMatchNoCase',
    (line, place, reader) => looksLike(line, place, reader, { given: 1, ignoreCase: true })
  ],
  ['SetEnvIfExpr', fulfils]
]

const value = (line: Line, index: number): string => line.words[index]?.value ?? ''

interface Form {
  /** Words ahead of the variables: what is looked at and a pattern, or the pattern alone. */
  readonly given: 1 | 2
  readonly ignoreCase: boolean
}

function looksLike(line: Line, place: Place, reader: Reader, { given, ignoreCase }: Form): Said {
  const attribute = given === 1 ? 'User-Agent' : value(line, 0)
  const source = value(line, given - 1)
  const subject = subjectOf(attribute, place, reader.conditional, ignoreCase)
  const when = test(subject, { kind: 'regex', regex: { source, ignoreCase } })
  return conditional(line, place, reader, when, given, !isPlain(source))
}

function fulfils(line: Line, place: Place, reader: Reader): Said {
  const read = parseExpression(value(line, 0))
  if ('wrong' in read) {
    reader.report.refuse(
      'bad-expression',
      line.words[0]?.span ?? line.span,
      `\`${line.name}\`: ${read.wrong}`
    )
    return undefined
  }
  return 'unread' in read ? 'undecided' : conditional(line, place, reader, read.condition, 1, true)
}

/**
 * A scope of its own, ahead of all others: what SetEnv says in any of them comes later. Those of the server are tried as
 * soon as the request is read, those of sections once their named groups are set.
 */
function conditional(
  line: Line,
  place: Place,
  reader: Reader,
  when: Condition,
  given: 1 | 2,
  hasGroups: boolean
): Said {
  const early = isOfServer(place) ? true : 'mapped'
  const entries = line.words.slice(given).map((word) => entryOf(word.value, early, hasGroups))
  for (const { name } of entries) {
    const key = name.toLowerCase()
    if (!reader.conditional.has(key)) reader.conditional.set(key, name)
  }
  const rank = isOfServer(place) ? ranks.asked : ranks.headers
  scopeWithin(place, { line, when, rank, settings: [setting('environment', entries, line.span)] })
  const areSwitches = entries.every(({ name }) => switches.has(name.toLowerCase()))
  return areSwitches ? { kind: 'outside', topic: 'clients with mistakes of their own' } : undefined
}

/** Variables that httpd itself looks at, to answer clients in the way that each of them can bear. */
const switches: ReadonlySet<string> = new Set([
  ...['downgrade-1.0', 'force-response-1.0', 'nokeepalive', 'redirect-carefully', 'force-no-vary'],
  ...[
    'gzip-only-text/html',
    'no-gzip',
    'no-brotli',
    'dont-vary',
    'suppress-error-charset',
    'ssl-unclean-shutdown'
  ]
])

function isOfServer({ context }: Place): boolean {
  return context === 'main' || context === 'vhost'
}

/** What means nothing but itself in a regular expression is looked for as it stands, and captures nothing (`non_regex_pattern`). */
function isPlain(source: string): boolean {
  return /^(?:\\[\\^.$|()[\]*+?{}]|[^\\^.$|()[\]*+?{}])*$/.test(source)
}

/** Only what is set as early can be taken away: SetEnv comes later. */
function entryOf(
  text: string,
  early: NonNullable<EnvironmentEntry['early']>,
  hasGroups: boolean
): EnvironmentEntry {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const given = at < 0 ? '' : text.slice(at + 1)
  const when = { early, ofRequest: true } as const
  if (given === '!' || (given === '' && name.startsWith('!')))
    return { name: given === '!' ? name : name.slice(1), value: [], ...when, removed: true }
  if (given === '') return { name, value: [{ kind: 'text', text: '1' }], ...when }
  if (!hasGroups) return { name, value: [{ kind: 'text', text: given }], ...when }
  const filled = substitution(given)
  const value: Template = filled.map((part) => (part.kind === 'capture' ? { ...part, from: 'scope' } : part))
  return { name, value, ...when }
}

/** What is looked at: a word for a part of the request, else a header, else a variable set before. */
function subjectOf(
  attribute: string,
  place: Place,
  known: ReadonlyMap<string, string>,
  ignoreCase: boolean
): Subject {
  switch (attribute.toLowerCase()) {
    case 'request_uri':
      // The server's own lines are asked before the path is decoded.
      return isOfServer(place) ? text([{ kind: 'variable', name: 'uri.path' }]) : { of: 'path' }
    case 'request_method':
      return { of: 'method' }
    case 'remote_addr':
    // Names are looked up with HostnameLookups alone.
    case 'remote_host':
      return text([{ kind: 'variable', name: 'remote.address' }])
    case 'server_addr':
      return text([{ kind: 'variable', name: 'server.address' }])
    case 'request_protocol':
      return text([{ kind: 'variable', name: 'request.protocol' }])
    default:
      if (!/^[-\w]*$/.test(attribute))
        return text([{ kind: 'header-like', name: { source: attribute, ignoreCase } }])
      return named(attribute, known.get(attribute.toLowerCase()))
  }
}

function text(template: Template): Subject {
  return { of: 'text', template }
}

/** Where no header has the name, a variable may; case does not count for either. */
function named(attribute: string, variable: string | undefined): Subject {
  const name = attribute.toLowerCase()
  if (variable === undefined && !attribute.includes('_')) return { of: 'header', name }
  const header: Template = [{ kind: 'header', name, join: ', ' }]
  return text([{ kind: 'first-of', of: [header, [{ kind: 'environment', name: variable ?? attribute }]] }])
}
