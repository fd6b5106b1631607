import { posix } from 'node:path'
import { decodeBytes } from '../../diagnostics/index.js'
import type { Sendfile } from '../../model/index.js'
import { headerOf, noContent, withoutHeaders } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { statusAnswer } from './refusals.js'
import { fileAnswer } from './static.js'
import type { FileRequest } from './static.js'

/** The path that an answer wants sent in its place; undefined when it wants none. */
export function wantedFile(sendfile: Sendfile, headers: Headers): string | undefined {
  for (const name of sendfile.headers) {
    const value = headerOf(headers, name.toLowerCase())
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** What the application said besides the file's name. */
export interface SendfileAnswer {
  readonly value: string
  /** Undefined where it sent none. */
  readonly status: number | undefined
  /** Those for the client. */
  readonly headers: Headers
}

/** Sends the file an application named. The application's media type stays, its body and length do not. */
export async function sendfileAnswer(
  sendfile: Sendfile,
  { value, status, headers }: SendfileAnswer,
  request: FileRequest
): Promise<HttpAnswer> {
  const path = resolved(value)
  const found = path === undefined ? 502 : await lookUp(sendfile, path, request, status)
  // A status that is not about success stays, whatever becomes of the file.
  if (typeof found === 'number') {
    return status !== undefined && status >= 300
      ? { status, headers: withoutHeaders(headers, ofBody), body: noContent }
      : statusAnswer(found)
  }
  const given = withoutHeaders(headers, ofBody)
  const kept = given.map(([name]) => name.toLowerCase())
  const own = withoutHeaders(found.headers, kept)
  const isPlain = status === undefined || status === 200
  return {
    status: isPlain ? found.status : status,
    headers: [...given, ...own],
    body: found.body
  }
}

/** Headers that told something about the body which is not sent. */
const ofBody = ['content-length', 'accept-ranges', 'content-range']

async function lookUp(
  sendfile: Sendfile,
  path: string,
  request: FileRequest,
  status: number | undefined
): Promise<HttpAnswer | number> {
  if (!path.startsWith('/') || !isAllowed(sendfile, path)) return 403
  const answer = await fileAnswer({ path, mediaType: undefined, status: status ?? 200 }, request)
  return 'kind' in answer ? answer.status : answer
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
function isAllowed(sendfile: Sendfile, path: string): boolean {
  if (sendfile.roots.length === 0) return true
  return sendfile.roots.some((root) => path.startsWith(posix.normalize(`${root.path}/`)))
}
