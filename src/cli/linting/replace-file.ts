import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { encodeBytes } from '../../diagnostics/index.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'
import { kindOf, realPath } from './kind.js'

/** Writes a file whole or not at all; one that is there keeps its rights, and a link to it stays one. */
export function replaceFile(path: string, text: string, io: Io): void {
  const file = realPath(resolve(io.cwd, path))
  const temporary = `${file}.fcgi-conf-${io.pid}`
  try {
    writeFileSync(temporary, encodeBytes(text), { flag: 'wx' })
    if (kindOf(file) !== undefined) chmodSync(temporary, statSync(file).mode & 0o7777)
    renameSync(temporary, file)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    rmSync(temporary, { force: true })
    throw new CommandError(`cannot write \`${path}\`: ${error.message}`, 'nothing was changed')
  }
}
