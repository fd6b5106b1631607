import type { Span } from '../../../diagnostics/index.js'
import { splitWords } from '../../../../grammars/apache/index.js'
import type { Line, Word } from './line.js'
import { absolute } from './paths.js'
import type { FcgidSettings, Place } from './place.js'
import type { Handler, Reader, Said } from './reader.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** What mod_fcgid is told, but for guards. */
export const fcgidHandlers: readonly (readonly [string, Handler])[] = [
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
  ['FcgidCmdOptions', commandOptions],
  ...pair(['FcgidFixPathinfo', 'PHP_Fix_Pathinfo_Enable'], () => ({
    kind: 'ignored',
    why: 'SCRIPT_NAME is an absolute path already, which joining it to DOCUMENT_ROOT does not change'
  })),
  ...pair(['FcgidMaxRequestLen', 'MaxRequestLen'], number),
  ...pair(['FcgidIOTimeout', 'IPCCommTimeout'], number),
  ...pair(['FcgidConnectTimeout', 'IPCConnectTimeout'], number),
  ...pair(['FcgidMaxProcesses', 'MaxProcessCount'], number),
  ...pair(['FcgidMaxProcessesPerClass', 'DefaultMaxClassProcessCount'], number),
  ...pair(['FcgidMinProcessesPerClass', 'DefaultMinClassProcessCount'], number),
  ...pair(['FcgidMaxRequestsPerProcess', 'MaxRequestsPerProcess'], number),
  ...pair(['FcgidBusyTimeout', 'BusyTimeout'], number),
  ...pair(['FcgidBusyScanInterval', 'BusyScanInterval'], number),
  ...pair(['FcgidIdleTimeout', 'IdleTimeout'], number),
  ...pair(['FcgidIdleScanInterval', 'IdleScanInterval'], number),
  ...pair(['FcgidProcessLifeTime', 'ProcessLifeTime'], number),
  ...pair(['FcgidErrorScanInterval', 'ErrorScanInterval'], number),
  ...pair(['FcgidSpawnScore', 'SpawnScore'], number),
  ...pair(['FcgidTerminationScore', 'TerminationScore'], number),
  ...pair(['FcgidTimeScore', 'TimeScore'], number),
  ...pair(['FcgidSpawnScoreUpLimit', 'SpawnScoreUpLimit'], number)
]

function pair(names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] {
  return names.map((name) => [name, handler] as const)
}

function number(line: Line, place: Place): Said {
  place.server.fcgid.numbers.set(line.entry?.row.deprecated?.instead ?? line.name, asNumber(value(line)))
  return undefined
}

/** As C's atol. */
function asNumber(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0)
}

/** Kept in fixed arrays: 63 bytes for a name, 127 for a value. The one word `A=1` makes A the value `1=`. */
function initialVariable(line: Line): FcgidSettings['environment'][number] {
  const [, name = value(line), rest] =
    line.words.length === 1 ? (/^([^=]*)=(.*)$/.exec(value(line)) ?? []) : []
  const text = rest === undefined ? value(line, 1) : `${rest}=`
  return variable(name, text, line.span)
}

function variable(name: string, text: string, origin: Span): FcgidSettings['environment'][number] {
  return { name: name.slice(0, 63), value: text.slice(0, 127), origin }
}

/** `FcgidWrapper "/usr/bin/php-cgi -c /etc/php" .php [virtual]` */
function wrapper(line: Line, place: Place, reader: Reader): Said {
  const [command, second, third] = line.words
  if (command === undefined) return undefined
  const isVirtual = (word: Word | undefined): boolean => word?.value.toLowerCase() === 'virtual'
  const extension = isVirtual(second) ? undefined : second
  if (third !== undefined && !isVirtual(third)) {
    const message = `\`${line.name}\` has no option \`${third.value}\``
    reader.report.refuse('unknown-option', third.span, message, 'only `virtual` is possible')
    return undefined
  }
  if (extension !== undefined && !/^\.[^/\\]+$/.test(extension.value)) {
    const message = `\`${extension.value}\` is no extension`
    reader.report.refuse('bad-extension', extension.span, message, 'write it with its dot')
    return undefined
  }
  const words = splitWords(command.value).map((word) => word.value)
  program(words[0], command, reader)
  place.server.wrappers.push({
    command: words,
    extension: extension?.value,
    virtual: isVirtual(second) || isVirtual(third),
    condition: place.condition,
    rank: place.rank ?? -1,
    span: line.span
  })
  return undefined
}

function program(path: string | undefined, word: Word, reader: Reader): void {
  if (path !== undefined && path !== '' && reader.io.kind(path) !== 'missing') return
  reader.report.refuseHere(
    'no-program',
    word.span,
    `There is no program \`${path ?? ''}\` on this machine`,
    'correct the path; it is not relative to ServerRoot'
  )
}

/** The option of a program, and the directive that says the same of all. */
const numericOptions: ReadonlyMap<string, string> = new Map([
  ['connecttimeout', 'FcgidConnectTimeout'],
  ['idletimeout', 'FcgidIdleTimeout'],
  ['iotimeout', 'FcgidIOTimeout'],
  ['maxprocesses', 'FcgidMaxProcessesPerClass'],
  ['maxprocesslifetime', 'FcgidProcessLifeTime'],
  ['maxrequestsperprocess', 'FcgidMaxRequestsPerProcess'],
  ['minprocesses', 'FcgidMinProcessesPerClass']
])

/** `FcgidCmdOptions /srv/app MaxProcesses 2 InitialEnv A=b` */
function commandOptions(line: Line, place: Place, reader: Reader): Said {
  const [path, ...options] = line.words
  if (path === undefined) return undefined
  program(path.value, path, reader)
  const numbers = new Map<string, number>()
  const environment: FcgidSettings['environment'][number][] = []
  for (let at = 0; at < options.length; at += 2) {
    const option = options[at]
    const given = options[at + 1]
    if (option === undefined) break
    const name = option.value.toLowerCase()
    const directive = numericOptions.get(name)
    if (directive === undefined && name !== 'initialenv') {
      const message = `\`FcgidCmdOptions\` has no option \`${option.value}\``
      const known = ['InitialEnv', ...[...numericOptions.values()].map((one) => `\`${one}\``)].join(', ')
      reader.report.refuse(
        'unknown-option',
        option.span,
        message,
        `it takes what these say of all programs: ${known}`
      )
      return undefined
    }
    if (given === undefined || given.value === '') {
      reader.report.refuse('bad-option-value', option.span, `\`${option.value}\` needs a value`)
      return undefined
    }
    if (directive !== undefined) numbers.set(directive, asNumber(given.value))
    else {
      const equals = given.value.indexOf('=')
      const bare = equals < 0 ? given.value : given.value.slice(0, equals)
      environment.push(variable(bare, equals < 0 ? '' : given.value.slice(equals + 1), given.span))
    }
  }
  place.server.fcgid.commands.set(path.value, { environment, numbers, span: line.span })
  return undefined
}
