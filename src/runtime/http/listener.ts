import { statSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import type { ListenOptions, Server, Socket } from 'node:net'
import type { Diagnostic } from '../../diagnostics/index.js'
import type { Address, Listener } from '../../model/index.js'
import { addressText } from '../address.js'
import { isAnswered } from '../processes/listen.js'
import { HttpConnection } from './connection.js'
import { handle } from './handle.js'
import type { Service } from './service.js'
import { dressed, statusAnswer } from './refusals.js'

/** Milliseconds a client may be silent between requests. */
const idleTimeout = 75_000
const drainLimit = 1024 * 1024

/** Who answers the requests of a listener. */
export interface Front {
  readonly service: Service
  readonly listener: Listener
  /** A request begins; what it gives is called when nothing more is done for it. */
  begin(): () => void
}

/** An open listener. */
export interface OpenListener {
  readonly address: Address
  /** Further requests are answered by somebody else; those under way are not touched. */
  turnTo(front: Front): void
  /**
   * Takes no connection any more, closes those that wait for a request and, after as many milliseconds, all others.
   * Asked again with less time, less is given.
   */
  stop(grace: number): Promise<void>
}

/** Where to listen: an address, or a socket that listens there already. */
export type Where = Address | { readonly kind: 'descriptor'; readonly number: number }

/** Opens one listener; a diagnostic says why it cannot be. */
export async function openListener(first: Front, where: Where): Promise<OpenListener | Diagnostic> {
  const connections = new Set<HttpConnection>()
  const sockets = new Set<Socket>()
  let front = first
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = serveSocket(() => front, socket)
    connections.add(connection)
    sockets.add(socket)
    socket.once('close', () => {
      connections.delete(connection)
      sockets.delete(socket)
    })
  })
  try {
    if (where.kind === 'unix') await removeLeftOver(where.path)
    await listen(server, where, first.listener.ipv6Only === true)
  } catch (error) {
    return listenRefusal(first.listener, where, error)
  }
  let closed: Promise<void> | undefined
  return {
    address: actual(server, where),
    turnTo: (next) => void (front = next),
    stop: async (grace) => {
      closed ??= new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.close()
      await within(grace, closed, () => sockets.forEach((socket) => socket.destroy()))
    }
  }
}

/** Waits for what is to happen; what takes longer than these milliseconds is made to. */
async function within(milliseconds: number, done: Promise<void>, force: () => void): Promise<void> {
  if (milliseconds === Infinity) return done
  const timer = setTimeout(force, milliseconds)
  await done
  clearTimeout(timer)
}

function serveSocket(front: () => Front, socket: Socket): HttpConnection {
  const remote = { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 }
  const local = { address: plainAddress(socket.localAddress), port: socket.localPort ?? 0 }
  const began = front().service.date()
  let number: number | undefined
  let requests = 0
  return new HttpConnection(socket, {
    handle: (incoming) => {
      const now = front()
      const { service, listener } = now
      number ??= service.count()
      requests += 1
      incoming.onOver(now.begin())
      const connection = { number, requests, began }
      return handle(service, incoming, {
        listener: listener.id,
        tls: listener.tls,
        remote,
        local,
        connection
      })
    },
    tabs: () => front().service.site.request.tabsInHeaders ?? 'blank',
    handlesUnreadable: () => front().service.site.request.pagesForRefused === 'of-server',
    refuse: (status, why) => {
      const { service } = front()
      service.log({ level: 'warning', message: `refused a request from ${remote.address}: ${why}` })
      return dressed(statusAnswer(status), service.site.ownAnswers)
    },
    onError: (error) => {
      const message = error instanceof Error ? error.message : String(error)
      front().service.log({ level: 'error', message: `a request failed: ${message}` })
    },
    idleTimeout,
    longestHead: () => front().service.site.request.longestHead,
    drainLimit
  })
}

/** IPv4 as people write it, also where it came in on an IPv6 socket. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

function listen(server: Server, where: Where, ipv6Only: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(optionsOf(where, ipv6Only), () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function optionsOf(where: Where, ipv6Only: boolean): ListenOptions | { readonly fd: number } {
  if (where.kind === 'descriptor') return { fd: where.number }
  return where.kind === 'unix' ? { path: where.path } : { host: bare(where.host), port: where.port, ipv6Only }
}

/** `[::1]` as the system wants it. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function actual(server: Server, where: Where): Address {
  const bound = server.address()
  if (typeof bound === 'string') return { kind: 'unix', path: bound }
  if (where.kind === 'unix' || bound === null) return { kind: 'unix', path: '' }
  const host =
    where.kind === 'tcp' ? where.host : bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return { kind: 'tcp', host, port: bound.port }
}

/** A socket file that nobody answers on was left by a server that died. */
async function removeLeftOver(path: string): Promise<void> {
  const isSocket = statSync(path, { throwIfNoEntry: false })?.isSocket() === true
  if (isSocket && !(await isAnswered({ kind: 'unix', path }))) unlinkSync(path)
}

const reasons: Readonly<
  Record<string, { readonly code: string; readonly what: string; readonly hint: string }>
> = {
  EADDRINUSE: {
    code: 'serve/address-in-use',
    what: 'somebody else listens there',
    hint: 'stop the other server, or serve on another port'
  },
  EACCES: {
    code: 'serve/no-permission',
    what: 'permission denied',
    hint: 'ports below 1024 need special rights: serve on a higher one'
  },
  EADDRNOTAVAIL: {
    code: 'serve/foreign-address',
    what: 'the address is not one of this machine',
    hint: 'serve on 127.0.0.1, or on an address that `ip address` lists'
  },
  ENOTFOUND: { code: 'serve/foreign-address', what: 'no such host', hint: 'write the address as a number' }
}

function nameOf(where: Where): string {
  if (where.kind === 'descriptor') return `descriptor ${where.number}`
  return addressText(where)
}

function listenRefusal(listener: Listener, place: Where, error: unknown): Diagnostic {
  const where = nameOf(place)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code]
  const what = reason?.what ?? (error instanceof Error ? error.message : String(error))
  return {
    code: reason?.code ?? 'serve/cannot-listen',
    severity: 'error',
    message: `cannot listen on \`${where}\`: ${what}`,
    ...(listener.origin && { span: listener.origin }),
    ...(reason && { hint: reason.hint })
  }
}
