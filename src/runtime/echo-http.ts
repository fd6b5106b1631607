import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { steering, type EchoOptions } from './echo.js'

/**
 * The echo application as an HTTP server: answers with a JSON document of the request it was sent, and is steered by the query
 * of its target as the other one is by QUERY_STRING. The caller listens on the server and closes it.
 */
export function echoHttpServer(options: EchoOptions): Server {
  return createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => answer(request, response, Buffer.concat(pieces), options))
  })
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  { name }: EchoOptions
): void {
  const { method = '', url = '', httpVersion, rawHeaders } = request
  const steer = steering(url.replace(/^[^?]*\??/, ''))
  const send = (): void => {
    if (steer.has('die')) {
      request.socket.destroy()
      return
    }
    const headers = steer.all('hdr').map((line): readonly [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
    const isTyped = headers.some(([given]) => given.toLowerCase() === 'content-type')
    const typed = isTyped ? headers : [...headers, ['Content-Type', 'application/json'] as const]
    const status = /^\d{3}/.exec(steer.text('status') ?? '')?.[0] ?? '200'
    response.writeHead(Number(status), typed.flat())
    const document = {
      name,
      request: `${method} ${url} HTTP/${httpVersion}`,
      stdin: body.length,
      ...(body.length > 0 && { stdin_sha256: createHash('sha256').update(body).digest('hex') }),
      headers: pairs(rawHeaders)
    }
    response.end(steer.has('body') ? steer.filled() : JSON.stringify(document))
  }
  const seconds = steer.seconds()
  if (seconds > 0) setTimeout(send, seconds * 1000)
  else send()
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((text, index) => (index % 2 === 0 ? [[text, raw[index + 1] ?? ''] as const] : []))
}
