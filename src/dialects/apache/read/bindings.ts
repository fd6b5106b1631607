import type { Span } from '../../../diagnostics/index.js'
import { always, type Binding, type Condition, type Pool } from '../../../model/index.js'
import { definitionBinding, definitionPool, dynamicBinding } from './definitions.js'
import { commandPoolId, fcgidBindings, fcgidHandler, fcgidPools, joinFcgid } from './fcgid.js'
import { gateBindings, type Gate } from './gates.js'
import { guardBindings } from './guards.js'
import type { Surroundings } from './params.js'
import type { Pass, Server } from './place.js'
import {
  handlerBinding,
  otherSchemes,
  parseBackend,
  passBinding,
  proxyHandler,
  runtimeDirectory,
  sharedWorker,
  workerPool,
  type Backend,
  type BackendType,
  type Worker,
  type WorkerSettings
} from './proxy.js'
import type { Reader } from './reader.js'

/** What a server's requests may be taken by, and the pools behind it. */
export interface Answering {
  readonly bindings: readonly Binding[]
  readonly pools: readonly Pool[]
}

/** A backend type with the requests it holds for, the last one that fits first. */
interface TypedCondition {
  readonly type: BackendType
  readonly when: Condition
}

/**
 * In the order they are asked: ProxyPass before any file is looked at (of sections the last that fits, then lines in
 * order, the main server's first); definitions newest first; then whoever has the handler's name.
 */
export function answering(server: Server, reader: Reader, around: Surroundings): Answering {
  const { main } = reader
  const servers = server === main ? [main] : [main, server]
  const pools: Pool[] = []
  const workers: Worker[] = []
  const types = backendTypes(servers, reader)
  const passes = servers.flatMap((one) => one.passes)
  const inSections = servers.flatMap((one) => one.sectionPasses)
  const timeout = server.proxyTimeout ?? main.proxyTimeout ?? server.timeout ?? main.timeout ?? 60
  const worker = (backend: Backend, parameters: Parameters | undefined, span: Span): Worker => {
    const url = `${backend.origin}${backend.path}`
    const named = parameters !== undefined
    // A handler's URL goes on with the file's path.
    const shared = sharedWorker(workers, named ? url : `${url}/`)
    if (shared !== undefined) return shared
    const id = `${address(backend)}${named ? `|${url}` : ''}`
    pools.push(workerPool(id, backend.address, workerSettings(parameters, timeout), span, named))
    const made: Worker = { url, poolId: id, named }
    workers.push(made)
    return made
  }
  // Workers come into being in the order of the text, whatever order they are asked in.
  for (const { backend, parameters, span } of servers.flatMap((one) => one.workers))
    worker(backend, parameters, span)
  const asked = [...passes, ...inSections].flatMap((pass) =>
    isBackend(pass.backend) ? [[pass, worker(pass.backend, pass.parameters, pass.span)] as const] : []
  )
  const made = new Map(asked)
  const passed = [...inSections.reverse(), ...passes].flatMap((pass) =>
    passBindings(pass, made.get(pass), types, around)
  )
  const handled = handlerLabels(reader).flatMap(({ label, span, backend }) => {
    const behind = worker(backend, undefined, span)
    return types.map(({ type, when }) => handlerBinding(label, backend, behind, type, when, around, span))
  })
  const prefix = fcgidPrefix(server, reader)
  const guards = guardBindings(reader.guards, servers, around, (command) => commandPoolId(prefix, command))
  const unread = unreadHandlers(reader)
  const fcgid = fcgidAnswering(server, reader, around, prefix)
  return {
    bindings: [
      ...gateBindings(reader.gates, servers),
      ...guards,
      ...gated(passed, reader.proxyGate),
      ...fastcgiBindings(server, reader, around),
      ...fcgid.bindings,
      ...gated(handled, reader.proxyGate),
      ...unread
    ],
    pools: [...pools, ...fcgid.pools]
  }
}

/** Who may reach a worker is not known: nobody does. */
function gated(bindings: readonly Binding[], gate: Gate | undefined): readonly Binding[] {
  if (gate === undefined) return bindings
  return bindings.map((binding) =>
    binding.target.kind === 'fastcgi'
      ? { ...binding, target: { kind: 'unsupported', what: gate.what } }
      : binding
  )
}

type Parameters = ReadonlyMap<string, string>

function isBackend(backend: Pass['backend']): backend is Backend {
  return backend !== undefined && backend !== 'unread'
}

function address({ address: at }: Backend): string {
  return at.kind === 'unix' ? `unix:${at.path}` : `${at.host}:${at.port}`
}

function backendTypes(servers: readonly Server[], reader: Reader): readonly TypedCondition[] {
  const said = reader.backendTypes.filter(({ place }) => servers.includes(place.server))
  const whole = said.findLast(({ place }) => servers.some((server) => server === place))
  const inSections = said.filter(({ place }) => !servers.some((server) => server === place))
  return [
    ...inSections.reverse().map(({ type, place }) => ({ type, when: place.condition })),
    { type: whole?.type ?? 'FPM', when: always }
  ]
}

