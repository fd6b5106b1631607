import { always, type Match } from '../../../model/index.js'
import type { Line, Word } from './line.js'
import { absolute } from './paths.js'
import { regex } from './patterns.js'
import type { FcgidSettings, Pass, Place } from './place.js'
import { parseBackend, runtimeDirectory } from './proxy.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'
import { workerParameters } from './workers.js'
import { splitWords } from '../../../../grammars/apache/index.js'

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
  ...pair(['FcgidWrapper', 'FCGIWrapper'], wrapper),
  ...pair(['FcgidInitialEnv', 'DefaultInitEnv'], (line, place) => {
    place.server.fcgid.environment.push(initialVariable(line))
    return undefined
  }),
  ...pair(['FcgidPassHeader', 'PassHeader'], (line, place) => {
    place.server.fcgid.passed.push({ header: value(line), origin: line.span })
    return undefined
  }),
  ...pair(['FcgidIPCDir', 'SocketPath'], (line, _, reader) => {
    reader.fcgidDirectory = absolute(reader.serverRoot, value(line))
    return undefined
  }),
  ...pair(['FcgidMaxRequestLen', 'MaxRequestLen'], number),
  ...pair(['FcgidIOTimeout', 'IPCCommTimeout'], number),
  ...pair(['FcgidConnectTimeout', 'IPCConnectTimeout'], number),
  ...pair(['FcgidMaxProcessesPerClass', 'DefaultMaxClassProcessCount'], number),

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

/** Kept in fixed arrays: 63 bytes for a name, 127 for a value. The one word `A=1` makes A the value `1=`. */
function initialVariable(line: Line): FcgidSettings['environment'][number] {
  const [, name = value(line), rest] =
    line.words.length === 1 ? (/^([^=]*)=(.*)$/.exec(value(line)) ?? []) : []
  const text = rest === undefined ? value(line, 1) : `${rest}=`
  return { name: name.slice(0, 63), value: text.slice(0, 127), origin: line.span }
}

function pair(names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] {
  return names.map((name) => [name, handler] as const)
}

/** `FcgidWrapper "/usr/bin/php-cgi -c /etc/php" .php [virtual]` */
function wrapper(line: Line, place: Place, reader: Reader): Said {
  const [command, second, third] = line.words
  if (command === undefined) return undefined
  const isVirtual = (word: Word | undefined): boolean => word?.value.toLowerCase() === 'virtual'
  const extension = isVirtual(second) ? undefined : second
  if (extension !== undefined && !/^\.[^./]+/.test(extension.value)) {
    reader.report.refuse(
      'bad-extension',
      extension.span,
      `\`${extension.value}\` is no extension`,
      'write it with its dot'
    )
    return undefined
  }
  if (third !== undefined && !isVirtual(third)) {
    reader.report.refuse(
      'unknown-option',
      third.span,
      `\`${line.name}\` has no option \`${third.value}\``,
      'only `virtual` is possible'
    )
    return undefined
  }
  const words = splitWords(command.value).map((word) => word.value)
  if (reader.io.kind(words[0] ?? '') === 'missing') {
    reader.report.refuseHere(
      'no-program',
      command.span,
      `There is no program \`${words[0] ?? ''}\``,
      'correct the path; it is not relative to ServerRoot'
    )
  }
  place.server.wrappers.push({
    command: words,
    extension: extension?.value.toLowerCase(),
    virtual: isVirtual(second) || isVirtual(third),
    condition: place.condition,
    span: line.span
  })
  return undefined
}

function number(line: Line, place: Place): Said {
  place.server.fcgid.numbers.set(
    line.entry?.row.deprecated?.instead ?? line.name,
    Math.trunc(Number(value(line))) || 0
  )
  return undefined
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
