import { run } from '../../src/cli/program.js'
import type { ExitCode, Io, Signal } from '../../src/cli/io.js'

export interface Ran {
  readonly exitCode: ExitCode
  readonly out: string
  readonly err: string
}

export interface Around {
  readonly cwd?: string
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly isTTY?: boolean
  readonly isErrTTY?: boolean
  readonly watch?: Io['watch']
  readonly onKey?: Io['onKey']
  /** Called when the command listens for signals, with what it says first; without it it is ended at once. */
  readonly meanwhile?: (
    said: Promise<string>,
    send: (signal: Signal) => void,
    /** What it has written to stderr by now. */
    told: () => string
  ) => Promise<void>
}

/** One command line, as a person would type it, in a world of its own. */
export async function fcgiConf(args: readonly string[], around: Around = {}): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const { stdin = '', meanwhile } = around
  let sayFirst: (text: string) => void = () => undefined
  const first = new Promise<string>((resolve) => {
    sayFirst = resolve
  })
  const io: Io = {
    out: (text) => {
      out.push(text)
      sayFirst(text)
    },
    err: (text) => void err.push(text),
    env: around.env ?? {},
    stdin: () => Promise.resolve(typeof stdin === 'string' ? Buffer.from(stdin) : stdin),
    cwd: around.cwd ?? '/',
    isTTY: around.isTTY ?? false,
    isErrTTY: around.isErrTTY ?? false,
    pid: process.pid,
    onSignal: (then) => {
      if (meanwhile === undefined) then('SIGTERM')
      else void meanwhile(first, then, () => err.join('')).catch(() => then('SIGTERM'))
    },
    watch: around.watch ?? (() => Promise.resolve(() => undefined)),
    onKey: around.onKey ?? (() => Promise.resolve(() => undefined)),
    page: (code) => (code === 'config/unknown-key' ? '# a page\n' : undefined)
  }
  const exitCode = await run(args, io)
  return { exitCode, out: out.join(''), err: err.join('') }
}
