import type { Span } from '../diagnostics/index.js'
import type { Address, FastcgiTarget, HttpTarget, Pool } from '../model/index.js'
import type { Groups } from './regex.js'
import { Unsupported, type State } from './state.js'
import { renderText } from './template.js'

/** The pool a target means for this request. */
export function choosePool(
  state: State,
  target: FastcgiTarget | HttpTarget,
  groups: Groups | undefined,
  origin: Span
): Pool | undefined {
  const pool = named(state, target, groups, origin)
  if (pool === undefined || target.kind === 'http' || target.program === undefined) return pool
  const program = renderText(target.program, { state, rule: groups })
  return state.site.derived(`${pool.id} ${program}`, () => ofProgram(pool, program))
}

/** Undefined for a text that is neither a pool nor an address. */
function named(
  state: State,
  target: FastcgiTarget | HttpTarget,
  groups: Groups | undefined,
  origin: Span
): Pool | undefined {
  if (target.pool.kind === 'pool') {
    const pool = state.site.pools.get(target.pool.id) ?? ofFolder(state, target.pool.id)
    if (pool === undefined)
      throw new Unsupported(`the pool \`${target.pool.id}\`, which is not there`, origin)
    return pool
  }
  const text = renderText(target.pool.from, { state, rule: groups })
  if (target.kind === 'http') return httpServer(state, text, origin)
  const pool = state.site.pools.get(text) ?? state.site.poolsByName.get(text.toLowerCase())
  if (pool !== undefined) return pool
  const address = parseAddress(text)
  if (address !== undefined) return state.site.derived(text, () => ofAddress(state, text, address, origin))
  if (!/:\d+$/.test(text)) return undefined
  if (target.pool.hostNames !== 'not-looked-up' || !isNameWithPort(text))
    throw new Unsupported(`an application at \`${text}\``, origin)
  return state.site.derived(text, () => ofNobody(state, text, origin))
}

/** The server of `http://HOST:PORT/…`; the port of the scheme where there is none. */
function httpServer(state: State, text: string, origin: Span): Pool | undefined {
  const server = /^http:\/\/([^/?]+)/i.exec(text)?.[1]
  if (server === undefined) {
    if (/^https:/i.test(text)) throw new Unsupported(`a server at \`${text}\``, origin)
    return undefined
  }
  const id = `http://${server.toLowerCase()}`
  const known = state.site.pools.get(id)
  if (known !== undefined) return known
  const address = parseAddress(server) ?? parseAddress(`${server}:80`)
  if (address !== undefined) return state.site.derived(id, () => ofAddress(state, id, address, origin))
  throw new Unsupported(`a server at \`${text}\``, origin)
}

/** The same one each time, as long as what is said of it stays. */
function ofFolder({ folderPools, site }: State, id: string): Pool | undefined {
  const pool = folderPools.get(id)
  return pool && site.derived(`${id} ${JSON.stringify(pool)}`, () => pool)
}

function isNameWithPort(text: string): boolean {
  const port = Number(/^[a-z\d._-]+:(\d+)$/i.exec(text)?.[1] ?? 0)
  return port >= 1 && port <= 65535
}

function parseAddress(text: string): Address | undefined {
  if (text.startsWith('unix:')) return { kind: 'unix', path: text.slice(5).replace(/:$/, '') }
  const match = /^(\[[0-9a-f:.]+\]|\d+\.\d+\.\d+\.\d+):(\d+)$/i.exec(text)
  return match === null ? undefined : { kind: 'tcp', host: match[1] ?? '', port: Number(match[2]) }
}

/** A pool of one, for an address that is only known at the request; connections as other pools of the site make them. */
function ofAddress(state: State, id: string, address: Address, origin: Span): Pool {
  const failure = { kind: 'never' } as const
  const member = { address, weight: 1, maxConnections: 0, backup: false, down: false, failure, origin }
  return { ...ofNobody(state, id, origin), members: [member] }
}

/** A pool that nobody is in. */
function ofNobody(state: State, id: string, origin: Span): Pool {
  const pattern = state.site.site.pools[0]
  return {
    id,
    members: [],
    balance: { kind: 'round-robin', variant: 'smooth-weighted' },
    connection: pattern?.connection ?? {
      connectTimeout: 60,
      sendTimeout: 60,
      readTimeout: 60,
      keep: false,
      idle: 0
    },
    retry: { on: [], tries: 1, within: 0, nonIdempotent: false },
    origin
  }
}

/** The requested file is a program with processes and a socket of its own. */
function ofProgram(pool: Pool, program: string): Pool {
  const members = pool.members.map((member) => ({
    ...member,
    ...(member.address.kind === 'unix'
      ? { address: { kind: 'unix' as const, path: `${member.address.path}-${hash(program)}` } }
      : {}),
    ...(member.process === undefined
      ? {}
      : { process: { ...member.process, command: [program, ...member.process.command] } })
  }))
  return { ...pool, id: `${pool.id} ${program}`, members }
}

/** FNV-1a, enough to keep the names of sockets apart. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
