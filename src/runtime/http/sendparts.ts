import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { diskPath } from '../files.js'
import type { AnswerContent } from './answer.js'

/** `path first-last`, several joined by commas; without a last byte to the end of the file. */
export interface FilePart {
  /** Undefined where no range follows, so that it is not known where it ends. */
  readonly path: string | undefined
  /** Undefined where it is malformed; nothing is read behind it. */
  readonly range: { readonly first: number; readonly last: number | undefined } | undefined
}

/** Reads the value of a header that names parts of files. */
export function parseParts(value: string): readonly FilePart[] {
  const parts: FilePart[] = []
  let rest = withoutBlanks(value)
  while (rest !== '') {
    // A path may hold commas: it ends at the blank.
    const blank = rest.indexOf(' ')
    if (blank < 0) return [...parts, { path: undefined, range: undefined }]
    const path = rest.slice(0, blank)
    const match = /^([^ ,]*) *(,|$)/.exec(rest.slice(blank + 1))
    const range = match === null ? undefined : rangeOf(match[1] ?? '')
    parts.push({ path, range })
    if (match === null || range === undefined) return parts
    rest = withoutBlanks(rest.slice(blank + 1 + match[0].length))
  }
  return parts
}

function withoutBlanks(text: string): string {
  return text.replace(/^ +/, '')
}

/** What strtoll reads: it skips blanks, and takes a sign. */
const number = String.raw`[\t\v\f\r\n]*[+-]?\d+`
const rangeForm = new RegExp(`^(${number})-(${number})?$`)
const mostBytes = 2 ** 63

function rangeOf(text: string): FilePart['range'] {
  const [, first, last] = rangeForm.exec(text) ?? []
  if (first === undefined) return undefined
  const range = { first: Number(first), last: last === undefined ? undefined : Number(last) }
  const isOut = (at = 0): boolean => at < 0 || at >= mostBytes
  return isOut(range.first) || isOut(range.last) ? undefined : range
}

export interface PartsFound {
  /** The parts one behind the other, up to the first that is not to be had. */
  readonly body: AnswerContent
  /** The status that tells why one is not to be had. */
  readonly failed: number | undefined
}

/** Looks the parts up in their order. `find` tells where a path lies, or the status that tells why it is not to be had. */
export function findParts(
  parts: readonly FilePart[],
  find: (path: string) => { readonly path: string } | number
): PartsFound {
  const measured: Measured[] = []
  for (const part of parts) {
    const found = measure(part, find)
    if (typeof found === 'number') return { body: contentOf(measured), failed: found }
    measured.push(found)
  }
  return { body: contentOf(measured), failed: undefined }
}

interface Measured {
  readonly path: string
  readonly first: number
  readonly end: number
}

function measure({ path: named, range }: FilePart, find: Parameters<typeof findParts>[1]): Measured | number {
  const found = named === undefined ? 502 : find(named)
  if (typeof found === 'number') return found
  const { path } = found
  const stats = statSync(diskPath(path), { throwIfNoEntry: false })
  if (stats === undefined) return 404
  if (!stats.isFile() || range === undefined) return 502
  const { first, last = stats.size - 1 } = range
  return first > last + 1 ? 502 : { path, first, end: Math.min(last, stats.size - 1) }
}

function contentOf(measured: readonly Measured[]): AnswerContent {
  const filled = measured.filter(({ first, end }) => end >= first)
  const length = filled.reduce((sum, { first, end }) => sum + end - first + 1, 0)
  async function* pieces(): AsyncIterable<Uint8Array> {
    for (const { path, first, end } of filled) {
      for await (const piece of createReadStream(diskPath(path), { start: first, end })) {
        if (piece instanceof Uint8Array) yield piece
      }
    }
  }
  return { kind: 'stream', stream: Readable.from(pieces(), { objectMode: false }), length }
}
