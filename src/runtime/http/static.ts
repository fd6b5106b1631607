import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { unreachable } from '../../diagnostics/index.js'
import type { Delivery } from '../../model/index.js'
import { diskPath } from '../files.js'
import { noContent } from './answer.js'
import type { Headers, HttpAnswer } from './answer.js'
import { evaluateConditions } from './conditional.js'

/** What a file's answer depends on. */
export interface FileRequest {
  readonly method: string
  readonly headers: Headers
  /** Where a path of the configuration stands on this machine. */
  readonly locate: (path: string) => string
  readonly delivery: Delivery
  /** Whether a name in a path of the configuration is a symbolic link. */
  readonly isThroughLink: (path: string) => boolean
}

export interface FileToSend {
  readonly path: string
  readonly mediaType: string | undefined
  /** 200, or that of an error page. Conditions are looked at, and ranges given, for 200 only. */
  readonly status: number
  /** What it is known by, where an application has said so itself. */
  readonly etag?: string
  readonly modified?: number
  /** Whether ranges are announced whatever the status is. */
  readonly rangesOnError?: boolean
  /** Whether a 304 does; not where absent. */
  readonly rangesOnNotModified?: boolean
  /** Whether ranges are cut whatever the method is. */
  readonly rangesWithAnyMethod?: boolean
}

/** The answer for a file, or the status that tells why there is none. */
export async function fileAnswer(
  file: FileToSend,
  request: FileRequest
): Promise<HttpAnswer | { readonly kind: 'refused'; readonly status: number }> {
  const opened = await openFile(request.locate(file.path))
  if (typeof opened === 'number') return { kind: 'refused', status: opened }
  const { handle, size, modified } = opened
  const rules = request.delivery
  const own = { etag: etagOf(rules.etag, size, modified), modified }
  const validators = { etag: file.etag ?? own.etag, modified: file.modified ?? own.modified }
  const { mediaType = '' } = file
  // A file in place of an error with 204 is not sent, so it has no type either.
  const type: Headers = mediaType === '' || file.status === 204 ? [] : [['Content-Type', mediaType]]
  const etag: Headers = validators.etag === undefined ? [] : [['ETag', validators.etag]]
  const state: Headers = [...etag, ['Last-Modified', new Date(modified).toUTCString()]]
  if (file.status === 200) {
    const verdict = evaluateConditions(request.method, request.headers, validators, rules)
    if (verdict !== 'send') {
      await handle.close()
      if (verdict === 'failed' && rules.failedCondition === 'error') return { kind: 'refused', status: 412 }
      if (verdict === 'failed') return { status: 412, headers: state, body: noContent }
      const ranges: Headers = file.rangesOnNotModified === true ? [['Accept-Ranges', 'bytes']] : []
      return { status: 304, headers: [...state, ...ranges], body: noContent }
    }
  }
  const isRead = file.rangesWithAnyMethod === true || request.method === 'GET' || request.method === 'HEAD'
  const isAnnounced = isRead && file.status !== 200 && file.rangesOnError === true
  const announced: Headers = isAnnounced ? [['Accept-Ranges', 'bytes']] : []
  // The open file is read, so that what was measured is what is sent.
  const pieces = size === 0 ? [] : [{ range: { start: 0, end: size - 1 } }]
  return {
    status: file.status,
    headers: [...type, ...state, ...announced],
    body: { kind: 'file', handle, pieces },
    isRangeable: isRead && file.status === 200
  }
}

function etagOf(form: Delivery['etag'], size: number, modified: number): string | undefined {
  switch (form) {
    case 'size-change':
      return `"${size.toString(16)}-${Math.floor(modified).toString(16)}"`
    case 'change-size':
      return `"${Math.floor(modified / 1000).toString(16)}-${size.toString(16)}"`
    case 'none':
      return undefined
    default:
      return unreachable(form)
  }
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
