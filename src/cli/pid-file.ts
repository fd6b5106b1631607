import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError } from './io.js'
import type { Io } from './io.js'

/** Tells others the process's number; what it gives takes the file away again, if it still tells this number. */
export function writePidFile(file: string, io: Io): () => void {
  const path = resolve(io.cwd, file)
  const text = `${io.pid}\n`
  try {
    writeFileSync(path, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `cannot write the file with the process's number: ${why}`,
      'name a file in a folder that exists and that you may write to'
    )
  }
  return () => {
    if (textOf(path) === text) rmSync(path, { force: true })
  }
}

/** Undefined where somebody has taken it away already. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
