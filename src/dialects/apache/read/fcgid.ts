import type { Span } from '../../../diagnostics/index.js'
import type { Binding, Condition, ParamEntry, Pool, ProcessPlan } from '../../../model/index.js'
import { allOf, always, variable } from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { fcgidParams, passedHeader, type Surroundings } from './params.js'
import { escapeRegex, regex, test } from './patterns.js'
import type { FcgidSettings, Wrapper } from './place.js'

export const fcgidHandler = 'fcgid-script'

/** What the main server says, then the virtual host. */
export function joinFcgid(main: FcgidSettings, host: FcgidSettings): FcgidSettings {
  return {
    environment: [...main.environment, ...host.environment],
    passed: [...main.passed, ...host.passed],
    numbers: new Map([...main.numbers, ...host.numbers]),
    commands: new Map([...main.commands, ...host.commands])
  }
}

/**
 * Handler `fcgid-script`: the wrapper for the file's last extension, else one without extension, else the file itself
 * is run. Inner sections' wrappers come first.
 */
export function fcgidBindings(
  wrappers: readonly Wrapper[],
  settings: FcgidSettings,
  around: Surroundings,
  prefix: string,
  origin: Span
): readonly Binding[] {
  const params = fcgidParams(around, passedEntries(settings))
  // Sections further in are folded later; the first one found here counts.
  const ordered = [...wrappers].sort((a, b) => a.rank - b.rank).reverse()
  const specific = ordered.filter(({ extension }) => extension !== undefined)
  const general = ordered.filter(({ extension }) => extension === undefined)
  const binding = (
    pool: string,
    when: Condition,
    span: Span,
    virtual: boolean,
    program: boolean
  ): Binding => ({
    match: { kind: 'label', value: fcgidHandler },
    when,
    at: ['content'],
    origin: span,
    target: {
      kind: 'fastcgi',
      role: 'responder',
      pool: { kind: 'pool', id: pool },
      script: fileScript,
      mustExist: false,
      params,
      checks: [
        { must: 'be-allowed', status: 403 },
        { must: 'take-path-info', status: 404 },
        ...(virtual
          ? []
          : ([
              { must: 'exist', status: 404 },
              { must: 'not-be-directory', status: 403 }
            ] as const))
      ],
      ...(program ? { program: variable('filename') } : {})
    }
  })
  return [
    ...[...specific, ...general].map((wrapper) =>
      binding(
        commandPoolId(prefix, wrapper.command),
        allOf([wrapper.condition, ofExtension(wrapper.extension)]),
        wrapper.span,
        wrapper.virtual,
        false
      )
    ),
    ...[...settings.commands].map(([path, { span }]) =>
      binding(optionsPoolId(prefix, path), isFile(path), span, false, true)
    ),
    binding(programsPoolId(prefix), always, origin, false, true)
  ]
}

function isFile(path: string): Condition {
  return test({ of: 'filename' }, { kind: 'equals', value: path })
}

function optionsPoolId(prefix: string, path: string): string {
  return `${prefix}fcgid ${path}`
}

function ofExtension(extension: string | undefined): Condition {
  if (extension === undefined) return always
  return test({ of: 'basename' }, { kind: 'regex', regex: regex(`${escapeRegex(extension)}$`) })
}

function passedEntries(settings: FcgidSettings): readonly ParamEntry[] {
  return settings.passed.flatMap(({ header, origin }): readonly ParamEntry[] => {
    const named = passedHeader(header, origin)
    const bare = header.replace(/[^A-Za-z0-9]/g, '_')
    return named.kind === 'param' ? [{ ...named, name: bare }, named] : []
  })
}

export function commandPoolId(prefix: string, command: readonly string[]): string {
  return `${prefix}${command.join(' ')}`
}

function programsPoolId(prefix: string): string {
  return `${prefix}fcgid`
}

/** What mod_fcgid says of the processes of one program. */
interface Rules {
  readonly environment: FcgidSettings['environment']
  readonly number: (name: string) => number
}

/** Where nothing is said. */
const standard: ReadonlyMap<string, number> = new Map([
  ['FcgidConnectTimeout', 3],
  ['FcgidIOTimeout', 40],
  ['FcgidMaxProcesses', 1000],
  ['FcgidMaxProcessesPerClass', 100],
  ['FcgidMinProcessesPerClass', 3],
  ['FcgidMaxRequestsPerProcess', 0],
  ['FcgidBusyTimeout', 300],
  ['FcgidBusyScanInterval', 120],
  ['FcgidIdleTimeout', 300],
  ['FcgidIdleScanInterval', 120],
  ['FcgidProcessLifeTime', 3600],
  ['FcgidErrorScanInterval', 3],
  ['FcgidSpawnScore', 1],
  ['FcgidTerminationScore', 2],
  ['FcgidTimeScore', 1],
  ['FcgidSpawnScoreUpLimit', 10]
])

