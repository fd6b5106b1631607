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
    numbers: new Map([...main.numbers, ...host.numbers])
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
  const ordered = [...wrappers].reverse()
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
    binding(programsPoolId(prefix), always, origin, false, true)
  ]
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

/** The pools of those bindings: each virtual host has processes of its own. */
export function fcgidPools(
  commands: readonly Pick<Wrapper, 'command' | 'span'>[],
  settings: FcgidSettings,
  around: Surroundings,
  prefix: string,
  ipcDirectory: string,
  origin: Span
): readonly Pool[] {
  const number = (name: string, standard: number): number => settings.numbers.get(name) ?? standard
  const pool = (id: string, command: readonly string[], span: Span, index: number): Pool => ({
    id,
    name: id,
    origin: span,
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    members: [
      {
        address: { kind: 'unix', path: `${ipcDirectory}/${prefix.replace(/[^A-Za-z0-9.-]/g, '_')}${index}` },
        weight: 1,
        maxConnections: 0,
        backup: false,
        down: false,
        failure: { kind: 'never' },
        process: plan(command, settings, around, number('FcgidMaxProcessesPerClass', 100)),
        origin: span
      }
    ],
    connection: {
      connectTimeout: number('FcgidConnectTimeout', 3),
      sendTimeout: number('FcgidIOTimeout', 40),
      readTimeout: number('FcgidIOTimeout', 40),
      keep: false,
      idle: 0
    },
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false }
  })
  const pools = commands.map((wrapper, index) =>
    pool(commandPoolId(prefix, wrapper.command), wrapper.command, wrapper.span, index + 1)
  )
  return [
    ...new Map([...pools, pool(programsPoolId(prefix), [], origin, 0)].map((one) => [one.id, one])).values()
  ]
}

function plan(
  command: readonly string[],
  settings: FcgidSettings,
  around: Surroundings,
  maximum: number
): ProcessPlan {
  return {
    command,
    minimum: 0,
    maximum,
    sockets: 'own',
    when: 'on-demand',
    inherit: { kind: 'names', names: [] },
    environment: settings.environment,
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
    adaptive: { maxLoad: 0, idleTimeout: settings.numbers.get('FcgidIdleTimeout') ?? 300 },
    socketMode: 0o700
  }
}
