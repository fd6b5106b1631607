import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { dirname, join } from 'node:path'
import type { Address } from '../../model/index.js'

/** A socket that is being listened on but belongs to nobody yet. */
export interface Listening {
  readonly address: Address
  /** Valid until `release`. */
  readonly descriptor: number
  /** Closes this process's copy, which leaves the socket to whoever inherited it. */
  release(): void
}

export interface ListenOptions {
  readonly backlog: number
  readonly mode: number
}

/**
 * Listens on an address for a process that is about to inherit it. Closing a server removes the socket file it was
 * made with, so a Unix socket is made under another name and renamed; that also replaces a left-over file in one step.
 * Between this call and `release` nothing asynchronous may happen: Node would begin to accept connections.
 */
export function listenFor(address: Address, options: ListenOptions): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    const made = address.kind === 'unix' ? join(dirname(address.path), temporaryName()) : undefined
    const where =
      address.kind === 'unix' ? { path: made } : { host: address.host, port: address.port, exclusive: true }
    server.listen({ ...where, backlog: options.backlog }, () => {
      try {
        if (address.kind === 'unix' && made !== undefined) {
          chmodSync(made, options.mode)
          renameSync(made, address.path)
        }
        resolve({ address, descriptor: descriptorOf(server), release: () => void server.close() })
      } catch (error) {
        server.close()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
  })
}

let counter = 0

function temporaryName(): string {
  counter += 1
  return `.${process.pid.toString(36)}-${counter.toString(36)}`
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

/** The address of process number N: `PATH-N`, or the port raised by N. */
export function numbered(address: Address, number: number): Address {
  return address.kind === 'unix'
    ? { kind: 'unix', path: `${address.path}-${number}` }
    : { ...address, port: address.port + number }
}