/** What FcgidCmdOptions cannot say holds for its program as for all others. */
const ofAllPrograms: readonly string[] = [
  'FcgidMaxProcesses',
  'FcgidBusyTimeout',
  'FcgidBusyScanInterval',
  'FcgidIdleScanInterval',
  'FcgidErrorScanInterval',
  'FcgidSpawnScore',
  'FcgidTerminationScore',
  'FcgidTimeScore',
  'FcgidSpawnScoreUpLimit'
]

/** With FcgidCmdOptions, what is said in general does not count. */
function rulesFor(path: string | undefined, settings: FcgidSettings): Rules {
  const own = path === undefined ? undefined : settings.commands.get(path)
  const numbers = (name: string): ReadonlyMap<string, number> =>
    own === undefined || ofAllPrograms.includes(name) ? settings.numbers : own.numbers
  return {
    environment: own?.environment ?? settings.environment,
    number: (name) => numbers(name).get(name) ?? standard.get(name) ?? 0
  }
}

/** The pools of those bindings: each virtual host has processes of its own. */
export function fcgidPools(
  commands: readonly Pick<Wrapper, 'command' | 'span'>[],
  settings: FcgidSettings,
  around: Surroundings,
  prefix: string,
  ipcDirectory: string,
  origin: Span
): readonly Pool[] {
  const folder = `${ipcDirectory}/${prefix.replace(/[^A-Za-z0-9.-]/g, '_')}`
  const pool = (id: string, command: readonly string[], rules: Rules, span: Span, index: number): Pool => ({
    id,
    name: id,
    origin: span,
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    members: [
      {
        address: { kind: 'unix', path: `${folder}${index}` },
        weight: 1,
        maxConnections: 0,
        backup: false,
        down: false,
        failure: { kind: 'never' },
        process: plan(command, rules, around),
        origin: span
      }
    ],
    connection: {
      connectTimeout: rules.number('FcgidConnectTimeout'),
      sendTimeout: rules.number('FcgidIOTimeout'),
      readTimeout: rules.number('FcgidIOTimeout'),
      keep: false,
      idle: 0
    },
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false }
  })
  const ofCommands = commands.map(({ command, span }, index) =>
    pool(commandPoolId(prefix, command), command, rulesFor(command[0], settings), span, index + 1)
  )
  const ofFiles = [...settings.commands].map(([path, { span }], index) =>
    pool(optionsPoolId(prefix, path), [], rulesFor(path, settings), span, commands.length + index + 1)
  )
  const others = pool(programsPoolId(prefix), [], rulesFor(undefined, settings), origin, 0)
  return [...new Map([...ofCommands, ...ofFiles, others].map((one) => [one.id, one])).values()]
}

function plan(command: readonly string[], { environment, number }: Rules, around: Surroundings): ProcessPlan {
  return {
    command,
    minimum: 0,
    maximum: number('FcgidMaxProcessesPerClass'),
    sockets: 'own',
    when: 'on-demand',
    inherit: { kind: 'names', names: [] },
    environment,
    defaults: [
      ...(around.path === undefined ? [] : [{ name: 'PATH', value: around.path }]),
      ...(around.libraryPath === undefined ? [] : [{ name: 'LD_LIBRARY_PATH', value: around.libraryPath }])
    ],
    socketTaken: 'replaced',
    makesSocketFolder: true,
    directory: 'of-program',
    priority: 0,
    killSignal: 15,
    backlog: 100,
    restart: { delay: 0, startDelay: 0, minimumLife: 0, failuresBeforeBackOff: 0, backOffDelay: 0 },
    adaptive: { maxLoad: 0, idleTimeout: number('FcgidIdleTimeout') },
    manager: {
      kind: 'scored',
      total: number('FcgidMaxProcesses'),
      keep: number('FcgidMinProcessesPerClass'),
      score: {
        start: number('FcgidSpawnScore'),
        end: number('FcgidTerminationScore'),
        second: number('FcgidTimeScore'),
        limit: number('FcgidSpawnScoreUpLimit')
      },
      requests: Math.max(0, number('FcgidMaxRequestsPerProcess')),
      idleTimeout: number('FcgidIdleTimeout'),
      lifetime: number('FcgidProcessLifeTime'),
      busyTimeout: number('FcgidBusyTimeout'),
      scans: {
        idle: number('FcgidIdleScanInterval'),
        busy: number('FcgidBusyScanInterval'),
        error: number('FcgidErrorScanInterval')
      },
      tries: 64
    },
    socketMode: 0o700
  }
}
