import { fstatSync, readFileSync, writeSync } from 'node:fs'
import { maximumLength } from '../../grammars/tree.js'
import { signals } from './io.js'
import type { ExitCode, Io } from './io.js'
import { tool } from './version.js'

/** Runs the command line of a process. What a command does not need is not loaded. */
export async function main(process: NodeJS.Process): Promise<ExitCode> {
  const args = process.argv.slice(2)
  const [first] = args
  if (args.length === 1 && (first === '--version' || first === '-V')) {
    outputOf(process)(`${tool.version}\n`)
    return 0
  }
  const { run } = await import('./program.js')
  return run(args, ioOf(process))
}

/** What a thread of `lint` runs; what it needs stands in the files of the program. */
export async function serveThread(): Promise<void> {
  await import('./program.js')
  const { serve } = await import('./thread.js')
  serve(ioOf(process))
}

function ioOf(process: NodeJS.Process): Io {
  return {
    out: outputOf(process),
    err: (text) => process.stderr.write(text),
    env: process.env,
    stdin: () => readAll(process.stdin),
    cwd: process.cwd(),
    isTTY: fstatSync(standardOutput).isCharacterDevice() && process.stdout.isTTY,
    isErrTTY: fstatSync(standardError).isCharacterDevice() && process.stderr.isTTY,
    pid: process.pid,
    onSignal: (then) => {
      for (const signal of signals) process.on(signal, then)
    },
    page: readPage,
    thread: async () => (await import('./around.js')).newThread(),
    watch: async (folders, changed) => (await import('./around.js')).watchFolders(folders, changed),
    onKey: async (then) => (await import('./around.js')).onKey(process.stdin, then)
  }
}

const standardOutput = 1
const standardError = 2

/**
 * Writes to standard output at once. Node's own stream would load the whole of its network code for a pipe, which
 * takes a tenth of the time that a small file needs; it is used where the other end cannot take everything now.
 */
function outputOf(process: NodeJS.Process): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined
  return (text) => {
    let rest: Uint8Array = Buffer.from(text)
    try {
      while (stream === undefined && rest.length > 0) rest = rest.subarray(writeSync(standardOutput, rest))
    } catch (error) {
      if (!isErrno(error)) throw error
      if (error.code !== 'EAGAIN') giveUp(process, error)
      stream = process.stdout.on('error', (later: NodeJS.ErrnoException) => giveUp(process, later))
    }
    if (rest.length > 0) stream?.write(rest)
  }
}

/** Whoever reads the output may stop reading (`| head`): that is no mistake. */
function giveUp(process: NodeJS.Process, error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  throw error
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}

/** What a stream gives, up to a little more than is read of any file. */
async function readAll(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue
    chunks.push(chunk)
    total += chunk.length
    if (total > maximumLength) break
  }
  return Buffer.concat(chunks)
}

/** The build puts the pages in a folder beside the bundle. */
function readPage(code: string): string | undefined {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(code)) return undefined
  try {
    return readFileSync(new URL(`../pages/${code}.md`, import.meta.url), 'utf8')
  } catch (error) {
    if (isErrno(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}
