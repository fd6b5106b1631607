import { constants, createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { diskPath } from '../files.js'
import { noContent } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { evaluateConditions, rangeApplies } from './conditional.js'
import { chooseRange } from './range.js'
import { headerOf } from './answer.js'
import { statusAnswer } from './refusals.js'

/** What a file's answer depends on. */
export interface FileRequest {
  readonly method: string
  readonly headers: Headers
  /** Where a path of the configuration stands on this machine. */
  readonly locate: (path: string) => string
}

export interface FileToSend {
  readonly path: string
  readonly mediaType: string | undefined
  /** 200, or that of an error page. Conditions and ranges are looked at for 200 only. */
  readonly status: number
  /** Whether ranges are announced whatever the status is. */
  readonly rangesOnError?: boolean
}

/** The answer for a file, or the status that tells why there is none. */
export async function fileAnswer(
  file: FileToSend,
  request: FileRequest
): Promise<HttpAnswer | { readonly kind: 'refused'; readonly status: number }> {
  const opened = await openFile(request.locate(file.path))
  if (typeof opened === 'number') return { kind: 'refused', status: opened }
  const { handle, size, modified } = opened
  const validators = { etag: `"${size.toString(16)}-${Math.floor(modified).toString(16)}"`, modified }
  const type: Headers = file.mediaType === undefined ? [] : [['Content-Type', file.mediaType]]
  const state: Headers = [
    ['ETag', validators.etag],
    ['Last-Modified', new Date(modified).toUTCString()]
  ]
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const announced = file.status === 200 || file.rangesOnError === true
  const ranges: Headers = isRead && announced ? [['Accept-Ranges', 'bytes']] : []
  const done = async (answer: HttpAnswer): Promise<HttpAnswer> => {
    await handle.close()
    return answer
  }
  if (file.status === 200) {
    const verdict = evaluateConditions(request.method, request.headers, validators)
    if (verdict === 'not-modified') return done({ status: 304, headers: state, body: noContent })
    if (verdict === 'failed') return done({ status: 412, headers: state, body: noContent })
  }
  const asked = isRead && file.status === 200 && rangeApplies(request.headers, validators)
  const range = chooseRange(asked ? headerOf(request.headers, 'range') : undefined, size)
  if (range.kind === 'unsatisfiable') {
    return done(statusAnswer(416, [['Content-Range', `bytes */${size}`]]))
  }
  const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, size - 1]
  const length = end - start + 1
  const headers: Headers = [...type, ...state, ...ranges]
  const status = range.kind === 'part' ? 206 : file.status
  const partial: Headers = range.kind === 'part' ? [['Content-Range', `bytes ${start}-${end}/${size}`]] : []
  if (length === 0) return done({ status, headers, body: noContent })
  // The open file is read, so that what was measured is what is sent.
  const stream = createReadStream('', { fd: handle, start, end })
  return { status, headers: [...headers, ...partial], body: { kind: 'stream', stream, length } }
}

interface OpenFile {
  readonly handle: Awaited<ReturnType<typeof open>>
  readonly size: number
  readonly modified: number
}

async function openFile(path: string): Promise<OpenFile | number> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const handle = await open(diskPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await handle.stat()
    if (stats.isFile()) return { handle, size: stats.size, modified: stats.mtimeMs }
    await handle.close()
    return 403
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? 404 : 403
  }
}
