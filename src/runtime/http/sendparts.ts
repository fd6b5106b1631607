import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { diskPath } from '../files.js'
import type { AnswerContent } from './answer.js'

/** `path first-last`, several joined by commas; without a last byte to the end of the file. */
export interface FilePart {
  readonly path: string
  readonly first: number
  readonly last: number | undefined
}

/** Reads the value of a header that names parts of files; undefined where it is malformed. */
export function parseParts(value: string): readonly FilePart[] | undefined {
  const parts: FilePart[] = []
  let rest = value
  for (;;) {
    // A path may hold commas: it ends at the blank.
    const match = /^([^ ]+) (\d+)-(\d*)(?:$|, *)/.exec(rest)
    if (match === null) return undefined
    const [whole, path = '', first = '', last = ''] = match
    parts.push({ path, first: Number(first), last: last === '' ? undefined : Number(last) })
    rest = rest.slice(whole.length)
    if (rest === '') return parts
  }
}

/** The parts one behind the other, or the status that tells why not. `hasRoots`: a directory is a matter of rights. */
export function partsContent(parts: readonly FilePart[], hasRoots: boolean): AnswerContent | number {
  const measured: { readonly path: string; readonly first: number; readonly end: number }[] = []
  for (const { path, first, last } of parts) {
    const stats = statSync(diskPath(path), { throwIfNoEntry: false })
    if (stats === undefined) return 404
    if (!stats.isFile()) return hasRoots ? 403 : 502
    const end = Math.min(last ?? Infinity, stats.size - 1)
    if (first > end + 1 || (last !== undefined && first > last + 1)) return 502
    measured.push({ path, first, end })
  }
  const length = measured.reduce((sum, { first, end }) => sum + end - first + 1, 0)
  async function* pieces(): AsyncIterable<Uint8Array> {
    for (const { path, first, end } of measured) {
      if (end < first) continue
      for await (const piece of createReadStream(diskPath(path), { start: first, end })) {
        if (piece instanceof Uint8Array) yield piece
      }
    }
  }
  return { kind: 'stream', stream: Readable.from(pieces(), { objectMode: false }), length }
}
