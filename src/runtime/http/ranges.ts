import { randomBytes } from 'node:crypto'
import type { Delivery } from '../../model/index.js'
import { headerOf, measure, withoutHeaders } from './answer.js'
import type { AnswerContent, FilePiece, Headers, HttpAnswer, Measured } from './answer.js'
import { collect } from './collect.js'
import { rangeApplies } from './conditional.js'
import { chooseRange } from './range.js'
import type { Part } from './range.js'

/** Longer answers of applications are not collected for the sake of a range. */
const longestCut = 64 * 1024 * 1024

/** An answer cut to what was asked of it; `unsatisfiable` where it has no such part. */
export async function ranged(
  answer: HttpAnswer,
  asked: Headers,
  rules: Delivery['ranges']
): Promise<HttpAnswer | { readonly kind: 'unsatisfiable'; readonly size: number }> {
  if (answer.isRangeable !== true || rules.most === 0 || isKeptWhole(answer, rules)) return answer
  const isTold = rules.byHeaders === true && headerOf(answer.headers, 'accept-ranges') !== undefined
  const marked: HttpAnswer =
    answer.rangesUntold === true || isTold
      ? answer
      : {
          ...answer,
          headers: [...withoutHeaders(answer.headers, ['accept-ranges']), ['Accept-Ranges', 'bytes']]
        }
  const header = headerOf(asked, 'range')
  if (header === undefined || !rangeApplies(asked, answer.headers, rules.byHeaders)) return marked
  const body = await measured(answer.body)
  if (body.kind === 'stream' || body.kind === 'raw') return { ...marked, body }
  const size = measure(body)
  const choice = chooseRange(header, size, rules)
  switch (choice.kind) {
    case 'whole':
      return { ...marked, body }
    case 'unsatisfiable':
      return { kind: 'unsatisfiable', size }
    case 'part': {
      const range = ['Content-Range', rangeText(choice, size)] as const
      const headers: Headers = [...withoutHeaders(marked.headers, ['content-range']), range]
      return { ...asPart(marked), headers, body: cut(body, [{ part: choice }]) }
    }
    case 'parts':
      return multipart(marked, body, choice.parts, size)
  }
}

function isKeptWhole({ headers }: HttpAnswer, { byHeaders }: Delivery['ranges']): boolean {
  if (byHeaders !== true) return false
  return headerOf(headers, 'content-encoding') !== undefined || headerOf(headers, 'accept-ranges') === 'none'
}

/** An answer that has no length yet is collected to have one, if it is short enough. */
async function measured(body: AnswerContent): Promise<AnswerContent> {
  if (body.kind !== 'stream' || (body.length ?? 0) > longestCut) return body
  const bytes = await collect(body.stream, body.length, longestCut)
  return bytes instanceof Uint8Array ? { kind: 'bytes', bytes } : { ...body, stream: bytes }
}

function rangeText({ start, end }: Part, size: number): string {
  return `bytes ${start}-${end}/${size}`
}

/** `multipart/byteranges` (RFC 9110, section 14.6). */
function multipart(answer: HttpAnswer, body: Measured, parts: readonly Part[], size: number): HttpAnswer {
  const boundary = randomBytes(10).toString('hex')
  const type = headerOf(answer.headers, 'content-type')
  const pieces = parts.map((part) => ({
    before: [
      `\r\n--${boundary}\r\n`,
      ...(type === undefined ? [] : [`Content-Type: ${type}\r\n`]),
      `Content-Range: ${rangeText(part, size)}\r\n\r\n`
    ].join(''),
    part
  }))
  const headers: Headers = [
    ['Content-Type', `multipart/byteranges; boundary=${boundary}`],
    ...withoutHeaders(answer.headers, ['content-type'])
  ]
  const end = { before: `\r\n--${boundary}--\r\n` }
  return { ...asPart(answer), headers, body: cut(body, [...pieces, end]) }
}

/** What was said in place of the usual phrase was about the whole. */
function asPart(answer: HttpAnswer): HttpAnswer {
  const { reason: _reason, statusText: _statusText, ...rest } = answer
  return { ...rest, status: 206 }
}

interface Piece {
  readonly before?: string
  readonly part?: Part
}

/** Parts of a body with texts in between. */
function cut(body: Measured, pieces: readonly Piece[]): Measured {
  switch (body.kind) {
    case 'bytes': {
      const cuts = pieces.flatMap(({ before = '', part }) => [
        Buffer.from(before),
        ...(part === undefined ? [] : [body.bytes.subarray(part.start, part.end + 1)])
      ])
      return { kind: 'bytes', bytes: Buffer.concat(cuts) }
    }
    case 'file': {
      const cuts = pieces.map(({ before, part }): FilePiece => ({
        ...(before !== undefined && { before: Buffer.from(before) }),
        ...(part && { range: { start: part.start, end: part.end } })
      }))
      return { kind: 'file', handle: body.handle, pieces: cuts }
    }
  }
}
