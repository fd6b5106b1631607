import { Readable } from 'node:stream'
import type { Additions } from '../../model/index.js'
import { discard, headerOf, streamOf, withoutHeaders } from './answer.js'
import type { AnswerContent, FramedContent, Headers, HttpAnswer } from './answer.js'

/** How another URL of the site is answered. */
type Ask = (path: string) => Promise<HttpAnswer | 'close'>

/** An answer with the bodies of other URLs around its own, which are asked for when it is their turn. */
export function withAdditions(answer: HttpAnswer, rules: Additions | undefined, ask: Ask): HttpAnswer {
  const { body } = answer
  if (rules === undefined || body.kind === 'raw' || !isAddedTo(answer, rules)) return answer
  let isWhole = false
  async function* bytes(own: FramedContent): AsyncIterable<Uint8Array> {
    if (rules?.before !== undefined) yield* bodyOf(await ask(rules.before))
    isWhole = yield* ownBytes(own)
    // What broke off stays visibly so.
    if (isWhole && rules?.after !== undefined) yield* bodyOf(await ask(rules.after))
  }
  const stream = Readable.from(bytes(body), { objectMode: false })
  stream.once('close', () => void discard(body))
  return {
    ...answer,
    headers: weak(withoutHeaders(answer.headers, ['accept-ranges'])),
    isRangeable: false,
    body: { kind: 'stream', stream, whole: () => Promise.resolve(isWhole) }
  }
}

function isAddedTo({ status, headers }: HttpAnswer, { before, after, types }: Additions): boolean {
  if (status !== 200 || (before === undefined && after === undefined)) return false
  const [type = ''] = (headerOf(headers, 'content-type') ?? '').split(';')
  return types === 'all' || types.includes(type.trim().toLowerCase())
}

/** The same tag does not stand for the same bytes any more. */
function weak(headers: Headers): Headers {
  return headers.map(([name, value]) => [
    name,
    name.toLowerCase() === 'etag' && value.startsWith('"') ? `W/${value}` : value
  ])
}

/** The body cut to its length; returns whether it came whole. */
async function* ownBytes(body: FramedContent): AsyncGenerator<Uint8Array, boolean> {
  const limit = body.kind === 'stream' ? (body.length ?? Infinity) : Infinity
  let left = limit
  for await (const piece of pieces(body)) {
    yield piece.subarray(0, left)
    left -= piece.length
    if (left <= 0) break
  }
  if (limit !== Infinity) return left <= 0
  return body.kind !== 'stream' || ((await body.whole?.()) ?? true)
}

async function* bodyOf(answer: HttpAnswer | 'close'): AsyncIterable<Uint8Array> {
  if (answer === 'close' || answer.body.kind === 'raw') return
  yield* ownBytes(answer.body)
}

async function* pieces(body: Exclude<AnswerContent, { kind: 'raw' }>): AsyncIterable<Uint8Array> {
  if (body.kind === 'bytes') {
    yield body.bytes
    return
  }
  for await (const piece of streamOf(body)) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is bytes')
    yield piece
  }
}
