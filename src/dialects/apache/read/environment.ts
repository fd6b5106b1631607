import {
  allOf,
  type Condition,
  type EnvironmentEntry,
  type Subject,
  type Template
} from '../../../model/index.js'
import type { Line } from './line.js'
import { substitution, test } from './patterns.js'
import { setting, type Place } from './place.js'
import type { Handler, Reader, Said } from './reader.js'

/** Variables for requests that look like something (mod_setenvif). */
export const environmentHandlers: readonly (readonly [string, Handler])[] = [
  [
    'SetEnvIf',
    (line, place, reader) => conditional(line, place, reader, value(line, 0), value(line, 1), 2, false)
  ],
  [
    'SetEnvIfNoCase',
    (line, place, reader) => conditional(line, place, reader, value(line, 0), value(line, 1), 2, true)
  ],
  [
    'BrowserMatch',
    (line, place, reader) => conditional(line, place, reader, 'User-Agent', value(line, 0), 1, false)
  ],
  [
    'BrowserMatchNoCase',
    (line, place, reader) => conditional(line, place, reader, 'User-Agent', value(line, 0), 1, true)
  ]
]

const value = (line: Line, index: number): string => line.words[index]?.value ?? ''

/**
 * A scope of its own, ahead of all others: what SetEnv says in any of them comes later. Those of the server are tried as
 * soon as the request is read, those of sections once their named groups are set. Names of headers given as regular
 * expressions are not read yet.
 */
function conditional(
  line: Line,
  place: Place,
  reader: Reader,
  attribute: string,
  source: string,
  first: number,
  ignoreCase: boolean
): Said {
  const subject = subjectOf(attribute, reader.conditional)
  const assignments = line.words.slice(first).map((word) => word.value)
  if (subject === undefined || assignments.length === 0) return 'undecided'
  const when: Condition = test(subject, { kind: 'regex', regex: { source, ignoreCase } })
  for (const { name } of assignments.map(early)) {
    const key = name.toLowerCase()
    if (!reader.conditional.has(key)) reader.conditional.set(key, name)
  }
  const { context, server } = place
  place.sections.push({
    context,
    server,
    name: `${line.name} ${line.text}`,
    head: line.span,
    when,
    condition: allOf([place.condition, when]),
    rank: context === 'main' || context === 'vhost' ? -3 : -1,
    choose: 'all',
    sections: [],
    settings: [setting('environment', assignments.map(early), line.span)]
  })
  const areSwitches = assignments.map(early).every(({ name }) => switches.has(name.toLowerCase()))
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

/** Only what is set as early can be taken away: SetEnv comes later. */
function early(text: string): EnvironmentEntry {
  if (text.startsWith('!')) return { name: text.slice(1), value: [], early: true, removed: true }
  return { ...assignment(text), early: true }
}

function assignment(text: string): EnvironmentEntry {
  const at = text.indexOf('=')
  if (at < 0) return { name: text, value: [{ kind: 'text', text: '1' }] }
  const filled = substitution(text.slice(at + 1))
  const value: Template = filled.map((part) => (part.kind === 'capture' ? { ...part, from: 'scope' } : part))
  return { name: text.slice(0, at), value }
}

/** What is looked at: a word for a part of the request, else a header, else a variable set before. */
function subjectOf(attribute: string, known: ReadonlyMap<string, string>): Subject | undefined {
  switch (attribute.toLowerCase()) {
    case 'request_uri':
      return { of: 'path' }
    case 'request_method':
      return { of: 'method' }
    case 'remote_addr':
      return { of: 'text', template: [{ kind: 'variable', name: 'remote.address' }] }
    case 'server_addr':
      return { of: 'text', template: [{ kind: 'variable', name: 'server.address' }] }
    case 'request_protocol':
      return { of: 'text', template: [{ kind: 'variable', name: 'request.protocol' }] }
    case 'remote_host':
      return undefined
    default: {
      const exact = /^\^([A-Za-z][A-Za-z0-9-]*)\$$/.exec(attribute)?.[1]
      if (exact !== undefined) return { of: 'header', name: exact.toLowerCase() }
      const variable = known.get(attribute.toLowerCase())
      if (variable !== undefined) return headerOrVariable(attribute, variable)
      return /^[A-Za-z][A-Za-z0-9-]*$/.test(attribute)
        ? { of: 'header', name: attribute.toLowerCase() }
        : undefined
    }
  }
}

/** Where no header has the name, a variable that was set before may; case does not count for either. */
function headerOrVariable(attribute: string, name: string): Subject {
  const header: Template = [{ kind: 'header', name: attribute.toLowerCase(), join: ', ' }]
  const variable: Template = [{ kind: 'environment', name }]
  return { of: 'text', template: [{ kind: 'first-of', of: [header, variable] }] }
}
