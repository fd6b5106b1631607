import { run } from '../../src/cli/program.js'
import type { ExitCode, Io } from '../../src/cli/io.js'

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
  /** Called once the command waits to be stopped; resolves when it shall be. */
  readonly stop?: () => Promise<'SIGINT' | 'SIGTERM'>
}

/** One command line, as a person would type it, in a world of its own. */
export async function fcgiConf(args: readonly string[], around: Around = {}): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const { stdin = '' } = around
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    env: around.env ?? {},
    stdin: () => Promise.resolve(typeof stdin === 'string' ? Buffer.from(stdin) : stdin),
    cwd: around.cwd ?? '/',
    isTTY: around.isTTY ?? false,
    stopped: around.stop ?? (() => Promise.resolve('SIGTERM')),
    page: (code) => (code === 'config/unknown-key' ? '# a page\n' : undefined)
  }
  const exitCode = await run(args, io)
  return { exitCode, out: out.join(''), err: err.join('') }
}
