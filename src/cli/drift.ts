import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../diagnostics/index.js'
import type { OutputFile } from '../dialects/index.js'
import { unifiedDiff } from './diff.js'
import { writtenIn } from './output.js'

/** What a folder holds otherwise than a conversion would leave it; both texts are empty where nothing is. */
export interface Differences {
  /** A line for each file: `new`, `changed`, or `gone` where an earlier conversion wrote it and this one would not. */
  readonly list: string
  /** The same as a patch. */
  readonly diff: string
}

export function differences(folder: string, files: readonly OutputFile[]): Differences {
  const wanted = files.map(({ path, text }) => ({ path, after: text, before: textOf(folder, path) }))
  const names = new Set(files.map(({ path }) => path))
  const gone = writtenIn(folder).flatMap((path) => {
    const before = names.has(path) ? undefined : textOf(folder, path)
    return before === undefined ? [] : [{ path, before, after: undefined }]
  })
  const changed = [...wanted, ...gone].filter(({ before, after }) => before !== after)
  return {
    list: changed.map(({ path, before, after }) => `${wordFor(before, after)} ${path}\n`).join(''),
    diff: changed.map(({ path, before, after }) => unifiedDiff(path, before, after)).join('')
  }
}

function wordFor(before: string | undefined, after: string | undefined): string {
  return before === undefined ? 'new    ' : after === undefined ? 'gone   ' : 'changed'
}

function textOf(folder: string, path: string): string | undefined {
  const file = join(folder, path)
  return existsSync(file) && statSync(file).isFile() ? decodeBytes(readFileSync(file)) : undefined
}
