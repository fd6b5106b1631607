import { always, type Match } from '../../../model/index.js'
import type { Line } from './line.js'
import { regex } from './patterns.js'
import type { Pass, Place } from './place.js'
import { parseBackend, runtimeDirectory } from './proxy.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { workerParameters } from './workers.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** Who answers: the three FastCGI modules. */
export const answeringHandlers: readonly (readonly [string, Handler])[] = [
  ...pair(['FastCgiServer', 'AppClass'], (line, _, reader) => {
    reader.definitions.server(line)
    return undefined
  }),
  ...pair(['FastCgiExternalServer', 'ExternalAppClass'], (line, _, reader) => {
    reader.definitions.external(line)
    return undefined
  }),
  ...pair(['FastCgiConfig', 'FCGIConfig'], (line, _, reader) => {
    reader.configSpan ??= line.span
    reader.definitions.config(line)
    return undefined
  }),
  [
    'FastCgiIpcDir',
    (line, _, reader) => {
      reader.definitions.directory(line, value(line))
      return undefined
    }
  ],
  ...pair(['FastCgiWrapper', 'FastCgiSuexec'], (line, _, reader) => {
    reader.definitions.wrap(line, value(line))
    return undefined
  }),
  [
    'SuexecUserGroup',
    (_, place, reader) => {
      reader.suexec.add(place.server)
      return undefined
    }
  ],
  ['ProxySet', proxySet],
  ['ProxyPass', pass],
  ['ProxyPassMatch', pass],
  [
    'ProxyTimeout',
    (line, place) => {
      place.server.proxyTimeout = Number(value(line))
      return undefined
    }
  ],
  [
    'ProxyFCGIBackendType',
    (line, place, reader) => {
      const type = value(line).toUpperCase() === 'GENERIC' ? 'GENERIC' : 'FPM'
      reader.backendTypes.push({ type, place })
      return undefined
    }
  ]
]

function pair(names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] {
  return names.map((name) => [name, handler] as const)
}

/** `ProxyPass /app/ fcgi://127.0.0.1:9000/srv/ timeout=5`, `ProxyPass /static !`, one word in a Location. */
function pass(line: Line, place: Place, reader: Reader): Said {
  const byRegex = line.name === 'ProxyPassMatch'
  const inSection = place.context !== 'main' && place.context !== 'vhost'
  const [first, ...others] = line.words
  if (first === undefined) return undefined
  const target = inSection ? first : others[0]
  const parameters = inSection ? others : others.slice(1)
  if (target === undefined) {
    reader.report.refuse('bad-arguments', line.span, `\`${line.name}\` needs a path and a URL`)
    return undefined
  }
  const settings = workerParameters(line.name, parameters, reader.report)
  const match = matchOf(inSection ? place.path : first.value, byRegex)
  if (match === undefined) return notReadYet
  const entry: Omit<Pass, 'backend'> = {
    match,
    condition: inSection ? place.condition : always,
    span: line.span,
    parameters: settings
  }
  const list = inSection ? place.server.sectionPasses : place.server.passes
  if (target.value === '!') {
    list.push({ ...entry, backend: undefined })
    return undefined
  }
  if (!/^(unix:[^|]*\|)?[a-z][a-z0-9+.-]*:\/\//i.test(target.value)) {
    reader.report.refuse(
      'bad-url',
      target.span,
      `\`${target.value}\` is no absolute URL`,
      'write `fcgi://host:port/path`'
    )
    return undefined
  }
  const backend = parseBackend(target.value, runtimeDirectory)
  if (backend === undefined) {
    // Another scheme takes these URLs as well: what stands behind must not answer in its place.
    list.push({ ...entry, backend: 'unread' })
    return notReadYet
  }
  list.push({ ...entry, backend })
  return undefined
}

function matchOf(text: string | undefined, byRegex: boolean): Match | undefined {
  if (text === undefined) return undefined
  if (byRegex) return { kind: 'regex', regex: regex(text) }
  return { kind: 'prefix', value: text, segments: !text.endsWith('/') }
}

/** In a `<Proxy>` section the worker is the section's, elsewhere it is named first. */
function proxySet(line: Line, place: Place, reader: Reader): Said {
  // Balancers have parameters of their own (`lbmethod=`), which are not known here yet.
  if (place.worker === undefined) return notReadYet
  for (const [key, text] of workerParameters(line.name, line.words, reader.report))
    place.worker.parameters.set(key, text)
  return undefined
}
