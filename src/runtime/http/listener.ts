import { statSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { Diagnostic } from '../../diagnostics/index.js'
import type { Address, Listener } from '../../model/index.js'
import { isAnswered } from '../processes/listen.js'
import { HttpConnection } from './connection.js'
import { handle } from './handle.js'
import type { Arrival, Service } from './handle.js'
import { dressed, statusAnswer } from './refusals.js'

/** Milliseconds a client may be silent between requests. */
const idleTimeout = 75_000
/** Milliseconds that answers under way may take when the server stops. */
const stopGrace = 5000
const drainLimit = 1024 * 1024

/** An open listener. */
export interface OpenListener {
  readonly id: string
  readonly address: Address
  stop(): Promise<void>
}

/** Opens one listener; a diagnostic says why it cannot be. */
export async function openListener(
  service: Service,
  listener: Listener,
  address: Address
): Promise<OpenListener | Diagnostic> {
  const connections = new Set<HttpConnection>()
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = serveSocket(service, listener, socket)
    connections.add(connection)
    sockets.add(socket)
    socket.once('close', () => {
      connections.delete(connection)
      sockets.delete(socket)
    })
  })
  try {
    if (address.kind === 'unix') await removeLeftOver(address.path)
    await listen(server, address)
  } catch (error) {
    return listenRefusal(listener, address, error)
  }
  return {
    id: listener.id,
    address: actual(server, address),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.close()
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, stopGrace)
      await closed
      clearTimeout(timer)
    }
  }
}

function serveSocket(service: Service, listener: Listener, socket: Socket): HttpConnection {
  const arrival: Arrival = {
    listener: listener.id,
    tls: listener.tls,
    remote: { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
    local: { address: plainAddress(socket.localAddress), port: socket.localPort ?? 0 }
  }
  return new HttpConnection(socket, {
    handle: (incoming) => handle(service, incoming, arrival),
    refuse: (status, why) => {
      service.log({ level: 'warning', message: `refused a request from ${arrival.remote.address}: ${why}` })
      return dressed(statusAnswer(status), service.site.ownAnswers)
    },
    onError: (error) => {
      const message = error instanceof Error ? error.message : String(error)
      service.log({ level: 'error', message: `a request failed: ${message}` })
    },
    idleTimeout,
    drainLimit
  })
}

/** IPv4 as people write it, also where it came in on an IPv6 socket. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const where =
      address.kind === 'unix' ? { path: address.path } : { host: bare(address.host), port: address.port }
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** `[::1]` as the system wants it. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function actual(server: Server, address: Address): Address {
  const bound = server.address()
  if (address.kind === 'unix' || bound === null || typeof bound === 'string') return address
  return { kind: 'tcp', host: address.host, port: bound.port }
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

function listenRefusal(listener: Listener, address: Address, error: unknown): Diagnostic {
  const where = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
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
