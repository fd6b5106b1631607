import type { Binding, Pool } from '../../../model/index.js'
import { definitionBinding, definitionPool, dynamicBinding } from './definitions.js'
import { commandPoolId, fcgidBindings, fcgidHandler, fcgidPools, joinFcgid } from './fcgid.js'
import { gateBindings } from './gates.js'
import { guardBindings } from './guards.js'
import type { Surroundings } from './params.js'
import type { Server } from './place.js'
import type { ProxyServer } from './proxying.js'
import type { Reader } from './reader.js'

/** What a server's requests may be taken by, and the pools behind it. */
export interface Answering {
  readonly bindings: readonly Binding[]
  readonly pools: readonly Pool[]
}

/** In the order they are asked: ProxyPass before any file is looked at; definitions newest first; then whoever has the handler's name. */
export function answering(
  server: Server,
  reader: Reader,
  around: Surroundings,
  proxy: ProxyServer
): Answering {
  const { main } = reader
  const servers = server === main ? [main] : [main, server]
  const prefix = fcgidPrefix(server, reader)
  const guards = guardBindings(reader.guards, servers, around, (command) => commandPoolId(prefix, command))
  const fcgid = fcgidAnswering(server, reader, around, prefix)
  return {
    bindings: [
      ...gateBindings(reader.gates, servers),
      ...guards,
      ...proxy.passBindings(),
      ...fastcgiBindings(server, reader, around),
      ...fcgid.bindings,
      ...proxy.handlerBindings(reader)
    ],
    pools: [...proxy.pools, ...fcgid.pools]
  }
}

/** What a `.htaccess` file puts in front of what its server has: guards, and who is known by the handler names it gives. */
export function folderAnswering(
  server: Server,
  reader: Reader,
  around: Surroundings,
  prefix: string,
  proxy: ProxyServer
): Answering {
  const { main } = reader
  const servers = server === main ? [main] : [main, server]
  const fcgid = fcgidAnswering(server, reader, around, prefix)
  const dynamic = dynamicDefinition(reader)
  return {
    bindings: [
      ...gateBindings(reader.gates, servers),
      ...guardBindings(reader.guards, servers, around, (command) => commandPoolId(prefix, command)),
      ...fastcgiBindings(server, reader, around),
      ...fcgid.bindings,
      ...proxy.handlerBindings(reader)
    ],
    pools: [...(dynamic === undefined ? [] : [definitionPool(dynamic)]), ...proxy.pools, ...fcgid.pools]
  }
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
  const used = reader.firstUse('fastcgi-script')?.span
  const guard = reader.asksDynamic ? reader.guards[0]?.span : undefined
  const span = used ?? guard
  return span && reader.definitions.dynamic(reader.configSpan ?? span)
}

export function fastcgiPools(reader: Reader): readonly Pool[] {
  const dynamic = dynamicDefinition(reader)
  const defined = [...reader.definitions.all, ...(dynamic === undefined ? [] : [dynamic])].map(definitionPool)
  return [...defined, ...[...reader.providers.values()].map(({ pool }) => pool)]
}

/** Each virtual host has processes of its own. */
export function fcgidPrefix(server: Server, reader: Reader): string {
  if (server === reader.main) return ''
  return `${server.serverName?.name ?? 'host'}:${reader.placeOfHost(server)}:`
}

function fcgidAnswering(server: Server, reader: Reader, around: Surroundings, prefix: string): Answering {
  const used = reader.firstUse(fcgidHandler)
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
