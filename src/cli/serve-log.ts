import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { printable } from '../diagnostics/frame.js'
import type { Span } from '../diagnostics/index.js'
import type { LogEntry } from '../runtime/index.js'
import { CommandError } from './io.js'
import type { Io } from './io.js'

/** Where `serve` says what happens. */
export interface ServeLog {
  write(entry: LogEntry, place: (span: Span) => string): void
  /** Goes on in a new file of the name, after the old one was moved away. */
  reopen(): void
  close(): void
}

/** Standard error, or a file that grows; there each line begins with the time. */
export function openLog(file: string | undefined, io: Io): ServeLog {
  if (file === undefined) {
    const nothing = (): void => undefined
    return { write: (entry, place) => io.err(lineOf(entry, place)), reopen: nothing, close: nothing }
  }
  const path = resolve(io.cwd, file)
  let descriptor = openFile(path)
  const write = (line: string): void => void writeSync(descriptor, `${new Date().toISOString()} ${line}`)
  return {
    write: (entry, place) => write(lineOf(entry, place)),
    reopen: () => {
      try {
        const fresh = openFile(path)
        closeSync(descriptor)
        descriptor = fresh
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        write(`error: ${error.message}: the old file is kept\n`)
      }
    },
    close: () => closeSync(descriptor)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'a', 0o644)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `cannot write the error log: ${why}`,
      'name a file in a folder that exists and that you may write to'
    )
  }
}

function lineOf({ level, message, origin }: LogEntry, place: (span: Span) => string): string {
  const where = origin === undefined ? '' : ` (${place(origin)})`
  return `${level}: ${printable(message)}${where}\n`
}
