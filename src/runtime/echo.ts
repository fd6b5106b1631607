import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { serveConnection } from './fastcgi/server.js'
import type { AppReply, AppRequest } from './fastcgi/server.js'

/**
 * The echo application: answers with a JSON document of what it was sent, bytes as ISO 8859-1. The query string steers it: `status=N`,
 * `hdr=Name: value`, `body=N`, `sleep=S`, `stderr=TEXT`, `die=1`, `var=NAME:value` in every role, since a responder may be asked
 * for permission too (recorded: `fixtures/observed/nginx/like-lighttpd-authorizer.json`), and, as an authorizer, `deny=1`.
 */
export function echo(options: EchoOptions): (request: AppRequest, reply: AppReply) => void {
  return (request, reply) => {
    const steer = steering(paramText(request, 'QUERY_STRING'))
    const note = steer.text('stderr')
    if (note !== undefined) reply.stderr(encoder.encode(`${note}\n`))
    const answer = (): void => {
      if (steer.has('die')) {
        reply.drop()
        return
      }
      reply.stdout(encoder.encode(echoHead(request, steer)))
      reply.stdout(echoBody(request, steer, options))
      reply.end()
    }
    const seconds = steer.seconds()
    if (seconds > 0) setTimeout(answer, seconds * 1000)
    else answer()
  }
}

export interface EchoOptions {
  readonly name: string
  /** The process's environment, where the application is a process of its own. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Serves the echo application within this process. The caller listens on the server and closes it. */
export function echoServer(options: EchoOptions): Server {
  return createServer((socket) => serveConnection(socket, echo(options)))
}

/**
 * Serves it on the listening socket inherited as descriptor 0, as a process that a server started.
 * @public the entry of a program of its own
 */
export function echoOnDescriptor(
  environment: Readonly<Record<string, string | undefined>>,
  descriptor = 0
): Server {
  const known = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !madeByShells.includes(entry[0])
    )
  )
  return echoServer({ name: environment['ECHO_NAME'] ?? '', environment: known }).listen({ fd: descriptor })
}

/** Set by a shell script around the application, not by the server that started it. */
const madeByShells = ['PWD', 'OLDPWD', 'SHLVL', '_']

const encoder = new TextEncoder()

interface Steering {
  has(name: string): boolean
  text(name: string): string | undefined
  all(name: string): readonly string[]
  /** How long it sleeps. */
  seconds(): number
  /** The `body` of so many bytes. */
  filled(): Uint8Array
}

/** A URL that asks for more gets this much. */
const mostSteered = { bytes: 100_000_000, seconds: 86_400 }

/** What a query wants of the echo application. */
export function steering(text: string): Steering {
  const query = new URLSearchParams(text)
  // 0 where it is no number.
  const number = (name: string, most: number): number =>
    Math.min(Math.max(0, Number(query.get(name)) || 0), most)
  return {
    has: (name) => query.has(name),
    text: (name) => query.get(name) ?? undefined,
    all: (name) => query.getAll(name),
    seconds: () => number('sleep', mostSteered.seconds),
    filled: () => new Uint8Array(number('body', mostSteered.bytes)).fill('x'.charCodeAt(0))
  }
}

/** The last value of a param: what most applications take where a name stands twice. */
function paramText(request: AppRequest, name: string): string {
  const value = request.params.findLast(([found]) => Buffer.from(found).toString('latin1') === name)?.[1]
  return value === undefined ? '' : Buffer.from(value).toString('latin1')
}

function echoHead(request: AppRequest, steer: Steering): string {
  const headers: string[] = []
  const status = steer.text('status')
  if (status !== undefined) headers.push(`Status: ${status}`)
  for (const pair of steer.all('var')) {
    const colon = pair.indexOf(':')
    headers.push(`Variable-${pair.slice(0, colon)}: ${pair.slice(colon + 1)}`)
  }
  headers.push(...steer.all('hdr'))
  if (request.role === 'authorizer' && steer.has('deny')) headers.push('Status: 403 Forbidden')
  if (!headers.some((line) => /^content-type:/i.test(line))) headers.push('Content-Type: application/json')
  return headers.map((line) => `${line}\r\n`).join('') + '\r\n'
}

function echoBody(request: AppRequest, steer: Steering, options: EchoOptions): Uint8Array {
  if (steer.has('body')) return steer.filled()
  if (request.role === 'authorizer') return new Uint8Array(0)
  const document = {
    name: options.name,
    role: request.role,
    stdin: request.stdin.length,
    ...(request.stdin.length > 0 && {
      stdin_sha256: createHash('sha256').update(request.stdin).digest('hex')
    }),
    params: request.params.map((pair) => pair.map((bytes) => Buffer.from(bytes).toString('latin1'))),
    ...(options.environment && { env: options.environment })
  }
  return encoder.encode(JSON.stringify(document))
}
