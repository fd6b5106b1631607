import {
  allOf,
  literal,
  not,
  variable,
  type Alias,
  type Setting,
  type Template
} from '../../../model/index.js'
import { regex, substitution, test } from './patterns.js'
import type { Line } from './line.js'
import { hostName, listenerOf, parseListen } from './hosts.js'
import { setting, type Place } from './place.js'
import { scopeWithin } from './scope-within.js'
import { notReadYet, type Handler, type Said } from './reader.js'
import { unasked, undecided } from './undecided.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''
const isOn = (text: string): boolean => text.toLowerCase() === 'on'

/** Hosts, names and where files are. */
export const servingHandlers: readonly (readonly [string, Handler])[] = [
  [
    'Listen',
    (line, _, reader) => {
      const address = parseListen(value(line))
      if (address === undefined) {
        reader.report.refuse(
          'bad-listen',
          line.span,
          `\`${value(line)}\` is no address with a port`,
          'write `Listen 80` or `Listen 127.0.0.1:8080`'
        )
        return undefined
      }
      const tls = value(line, 1).toLowerCase() === 'https' || address.port === 443
      reader.listeners.push({ ...listenerOf(address.host, address.port, tls), origin: line.span })
      return undefined
    }
  ],
  [
    'ServerName',
    (line, place) => {
      const match = /^(?:[a-z]+:\/\/)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/i.exec(value(line))
      const name = (match?.[1] ?? value(line)).replace(/\.$/, '')
      place.server.serverName = { name, port: match?.[2], span: line.span }
      place.server.names.push(hostName(name, line.span))
      return undefined
    }
  ],
  [
    'ServerAlias',
    (line, place) => {
      for (const word of line.words) place.server.names.push(hostName(word.value, word.span))
      return undefined
    }
  ],
  [
    'UseCanonicalName',
    (line, place) => {
      if (place.context !== 'main' && place.context !== 'vhost') return 'undecided'
      place.server.canonicalName = isOn(value(line))
      return undefined
    }
  ],
  [
    'UseCanonicalPhysicalPort',
    (line, place) => {
      if (place.context !== 'main' && place.context !== 'vhost') return 'undecided'
      place.server.physicalPort = isOn(value(line))
      return undefined
    }
  ],
  ['ServerAdmin', (line, place) => push(place, setting('serverAdmin', value(line), line.span))],
  [
    'ServerTokens',
    (line, _, reader) => {
      reader.tokens = value(line).toLowerCase()
      return undefined
    }
  ],
  [
    'DocumentRoot',
    (line, place, reader) =>
      push(place, setting('root', { kind: 'root', path: literal(reader.path(value(line))) }, line.span))
  ],
  [
    'Timeout',
    (line, place) => {
      place.server.timeout = Number(value(line))
      return undefined
    }
  ],
  [
    'AllowEncodedSlashes',
    (line, place) => {
      const asked = value(line).toLowerCase()
      const encodedSlash = asked === 'on' ? 'decoded' : asked === 'nodecode' ? 'kept' : 'not-found'
      place.server.target = { ...place.server.target, encodedSlash, span: line.span }
      return undefined
    }
  ],
  [
    'MergeSlashes',
    (line, place) => {
      place.server.target = { ...place.server.target, mergeSlashes: isOn(value(line)), span: line.span }
      return undefined
    }
  ],
  ['Alias', (line, place, reader) => alias(line, place, (path) => reader.path(path), undefined)],
  ['ScriptAlias', (line, place, reader) => alias(line, place, (path) => reader.path(path), 'cgi-script')],
  ['AliasMatch', (line, place) => aliasMatch(line, place, undefined)],
  ['ScriptAliasMatch', (line, place) => aliasMatch(line, place, 'cgi-script')],
  [
    'DirectoryIndex',
    (line, place) => {
      const names = line.words.map((word) => word.value)
      if (names.length === 1 && names[0]?.toLowerCase() === 'disabled')
        return push(place, setting('index', { names: [], how: 'redirect', askedWith: 'GET' }, line.span))
      // Lines of one scope add up; inner scopes replace.
      const before = place.settings.findLast((one) => one.key === 'index')
      const earlier = before?.key === 'index' ? before.value.names : []
      return push(
        place,
        setting(
          'index',
          { names: [...earlier, ...names.map(literal)], how: 'redirect', askedWith: 'GET' },
          line.span
        )
      )
    }
  ],
  ['DirectorySlash', (line, place) => push(place, setting('slashRedirect', isOn(value(line)), line.span))],
  [
    'DirectoryCheckHandler',
    (line, place) => push(place, setting('handledFoldersLeft', isOn(value(line)), line.span))
  ],
  [
    'AcceptPathInfo',
    (line, place) => {
      const asked = value(line).toLowerCase()
      const taken = asked === 'on' ? 'by-all' : asked === 'off' ? 'by-nobody' : 'by-programs'
      return push(place, setting('pathInfoTaken', taken, line.span))
    }
  ],
  ['UserDir', userDir],
  ['FallbackResource', fallback],
  [
    'TraceEnable',
    (line, place) => push(place, setting('traceEchoed', value(line).toLowerCase() !== 'off', line.span))
  ],
  ['LimitRequestBody', (line, place) => push(place, setting('maxBodySize', Number(value(line)), line.span))]
]

