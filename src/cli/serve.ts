import { resolve } from 'node:path'
import type { Listener } from '../model/index.js'
import type { Address } from '../model/index.js'
import { diskFiles, serve, StartError } from '../runtime/index.js'
import type { LogEntry, Running, ServeOptions } from '../runtime/index.js'
import { printable } from '../diagnostics/frame.js'
import { formatText } from '../diagnostics/formats/text.js'
import { report } from '../diagnostics/report.js'
import { styleFor } from './colour.js'
import type { ColourOption } from './colour.js'
import { complain, isFatal } from './complain.js'
import { below, placeBelow } from './file-view.js'
import { readInput } from './input.js'
import type { Input, InputOptions } from './input.js'
import type { ExitCode, Io } from './io.js'
import { placeWriter } from './places.js'

export interface ServeCommandOptions extends InputOptions {
  readonly echo?: boolean
  readonly host?: string
  readonly port?: number
  readonly color?: ColourOption
}

type Read = Extract<Input, { readonly kind: 'read' }>

/** Serves a configuration until it is told to stop. */
export async function serveCommand(file: string, options: ServeCommandOptions, io: Io): Promise<ExitCode> {
  const input = await readInput(file, options, io)
  complain(input, options.color, io)
  if (input.kind === 'failed' || isFatal(input.result)) return 2
  const running = await start(input, options, io)
  if (running === undefined) return 2
  // Asked for before it is said that the server is ready: who reads that line may send the signal at once.
  const stopped = io.stopped()
  for (const { address } of running.listeners) io.out(`Listening on ${urlOf(address)}\n`)
  const signal = await stopped
  io.err(`${signal}: answering what is under way, then stopping\n`)
  await running.stop()
  return signal === 'SIGINT' ? 130 : 0
}

async function start(input: Read, options: ServeCommandOptions, io: Io): Promise<Running | undefined> {
  const { site, texts } = input.result
  const place = placeWriter(site, input.shown)
  try {
    return await serve(site, {
      ...serveOptions(site.listeners, options, io),
      log: (entry) => io.err(logLine(entry, place))
    })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const found = report({ diagnostics: error.diagnostics, texts, asked: [] })
    io.err(formatText(found, styleFor(options.color, io)))
    return undefined
  }
}

function serveOptions(
  listeners: readonly Listener[],
  { echo, host, port, root, prefix }: ServeCommandOptions,
  io: Io
): Omit<ServeOptions, 'log'> {
  return {
    backends: echo === true ? 'echo' : 'real',
    environment: io.env,
    directory: resolve(io.cwd, prefix ?? '.'),
    // Programs and sockets are those of the running machine, wherever the files stand.
    ...(root !== undefined && { files: below(root, io.cwd, diskFiles), locate: placeBelow(root, io.cwd) }),
    listenOn: (listener) => elsewhere(listener, listeners.indexOf(listener), host, port)
  }
}

/** With `--port N` the listeners take N, N + 1 and so on; 0 lets the system choose each. */
function elsewhere(
  { address }: Listener,
  index: number,
  host: string | undefined,
  port: number | undefined
): Address {
  if (address.kind === 'unix') return address
  const chosen = port === undefined ? address.port : port === 0 ? 0 : port + index
  return { kind: 'tcp', host: host ?? address.host, port: chosen }
}

function urlOf(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  const host = ['', '*', '0.0.0.0', '::', '[::]'].includes(address.host) ? 'localhost' : address.host
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${address.port}/`
}

function logLine({ level, message, origin }: LogEntry, place: ReturnType<typeof placeWriter>): string {
  const where = origin === undefined ? '' : ` (${place(origin)})`
  return `${level}: ${printable(message)}${where}\n`
}
