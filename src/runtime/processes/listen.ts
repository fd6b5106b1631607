import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { dirname, join, resolve as resolvePath } from 'node:path'
import type { Address } from '../../model/index.js'

/** A socket that is being listened on but belongs to nobody yet. */
export interface Listening {
  readonly address: Address
  /** Valid until `release`. */
  readonly descriptor: number
  /** Closes this process's copy, which leaves the socket to whoever inherited it. */
  readonly release: () => void
}

export interface ListenOptions {
  readonly backlog: number
  readonly mode: number
}

/** Bytes of a Unix socket's name, without its final NUL (unix(7)); longer ones would be cut off silently. */
const longestPath = 107

/**
 * Listens on an address for a process that is about to inherit it. Closing a server removes the socket file it was
 * made with, so `release` holds the file under another name meanwhile. Between this call and `release` nothing
 * asynchronous may happen: Node would begin to accept connections.
 */
export async function listenFor(address: Address, options: ListenOptions): Promise<Listening> {
  if (address.kind === 'unix') {
    if (Buffer.byteLength(address.path) > longestPath) {
      throw new Error(`the name of the socket is longer than ${longestPath} bytes: ${address.path}`)
    }
    removeSocket(address.path)
  }
  const server = await listening(address, options.backlog)
  try {
    if (address.kind === 'unix') chmodSync(address.path, options.mode)
    return { address, descriptor: descriptorOf(server), release: () => closeKeeping(server, address) }
  } catch (error) {
    server.close()
    throw error
  }
}

function listening(address: Address, backlog: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    const where =
      address.kind === 'unix'
        ? { path: address.path }
        : { host: address.host, port: address.port, exclusive: true }
    server.listen({ ...where, backlog }, () => resolve(server))
  })
}

function closeKeeping(server: Server, address: Address): void {
  if (address.kind === 'tcp') {
    server.close()
    return
  }
  const aside = join(dirname(address.path), `.${process.pid.toString(36)}`)
  renameSync(address.path, aside)
  server.close()
  renameSync(aside, address.path)
}

/** Node has no public name for a server's descriptor. */
function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, '_handle')
  if (typeof handle === 'object' && handle !== null && 'fd' in handle && typeof handle.fd === 'number') {
    return handle.fd
  }
  throw new Error('the listening socket has no descriptor')
}

/** Whether somebody answers on the address. */
export function isAnswered(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(
      address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port }
    )
    const done = (answered: boolean) => (): void => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', done(true))
    socket.once('error', done(false))
  })
}

/** Removes a socket file; anything else that has its name is left alone. */
export function removeSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) unlinkSync(path)
}

/** Relative socket names are relative to the directory the server was started in. */
export function absolute(address: Address, directory: string): Address {
  return address.kind === 'unix' ? { kind: 'unix', path: resolvePath(directory, address.path) } : address
}

/** The address of process number N: `PATH-N`, or the port raised by N. */
export function numbered(address: Address, number: number): Address {
  return address.kind === 'unix'
    ? { kind: 'unix', path: `${address.path}-${number}` }
    : { ...address, port: address.port + number }
}
