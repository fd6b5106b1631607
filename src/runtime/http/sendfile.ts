import { unlink } from 'node:fs/promises'
import { posix } from 'node:path'
import { decodeBytes } from '../../diagnostics/index.js'
import type { Sendfile } from '../../model/index.js'
import { discard, headerOf, noContent, withoutHeaders } from './answer.js'
import type { AnswerContent, Headers, HttpAnswer } from './answer.js'
import { findParts, parseParts } from './sendparts.js'
import { fileAnswer } from './static.js'
import type { FileRequest } from './static.js'

/** What an answer wants sent in its place. */
export type Wanted =
  | { readonly kind: 'file'; readonly value: string; readonly temporary?: true }
  /** Parts of files. */
  | { readonly kind: 'parts'; readonly value: string }

/** The header whose value lists parts of files, by its format; every other one names a file. */
const partsHeader = 'x-sendfile2'

/** What an answer wants sent in its place; undefined when it wants nothing. Parts go before whole files. */
export function wantedFile(sendfile: Sendfile, headers: Headers): Wanted | undefined {
  const names = sendfile.headers.map((name) => name.toLowerCase())
  const parts = names.includes(partsHeader) ? linesOf(headers, partsHeader) : ''
  if (parts !== '') return { kind: 'parts', value: parts }
  for (const name of sendfile.temporary === undefined ? names : [...names, sendfile.temporary]) {
    const value = linesOf(headers, name)
    if (value === '') continue
    return { kind: 'file', value, ...(name === sendfile.temporary && { temporary: true }) }
  }
  return undefined
}

/** Several of one name are lines of one text (http_header_response_insert), which as a whole names what it may. */
function linesOf(headers: Headers, wanted: string): string {
  const lines = headers.filter(([name, value]) => name.toLowerCase() === wanted && value !== '')
  return lines.map(([name, value], index) => (index === 0 ? value : `${name}: ${value}`)).join('\r\n')
}

/** What the application said besides the file's name. */
export interface SendfileAnswer {
  readonly wanted: Wanted
  /** Undefined where it sent none. */
  readonly status: number | undefined
  /** Those for the client. */
  readonly headers: Headers
}

/** Sends the file an application named, or says why there is none. The application's media type stays, its body and length do not. */
export async function sendfileAnswer(
  sendfile: Sendfile,
  { wanted, status, headers }: SendfileAnswer,
  request: FileRequest,
  folder = ''
): Promise<HttpAnswer | { readonly kind: 'failed'; readonly status: number }> {
  const found =
    wanted.kind === 'file'
      ? await lookUp(sendfile, wanted, { request, status, folder, said: givenOf(sendfile, headers) })
      : lookUpParts(sendfile, wanted.value, request)
  if ('failed' in found) {
    // A status that is not about success stays, whatever becomes of the file; parts ahead of one that is missing are sent.
    if (status !== undefined && status >= 300)
      return { status, headers: givenOf(sendfile, headers), body: found.before }
    await discard(found.before)
    return { kind: 'failed', status: found.failed }
  }
  const given = givenOf(sendfile, headers)
  const isPlain = status === undefined || status === 200
  // Parts of an answer with a status of its own are not to be had.
  const kept = [...given.map(([name]) => name.toLowerCase()), ...(isPlain ? [] : ['accept-ranges'])]
  return {
    ...found,
    status: isPlain ? found.status : status,
    isRangeable: isPlain && found.isRangeable === true,
    ...(sendfile.rangesUntold === true && { rangesUntold: true }),
    headers: [...given, ...withoutHeaders(found.headers, kept)]
  }
}

/** The status that tells why a file is not sent, and what was to be had before. */
interface Failed {
  readonly failed: number
  readonly before: AnswerContent
}

const failed = (status: number): Failed => ({ failed: status, before: noContent })

interface Looking {
  readonly request: FileRequest
  readonly status: number | undefined
  readonly folder: string
  /** What the application said of the file. */
  readonly said: Headers
}

function givenOf({ givesWay = [] }: Sendfile, headers: Headers): Headers {
  return withoutHeaders(headers, ['content-length', ...givesWay])
}

async function lookUp(
  sendfile: Sendfile,
  { value, temporary }: Extract<Wanted, { kind: 'file' }>,
  { request, status, folder, said }: Looking
): Promise<HttpAnswer | Failed> {
  const { statuses = { undecodable: 502, outside: 403, missing: undefined } } = sendfile
  const name = sendfile.undecoded === true ? value : resolved(value)
  if (name === undefined) return failed(statuses.undecodable)
  const path = sendfile.named === undefined ? name : named(sendfile, name, folder, temporary === true)
  if (path?.startsWith('/') !== true) return failed(statuses.outside)
  if (sendfile.named === undefined && !isAllowed(sendfile, path, request)) return failed(statuses.outside)
  const etag = headerOf(said, 'etag')
  const modified = Date.parse(headerOf(said, 'last-modified') ?? '')
  const known = { ...(etag !== undefined && { etag }), ...(!Number.isNaN(modified) && { modified }) }
  const isHeld = sendfile.onlyWithSuccess === true
  const file = { path, mediaType: undefined, status: status ?? 200, ...(isHeld && known) }
  const answer = await fileAnswer(file, request)
  if ('kind' in answer) return failed(statuses.missing ?? answer.status)
  // What is open is sent, be there a name for it or not.
  if (temporary === true) await unlink(request.locate(path))
  return answer
}

/** The whole path of a name: below the first root that it does not lead out of. */
function named({ roots }: Sendfile, name: string, folder: string, temporary: boolean): string | undefined {
  const below = temporary
    ? roots.filter((root) => root.temporary === true).map(({ path }) => path)
    : [folder, ...roots.map(({ path }) => path)]
  for (const root of below) {
    const path = name.startsWith('/') ? posix.normalize(name) : posix.join(root, name)
    if (path.startsWith(posix.normalize(`${root}/`))) return path
  }
  return undefined
}

function lookUpParts(sendfile: Sendfile, value: string, request: FileRequest): HttpAnswer | Failed {
  const found = findParts(parseParts(value), (named) => {
    const path = resolved(named)
    if (path === undefined) return 502
    return isAllowed(sendfile, path, request) ? { path: request.locate(path) } : 403
  })
  if (found.failed !== undefined) return { failed: found.failed, before: found.body }
  // Parts of files are an answer like another.
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return { status: 200, headers: [], body: found.body, isRangeable: isRead }
}

/** Percent-decoded, without `.` and `..`; undefined where the bytes are no text. */
function resolved(value: string): string | undefined {
  const bytes = Buffer.from(
    value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1'
  )
  const text = /%[0-9a-f]{2}/i.test(value) ? decodeBytes(bytes) : value
  if (/[\udc80-\udcff\0]/.test(text)) return undefined
  return text.startsWith('/') ? posix.normalize(text) : text
}

/** Below one of the roots, at a slash; without roots anywhere. */
function isAllowed(sendfile: Sendfile, path: string, { isThroughLink }: FileRequest): boolean {
  if (sendfile.symlinks === 'refused' && isThroughLink(path)) return false
  if (sendfile.roots.length === 0) return true
  return sendfile.roots.some((root) => path.startsWith(posix.normalize(`${root.path}/`)))
}
