import { resolve } from 'node:path'
import type { Address, Listener, Site } from '../model/index.js'
import { checkStart, diskFiles, serve, StartError } from '../runtime/index.js'
import type { LogEntry, Running, ServeOptions } from '../runtime/index.js'
import type { Diagnostic } from '../diagnostics/index.js'
import { formatText } from '../diagnostics/formats/text.js'
import { report } from '../diagnostics/report.js'
import { handedOver } from './activation.js'
import { styleFor } from './colour.js'
import type { ColourOption } from './colour.js'
import { complain, isFatal } from './complain.js'
import { below, placeBelow } from './file-view.js'
import { reasonsOf } from './findings.js'
import { readInput } from './input.js'
import type { Input, InputOptions } from './input.js'
import type { ExitCode, Io } from './io.js'
import { writePidFile } from './pid-file.js'
import { placeWriter } from './places.js'
import { openLog } from './serve-log.js'
import type { ServeLog } from './serve-log.js'

export interface ServeCommandOptions extends InputOptions {
  readonly echo?: boolean
  readonly host?: string
  readonly port?: number
  readonly check?: boolean
  readonly pid?: string
  readonly errorLog?: string
  readonly color?: ColourOption
}

type Read = Extract<Input, { readonly kind: 'read' }>

/** Serves a configuration until it is told to stop. */
export async function serveCommand(file: string, options: ServeCommandOptions, io: Io): Promise<ExitCode> {
  const input = await readInput(file, options, io)
  await complain(input, options.color, io)
  if (input.kind === 'failed') return 2
  if (isFatal(input.result)) return wouldNotStart(input, io)
  if (options.check === true) return check(input, options, io)
  const log = openLog(options.errorLog, io)
  try {
    const running = await start(input, options, log, io)
    return running === undefined ? 2 : await untilStopped({ running, file, options, log, io })
  } finally {
    log.close()
  }
}

/** Says whether it would start. */
function check(input: Read, options: ServeCommandOptions, io: Io): ExitCode {
  const { site } = input.result
  const found = checkStart(site, serveOptions(site, options, io))
  if (found.length > 0) explain(found, input, options, io)
  if (found.some(({ severity }) => severity === 'error')) return wouldNotStart(input, io)
  const places = site.listeners.map((listener, index) =>
    urlOf(elsewhere(listener, index, options.host, options.port))
  )
  io.out(`${input.path}: it would start, and listen on ${places.join(', ')}\n`)
  return 0
}

function wouldNotStart({ path }: Read, io: Io): ExitCode {
  io.err(`${path}: it would not start\n`)
  return 2
}

async function start(
  input: Read,
  options: ServeCommandOptions,
  log: ServeLog,
  io: Io
): Promise<Running | undefined> {
  try {
    return await serve(input.result.site, loggedOptions(input, options, log, io))
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    explain(error.diagnostics, input, options, io)
    return undefined
  }
}

function loggedOptions(input: Read, options: ServeCommandOptions, log: ServeLog, io: Io): ServeOptions {
  const { site, folderFile } = input.result
  const place = placeWriter(site, input.shown)
  return {
    ...serveOptions(site, options, io),
    ...(folderFile && { folderFile }),
    log: (entry) => log.write(entry, place)
  }
}

interface Serving {
  readonly running: Running
  readonly file: string
  readonly options: ServeCommandOptions
  readonly log: ServeLog
  readonly io: Io
}

/** What a signal to end gives the answers under way, in milliseconds. */
const graces = { SIGTERM: 0, SIGINT: 5000, SIGQUIT: Infinity } as const

async function untilStopped(serving: Serving): Promise<ExitCode> {
  const { running, options, io } = serving
  // Asked for before it is said that the server is ready: who reads that line may send the signal at once.
  const ended = endOf(serving)
  let forgetPid = (): void => undefined
  try {
    if (options.pid !== undefined) forgetPid = writePidFile(options.pid, io)
    for (const { address } of running.listeners) io.out(`Listening on ${urlOf(address)}\n`)
    const signal = await ended
    io.err(`${signal}: ${signal === 'SIGTERM' ? 'stopping' : 'answering what is under way, then stopping'}\n`)
    await running.stop(graces[signal])
    return signal === 'SIGINT' ? 130 : 0
  } finally {
    await running.stop(0)
    forgetPid()
  }
}

/** Does what signals ask for; resolves with the first that asks to end. A second SIGINT waits for nobody. */
function endOf({ running, file, options, log, io }: Serving): Promise<keyof typeof graces> {
  return new Promise((resolve) => {
    let isEnding = false
    let reloaded: Promise<void> = Promise.resolve()
    io.onSignal((signal) => {
      if (signal === 'SIGUSR1') log.reopen()
      else if (signal === 'SIGHUP') reloaded = reload({ running, file, options, log, io }, reloaded)
      else {
        if (isEnding) void running.stop(signal === 'SIGINT' ? 0 : graces[signal])
        isEnding = true
        resolve(signal)
      }
    })
  })
}

/** Reads the configuration anew, at once, and brings it into force behind the one before; one that cannot be served changes nothing. */
async function reload({ running, file, options, log, io }: Serving, before: Promise<void>): Promise<void> {
  const say = (level: LogEntry['level'], message: string): void =>
    log.write({ level, message }, ({ file: name }) => name)
  if (file === '-') {
    say('error', 'standard input cannot be read again: give the configuration as a file to reload it')
    return
  }
  const input = await readInput(file, options, io)
  await before
  const refused = (diagnostics: readonly Diagnostic[]): void => {
    const place = input.kind === 'read' ? placeWriter(input.result.site, input.shown) : undefined
    for (const { severity, message, span } of diagnostics) {
      if (severity === 'info') continue
      log.write({ level: severity, message, ...(span && { origin: span }) }, place ?? (() => input.path))
    }
    say('error', 'the new configuration cannot be served: the old one stays in force')
  }
  if (input.kind === 'failed' || isFatal(input.result)) refused(await reasonsOf(input))
  else {
    try {
      await running.reload(input.result.site, loggedOptions(input, options, log, io))
      say('info', 'the new configuration is in force')
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      refused(error.diagnostics)
    }
  }
}

function explain(
  diagnostics: readonly Diagnostic[],
  { result }: Read,
  { color }: ServeCommandOptions,
  io: Io
): void {
  const found = report({ diagnostics, texts: result.texts, asked: [] })
  io.err(formatText(found, styleFor(color, io)))
}

function serveOptions(
  site: Site,
  { echo, host, port, root, prefix }: ServeCommandOptions,
  io: Io
): Omit<ServeOptions, 'log'> {
  return {
    backends: echo === true ? 'echo' : 'real',
    ...handedOver(site, io),
    directory: resolve(io.cwd, prefix ?? '.'),
    // Programs and sockets are those of the running machine, wherever the files stand.
    ...(root !== undefined && { files: below(root, io.cwd, diskFiles), locate: placeBelow(root, io.cwd) }),
    listenOn: (listener) => elsewhere(listener, site.listeners.indexOf(listener), host, port)
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