/** `?` and the query, if there is one. */
const withQuery: Template = [
  { kind: 'variable', name: 'query.mark.written' },
  { kind: 'variable', name: 'query' }
]

/** What is no file and has no handler goes to one URL; mod_dir looks for an index first. That URL itself is left alone. */
function fallback(line: Line, place: Place): Said {
  const url = value(line)
  const isOff = url.toLowerCase() === 'disabled'
  const missing = not(test({ of: 'text', template: variable('filename') }, { kind: 'exists', what: 'file' }))
  const elsewhere = not(test({ of: 'path' }, { kind: 'equals', value: url }))
  const last = isOff
    ? ({ kind: 'none' } as const)
    : ({ kind: 'uri', to: [...literal(url), ...withQuery], lookedUp: 'GET' } as const)
  const tryFiles = { candidates: [], last } as const
  const when = allOf([missing, elsewhere])
  scopeWithin(place, { line, when, rank: 0, settings: [setting('tryFiles', tryFiles, line.span)] })
  return undefined
}

/** Folders of users are not looked for: a URL that begins with `/~` is theirs. */
function userDir(line: Line, place: Place): Said {
  const isOff = line.words.every(({ value: word }, index) => index > 0 || word.toLowerCase() === 'disabled')
  if (isOff) return unasked
  const when = test({ of: 'path' }, { kind: 'prefix', value: '/~', segments: false })
  scopeWithin(place, { line, when, rank: 0, settings: [undecided(line)] })
  return notReadYet
}

function push(place: Place, one: Setting): Said {
  place.settings.push(one)
  return undefined
}

function alias(
  line: Line,
  place: Place,
  absolute: (path: string) => string,
  programs: string | undefined
): Said {
  // One word, inside a Location: the section's path is the prefix.
  const prefix = line.words.length === 1 ? place.path : value(line)
  const written = line.words.length === 1 ? value(line) : value(line, 1)
  if (
    prefix === undefined ||
    (place.context !== 'main' && place.context !== 'vhost' && line.words.length > 1)
  )
    return notReadYet
  // Told as it is written (CONTEXT_DOCUMENT_ROOT), and cleaned up to be found.
  const to = /^\/(?!.*\/\.{1,2}(?:\/|$))/.test(written) ? written : absolute(written)
  const entry: Alias = {
    match: { kind: 'prefix', value: prefix, segments: !prefix.endsWith('/') },
    to: literal(to),
    ...(written.startsWith('/') && to !== written ? { told: written } : {}),
    documentRoot: 'kept',
    ...(programs === undefined ? {} : { programs }),
    origin: line.span
  }
  place.server.aliases.push(entry)
  return undefined
}

function aliasMatch(line: Line, place: Place, programs: string | undefined): Said {
  if (line.words.length !== 2) return notReadYet
  place.server.aliases.push({
    match: { kind: 'regex', regex: regex(value(line)) },
    to: substitution(value(line, 1)),
    documentRoot: 'kept',
    ...(programs === undefined ? {} : { programs }),
    origin: line.span
  })
  return undefined
}
