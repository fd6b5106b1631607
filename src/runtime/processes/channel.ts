import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Listening } from './listen.js'
import { firstSocket, supervise } from './supervisor.js'
import type { Order, Report } from './supervisor.js'

/** The supervising process as the server sees it. */
export interface Supervisor {
  order(order: Order): void
  /** Ends everything below it; resolves when it is gone. */
  stop(signal: number, grace: number): Promise<void>
}

export interface SupervisorEvents {
  readonly report: (report: Report) => void
  /** A line that a program wrote on its standard output or error. */
  readonly line: (text: string) => void
  /** It ended although nobody asked it to. */
  readonly lost: (why: string) => void
}

/** Starts the supervising process with the sockets, and lets go of them here. */
export function startSupervisor(sockets: readonly Listening[], events: SupervisorEvents): Supervisor {
  const source = `(${supervise.toString()})(${firstSocket})`
  const child = spawn(process.execPath, ['-e', source], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...sockets.map(({ descriptor }) => descriptor)],
    detached: true
  })
  for (const socket of sockets) socket.release()
  let stopping = false
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!stopping) events.lost(signal ?? `status ${code ?? 0}`)
      resolve()
    })
    child.once('error', (error) => {
      if (!stopping) events.lost(error.message)
      resolve()
    })
  })
  child.on('message', (report: Report) => events.report(report))
  for (const stream of [child.stdout, child.stderr]) readLines(stream, events.line)
  return {
    order: (order) => send(child, order),
    stop: async (signal, grace) => {
      stopping = true
      send(child, { order: 'stop', signal, grace })
      await gone
      // What a program left behind may still hold the other end.
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
  }
}

function send(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order)
}

function readLines(stream: Readable | null, line: (text: string) => void): void {
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines) if (one.trim() !== '') line(one)
  })
  stream?.on('end', () => {
    if (rest.trim() !== '') line(rest)
  })
}