function passBindings(
  pass: Pass,
  worker: Worker | undefined,
  types: readonly TypedCondition[],
  around: Surroundings
): readonly Binding[] {
  const { match, condition, backend, span } = pass
  const shared = { match, when: condition, at: ['url'], origin: span } as const
  if (backend === undefined) return [{ ...shared, target: { kind: 'none' } }]
  if (!isBackend(backend) || worker === undefined)
    return [{ ...shared, target: { kind: 'status', status: 501 } }]
  return types.map(({ type, when }) =>
    passBinding(match, backend, worker, type, joined(condition, when), around, span)
  )
}

function joined(one: Condition, other: Condition): Condition {
  if (one.kind === 'always') return other
  return other.kind === 'always' ? one : { kind: 'all', of: [one, other] }
}

function workerSettings(parameters: Parameters | undefined, standard: number): WorkerSettings {
  const parameter = (name: string): string | undefined => parameters?.get(name)
  const number = (name: string, otherwise: number): number => {
    const value = Number.parseInt(parameter(name) ?? '', 10)
    return Number.isNaN(value) ? otherwise : value
  }
  const isOn = (name: string): boolean => parameter(name)?.toLowerCase() === 'on'
  const timeout = number('timeout', standard)
  return {
    timeout,
    connectTimeout: number('connectiontimeout', timeout),
    retry: number('retry', 60),
    reuse: isOn('enablereuse') || parameter('disablereuse')?.toLowerCase() === 'off',
    max: number('max', 0)
  }
}

/** Every `proxy:` handler that some line gives, once. */
function handlerLabels(reader: Reader): readonly { label: string; span: Span; backend: Backend }[] {
  const found = new Map<string, { label: string; span: Span; backend: Backend }>()
  if (!reader.modules.provides('mod_proxy_fcgi')) return []
  for (const { label, span } of reader.labels) {
    const url = proxyHandler(label)
    const backend = url === undefined ? undefined : parseBackend(url, runtimeDirectory)
    if (backend !== undefined && !found.has(label)) found.set(label, { label, span, backend })
  }
  return [...found.values()]
}

/** What they would answer is not known here; the file's source must not be sent in its place. */
function unreadHandlers(reader: Reader): readonly Binding[] {
  const found = new Map(
    reader.labels.filter(({ label }) => otherSchemes.test(label)).map((used) => [used.label, used])
  )
  return [...found.values()].map(({ label, span }) => ({
    match: { kind: 'label', value: label },
    when: always,
    at: ['content'],
    origin: span,
    target: { kind: 'status', status: label.toLowerCase().startsWith('proxy:balancer:') ? 500 : 501 }
  }))
}

/**
 * Definitions hold for all hosts. With a wrapper they are only for requests that have a user of their own (suexec); others
 * find no definition, and programs without one are started as if there was no wrapper (`get_request_identity`).
 */
function fastcgiBindings(server: Server, reader: Reader, around: Surroundings): readonly Binding[] {
  const dynamic = dynamicDefinition(reader)
  const defined = [...reader.definitions.all].reverse().map((one) => definitionBinding(one, around))
  const started = dynamic === undefined ? [] : [dynamicBinding(dynamic, around)]
  if (reader.definitions.wrapper === undefined) return [...defined, ...started]
  const hasUser = reader.suexec.has(server) || reader.suexec.has(reader.main)
  return hasUser ? [...defined, ...started].map(wrapped) : started
}

/** Starting applications as another user is for suexec alone: it is not run without that. */
function wrapped(binding: Binding): Binding {
  return { ...binding, target: { kind: 'unsupported', what: '`FastCgiWrapper` with `SuexecUserGroup`' } }
}

function dynamicDefinition(reader: Reader): ReturnType<Reader['definitions']['dynamic']> | undefined {
  if (!reader.modules.provides('mod_fastcgi')) return undefined
  const used = reader.labels.find(({ label }) => label === 'fastcgi-script')?.span
  const guard = reader.asksDynamic ? reader.guards[0]?.span : undefined
  const span = used ?? guard
  return span && reader.definitions.dynamic(reader.configSpan ?? span)
}

export function fastcgiPools(reader: Reader): readonly Pool[] {
  const dynamic = dynamicDefinition(reader)
  return [...reader.definitions.all, ...(dynamic === undefined ? [] : [dynamic])].map(definitionPool)
}

/** Each virtual host has processes of its own. */
function fcgidPrefix(server: Server, { main, hosts }: Reader): string {
  if (server === main) return ''
  return `${server.serverName?.name ?? 'host'}:${hosts.findIndex((host) => host === server)}:`
}

function fcgidAnswering(server: Server, reader: Reader, around: Surroundings, prefix: string): Answering {
  const used = reader.labels.find(({ label }) => label === fcgidHandler)
  const { main } = reader
  const servers = server === main ? [main] : [main, server]
  const guards = reader.guards.flatMap(({ says, span, place }) =>
    says.kind === 'application' && says.application.module === 'mod_fcgid' && servers.includes(place.server)
      ? [{ command: says.application.command, span }]
      : []
  )
  const origin = used?.span ?? guards[0]?.span
  if (origin === undefined || !reader.modules.provides('mod_fcgid')) return { bindings: [], pools: [] }
  const wrappers = servers.flatMap((one) => one.wrappers)
  const settings = server === main ? main.fcgid : joinFcgid(main.fcgid, server.fcgid)
  const commands = [...wrappers, ...guards]
  return {
    bindings: used === undefined ? [] : fcgidBindings(wrappers, settings, around, prefix, used.span),
    pools: fcgidPools(commands, settings, around, prefix, reader.fcgidDirectory, origin)
  }
}
