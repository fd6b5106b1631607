import { createServer } from 'node:net'

/**
 * Ports below those that systems give to whoever asks for any (Linux from 32768): between the moment that one is found
 * free and the moment that a server takes it no client's connection, and no server that takes any, can get there first.
 */
const first = 12_000
const count = 20_000

/** Test files are processes of their own: each has every hundredth port, so that two of them do not look at the same one. */
const processes = 100
let next = process.pid % processes

/** A port of 127.0.0.1 that nobody has, and that is given to nobody else for long. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count / processes; tries++) {
    const port = first + next
    next = (next + processes) % count
    if (await isFree(port)) return port
  }
  throw new Error('no port to be had')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => {
      resolve(false)
    })
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true)
      })
    })
  })
}
