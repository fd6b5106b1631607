import { STATUS_CODES } from 'node:http'
import { noContent } from './answer.js'
import type { HttpAnswer, Headers } from './answer.js'

/** The plain page that tells a status. */
export function statusAnswer(status: number, headers: Headers = []): HttpAnswer {
  if (status < 200 || status === 204 || status === 304) return { status, headers, body: noContent }
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
  const page = `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`
  return {
    status,
    headers: [['Content-Type', 'text/html'], ...headers],
    body: { kind: 'bytes', bytes: Buffer.from(page) }
  }
}
