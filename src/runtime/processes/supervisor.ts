/** What the supervising process is told, one JSON message each. */
export type Order =
  | {
      readonly order: 'start'
      /** Whoever started it calls it by this number. */
      readonly slot: number
      /** Which of the inherited sockets becomes descriptor 0. */
      readonly socket: number
      readonly program: string
      readonly args: readonly string[]
      readonly environment: Readonly<Record<string, string>>
      readonly directory: string
      readonly uid?: number
      readonly gid?: number
      readonly priority: number
      /** Nobody else accepts on the socket: once the process has ended, whoever still waits there is turned away. */
      readonly alone: boolean
    }
  | { readonly order: 'kill'; readonly slot: number; readonly signal: number }
  /** Ends all with the signal, those that stay by SIGKILL after the grace time, then itself. */
  | { readonly order: 'stop'; readonly signal: number; readonly grace: number }

/** What it tells. */
export type Report =
  | { readonly report: 'ready' }
  | { readonly report: 'started'; readonly slot: number; readonly pid: number }
  | { readonly report: 'not-started'; readonly slot: number; readonly why: string }
  | {
      readonly report: 'ended'
      readonly slot: number
      readonly code: number | null
      readonly signal: string | null
      /** Milliseconds from its start to its end. */
      readonly lived: number
    }

/** The first listening socket's descriptor in the supervising process; 0 to 3 are its standard streams and its channel. */
export const firstSocket = 4

/**
 * Runs in a process of its own, to which it is sent as text: it uses nothing outside itself. It inherits the
 * listening sockets and never makes a server of them, because Node would take the applications' connections; it only
 * hands them on as descriptor 0. So several processes can share a socket, and one can be restarted on its own.
 */
export function supervise(firstDescriptor: number): void {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const { setPriority } = process.getBuiltinModule('node:os')
  /** Slot to process; each leads a group of its own, so that what it started itself can be ended with it. */
  const running = new Map<number, number>()
  /** Slots whose sockets are being emptied, and what is to be started there next. */
  const emptying = new Map<number, (() => void) | undefined>()
  let stopping = false

  const tell = (report: Report): void => {
    if (process.connected) process.send?.(report)
  }

  const kill = (leader: number, signal: number): void => {
    try {
      process.kill(-leader, signal)
    } catch {
      // Nobody is left in the group: what was wanted has happened.
    }
  }

  type Start = Extract<Order, { order: 'start' }>

  /** Accepts what waits, and closes it. In a process of its own: Node would go on accepting on a socket that it had once. */
  const empty = ({ slot, socket }: Start): void => {
    const program =
      "require('net').createServer((one) => one.destroy()).listen({ fd: 0 }, () => setTimeout(() => process.exit(), 20))"
    const child = spawn(process.execPath, ['-e', program], {
      env: {},
      stdio: [firstDescriptor + socket, 'ignore', 'ignore']
    })
    const done = (): void => {
      const next = emptying.get(slot)
      emptying.delete(slot)
      next?.()
    }
    emptying.set(slot, undefined)
    child.once('exit', done)
    child.once('error', done)
  }

  const start = (order: Start): void => {
    if (emptying.has(order.slot)) {
      emptying.set(order.slot, () => start(order))
      return
    }
    const child = spawn(order.program, order.args, {
      env: order.environment,
      cwd: order.directory,
      detached: true,
      stdio: [firstDescriptor + order.socket, 1, 2],
      ...(order.uid !== undefined && { uid: order.uid }),
      ...(order.gid !== undefined && { gid: order.gid })
    })
    const { pid } = child
    if (pid === undefined) {
      child.once('error', (error) => tell({ report: 'not-started', slot: order.slot, why: error.message }))
      return
    }
    if (order.priority !== 0) setPriority(pid, order.priority)
    const since = performance.now()
    running.set(order.slot, pid)
    tell({ report: 'started', slot: order.slot, pid })
    child.once('exit', (code, signal) => {
      running.delete(order.slot)
      tell({ report: 'ended', slot: order.slot, code, signal, lived: performance.now() - since })
      if (!stopping) {
        if (order.alone) empty(order)
        return
      }
      kill(pid, 9)
      if (running.size === 0) process.exit(0)
    })
  }

  const stop = (signal: number, grace: number): void => {
    stopping = true
    if (running.size === 0) process.exit(0)
    for (const pid of running.values()) kill(pid, signal)
    setTimeout(() => {
      for (const pid of running.values()) kill(pid, 9)
    }, grace)
  }

  process.on('message', (order: Order) => {
    if (order.order === 'start') start(order)
    else if (order.order === 'stop') stop(order.signal, order.grace)
    else {
      const pid = running.get(order.slot)
      if (pid !== undefined) kill(pid, order.signal)
    }
  })
  // The server is gone without a word: nothing may be left of it.
  process.on('disconnect', () => stop(15, 1000))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  tell({ report: 'ready' })
}
