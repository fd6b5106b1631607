import { dirname, resolve } from 'node:path'
import { CommandError } from '../io.js'
import type { ExitCode, Io } from '../io.js'
import { kindOf } from './kind.js'

/** Editors save in several steps; this many milliseconds after the last one all is looked at again. */
const settling = 100

const clearScreen = '\u001b[2J\u001b[3J\u001b[H'

/** What one run looked at: changes are looked for in the folders of these files. */
export interface WatchedRun {
  readonly exitCode: ExitCode
  readonly files: readonly string[]
}

/**
 * Runs again and again, whenever something changed in the folders of the files that the run before it looked at, until a
 * signal comes or `q` is typed. What cannot be done in between is said, and may be right the next time. The exit code is
 * that of the last run.
 */
export async function watching(run: () => Promise<WatchedRun>, io: Io): Promise<ExitCode> {
  const ended = new Promise<'ended'>((end) => {
    io.onSignal(() => {
      end('ended')
    })
    void io
      .onKey((key) => {
        if (key === 'q') end('ended')
      })
      .then((stop) => ended.then(stop))
  })
  const changes = new Changes()
  let stop: () => void = () => undefined
  let last: WatchedRun | undefined
  for (;;) {
    if (io.isTTY) io.out(clearScreen)
    const changed = changes.next()
    const { exitCode, files } = await run().catch((error: unknown) => {
      if (!(error instanceof CommandError) || last === undefined) throw error
      io.err(`fcgi-conf: ${error.message}\n`)
      return { ...last, exitCode: 2 as const }
    })
    last = { exitCode, files }
    const folders = [...new Set(files.map((file) => dirname(resolve(io.cwd, file))))]
    const present = folders.filter((folder) => kindOf(folder) === 'directory')
    // The folders watched before are let go only now: what changed meanwhile counts.
    const stopBefore = stop
    stop = await io.watch(present, () => {
      changes.come()
    })
    stopBefore()
    io.err(
      `watching ${present.length === 1 ? 'a folder' : `${present.length} folders`} for changes${io.isTTY ? '; q ends' : ''}\n`
    )
    if ((await Promise.race([ended, changed])) === 'changed') continue
    stop()
    return exitCode
  }
}

/** Changes that come in bursts, each burst as one. */
class Changes {
  private timer: NodeJS.Timeout | undefined
  private tell: () => void = () => undefined

  /** Done when the next burst is over. */
  next(): Promise<'changed'> {
    return new Promise((resolveNext) => {
      this.tell = () => {
        resolveNext('changed')
      }
    })
  }

  come(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.tell()
    }, settling)
  }
}
