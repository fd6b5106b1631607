import { createHash } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { echoServer } from '../../src/runtime/index.js'
import { exchange, folder, header, member, pool, readReply, request, served, siteOf } from './served.js'
import type { Served, SiteParts } from './served.js'

/** An echo application on a Unix socket, for one test. */
async function echoAt(root: string, name: string): Promise<string> {
  const path = join(root, `${name}.sock`)
  const server = echoServer({ name })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  return path
}

async function withEcho(
  parts: Omit<SiteParts, 'pools'> = {},
  files: Record<string, string> = {}
): Promise<Served> {
  const root = folder(files)
  const path = await echoAt(root, 'a')
  return served(siteOf({ root, pools: [pool([member({ kind: 'unix', path })])], ...parts }))
}

interface Echo {
  readonly name: string
  readonly role: string
  readonly stdin: number
  readonly stdin_sha256?: string
  readonly params: readonly (readonly [string, string])[]
}

function echoed(body: string): Echo {
  return JSON.parse(body) as Echo
}

test('a request goes to the application and its answer to the client', async () => {
  const { port } = await withEcho()
  const reply = await request(port, '/app/x?a=1')
  expect(reply.status).toBe(200)
  expect(header(reply, 'content-type')).toBe('application/json')
  const echo = echoed(reply.body)
  expect(echo).toMatchObject({ name: 'a', role: 'responder', stdin: 0 })
  expect(echo.params.slice(0, 3)).toEqual([
    ['QUERY_STRING', 'a=1'],
    ['REQUEST_METHOD', 'GET'],
    ['SCRIPT_NAME', '/app/x']
  ])
})

test.each([
  ['buffered', true],
  ['streamed', false]
])('a large body reaches the application whole when it is %s', async (_, buffered) => {
  const { port } = await withEcho({ buffered })
  const body = 'x'.repeat(300_000)
  const echo = echoed((await request(port, '/app', { method: 'POST', body })).body)
  expect(echo.stdin).toBe(300_000)
  expect(echo.stdin_sha256).toBe(createHash('sha256').update(body).digest('hex'))
})

test('a chunked body reaches the application without its framing, and its length is known', async () => {
  const { port } = await withEcho()
  const text =
    'POST /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
    '3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n'
  const echo = echoed(readReply(await exchange(port, text)).body)
  expect(echo.stdin).toBe(7)
  expect(echo.params).toContainEqual(['CONTENT_LENGTH', '7'])
})

test.each([
  ['that is there is told with its length', '3\r\nabc\r\n0\r\n\r\n', 200],
  ['that has not come yet is refused', '3\r\nabc\r\n', 411]
])('where bodies are passed on as they come, one in chunks %s', async (_, body, status) => {
  const root = folder()
  const site = siteOf({ root, pools: [pool([member({ kind: 'unix', path: await echoAt(root, 'a') })])] })
  const streamed = { key: 'streamsBody', value: true, reach: 'inherited' } as const
  const { port } = await served({
    ...site,
    root: { ...site.root, settings: [...site.root.settings, streamed] }
  })
  const head = 'POST /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'
  const reply = readReply(await exchange(port, head + body))
  expect(reply.status).toBe(status)
  if (status === 200) expect(echoed(reply.body).params).toContainEqual(['CONTENT_LENGTH', '3'])
})

test('a large answer reaches the client whole', async () => {
  const { port } = await withEcho()
  const reply = await request(port, '/app?body=500000')
  expect(reply.body).toBe('x'.repeat(500_000))
})

test('requests on one connection are answered in order, pipelined ones too', async () => {
  const { port } = await withEcho({}, { 'a.txt': 'plain' })
  const text =
    'GET /app?body=3 HTTP/1.1\r\nHost: a\r\n\r\n' +
    'GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n' +
    'POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody' +
    'GET /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
  const raw = await exchange(port, text)
  expect(raw.match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 405',
    'HTTP/1.1 200'
  ])
  expect(raw.endsWith('plain')).toBe(true)
})

test('100 Continue is sent when the body is wanted, and not when the answer is known without it', async () => {
  const { port } = await withEcho({}, { 'a.txt': 'plain' })
  const head = (target: string): string =>
    `POST ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`
  const raw = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let text = ''
    socket.on('data', (piece: string) => {
      if (text === '') socket.write('ab')
      text += piece
    })
    socket.on('close', () => resolve(text))
    socket.write(head('/app'))
  })
  expect(raw).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  expect(await exchange(port, head('/a.txt'))).toMatch(/^HTTP\/1\.1 405 /)
})

test.each([
  ['a status with its reason', '?status=404%20Gone%20Fishing', 'HTTP/1.1 404 Gone Fishing'],
  ['a Location without a status', '?hdr=Location:%20/x', 'HTTP/1.1 302 Found'],
  ['a status that is none', '?status=abc', 'HTTP/1.1 502 Bad Gateway'],
  ['a header line without a colon', '?hdr=garbage', 'HTTP/1.1 502 Bad Gateway'],
  ['a connection closed without an answer', '?die=1', 'HTTP/1.1 500 Internal Server Error']
])('%s becomes the right status', async (_, query, line) => {
  const { port } = await withEcho()
  expect((await request(port, `/app${query}`)).statusLine).toBe(line)
})

test('what an application writes to its error stream is in the log, and the answer is unaffected', async () => {
  const { port, log } = await withEcho()
  expect((await request(port, '/app?stderr=one%0Atwo')).status).toBe(200)
  expect(log.map(({ message }) => message)).toEqual(['stderr: one', 'stderr: two'])
})

test('HEAD gets the headers alone, 204 no body and no length', async () => {
  const { port } = await withEcho({}, { 'a.txt': 'plain' })
  const file = await request(port, '/a.txt', { method: 'HEAD' })
  expect([file.body, header(file, 'content-length')]).toEqual(['', '5'])
  expect((await request(port, '/app?body=9', { method: 'HEAD' })).body).toBe('')
  const empty = await request(port, '/app?status=204')
  expect([empty.body, header(empty, 'content-length'), header(empty, 'transfer-encoding')]).toEqual([
    '',
    undefined,
    undefined
  ])
})

test('an answer shorter than it promised breaks the connection, a longer one is cut', async () => {
  const { port } = await withEcho()
  const short = await request(port, '/app?hdr=Content-Length:%20100&body=10')
  expect([header(short, 'content-length'), short.body]).toEqual(['100', 'x'.repeat(10)])
  expect((await request(port, '/app?hdr=Content-Length:%203&body=10')).body).toBe('xxx')
})

test('an authorizer is asked first: a yes lets through and tells variables, a no is the answer', async () => {
  const root = folder({ 'a.txt': 'secret' })
  const [app, gate] = [await echoAt(root, 'a'), await echoAt(root, 'gate')]
  const pools = [
    pool([member({ kind: 'unix', path: app })]),
    pool([member({ kind: 'unix', path: gate })], { id: 'gate' })
  ]
  const { port } = await served(siteOf({ root, pools, authorizer: 'gate' }))
  expect((await request(port, '/a.txt')).body).toBe('secret')
  expect((await request(port, '/a.txt?deny=1')).status).toBe(403)
  const reply = await request(port, '/app?var=who-is:ann', { method: 'POST', body: 'abc' })
  const echo = echoed(reply.body)
  expect(echo).toMatchObject({ name: 'a', role: 'responder', stdin: 3 })
  expect(echo.params).toContainEqual(['WHO_IS', 'ann'])
})

test('a member that cannot be reached is passed over; with none left the answer says so', async () => {
  const root = folder()
  const path = await echoAt(root, 'a')
  const dead = member(
    { kind: 'unix', path: join(root, 'none.sock') },
    { failure: { kind: 'disable', seconds: 60 } }
  )
  const { port, log } = await served(siteOf({ root, pools: [pool([dead, member({ kind: 'unix', path })])] }))
  for (const body of ['a', 'b']) {
    expect(echoed((await request(port, '/app', { method: 'POST', body })).body).name).toBe('a')
  }
  expect(log.map(({ level, message }) => [level, message.includes('none.sock')])).toEqual([
    ['warning', true],
    ['error', true]
  ])
  const alone = await served(siteOf({ root, pools: [pool([dead])] }))
  expect((await request(alone.port, '/app')).status).toBe(503)
})

test('a request that may have acted is not sent twice, another one is', async () => {
  const root = folder()
  const paths = [await echoAt(root, 'a'), await echoAt(root, 'b')]
  const retry = { on: [503] as const, tries: 0, within: 0, nonIdempotent: false }
  const members = paths.map((path) => member({ kind: 'unix', path }))
  const { port } = await served(siteOf({ root, pools: [pool(members, { retry })] }))
  // Both were asked, and the last one's answer is sent; then it is b's turn again, and it stays the only one.
  expect(echoed((await request(port, '/app?status=503')).body).name).toBe('b')
  expect(echoed((await request(port, '/app?status=503', { method: 'POST', body: 'x' })).body).name).toBe('b')
})

test('a kept connection carries the next request', async () => {
  const root = folder()
  const path = join(root, 'a.sock')
  const server = echoServer({ name: 'a' })
  let connections = 0
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  const connection = { connectTimeout: 5, sendTimeout: 5, readTimeout: 5, keep: true, idle: 2 }
  const { port } = await served(
    siteOf({ root, pools: [pool([member({ kind: 'unix', path })], { connection })] })
  )
  for (let count = 0; count < 3; count++) expect((await request(port, '/app')).status).toBe(200)
  expect(connections).toBe(1)
})

test('a file named by the application is sent in the place of its answer, where the roots allow', async () => {
  const root = folder({ 'priv/f.txt': '0123456789', 'other/g.txt': 'no' })
  const path = await echoAt(root, 'a')
  const sendfile = {
    headers: ['x-sendfile'],
    roots: [{ path: join(root, 'priv'), origin: { file: 'a.conf', start: 0, end: 1 } }],
    origin: { file: 'a.conf', start: 0, end: 1 }
  }
  const { port } = await served(
    siteOf({
      root,
      pools: [pool([member({ kind: 'unix', path })])],
      sendfile,
      response: { hide: ['x-sendfile'] }
    })
  )
  const asked = (file: string): string => `/app?hdr=X-Sendfile:%20${join(root, file)}`
  const reply = await request(port, asked('priv/f.txt'))
  expect([reply.body, header(reply, 'content-type'), header(reply, 'x-sendfile')]).toEqual([
    '0123456789',
    'application/json',
    undefined
  ])
  expect((await request(port, asked('priv/f.txt'), { headers: { Range: 'bytes=2-4' } })).body).toBe('234')
  expect((await request(port, asked('other/g.txt'))).status).toBe(403)
  expect((await request(port, asked('priv/../other/g.txt'))).status).toBe(403)
  expect((await request(port, asked('priv/none.txt'))).status).toBe(404)
})

test.each([
  ['bytes=1-2', 206, 'la'],
  ['bytes=-2', 206, 'in'],
  ['bytes=99-', 416, undefined],
  ['bytes=2-1', 200, 'plain'],
  ['lines=1-2', 200, 'plain']
])('a file asked for %s is answered %i', async (range, status, body) => {
  const { port } = await withEcho({}, { 'a.txt': 'plain' })
  const reply = await request(port, '/a.txt', { headers: { Range: range } })
  expect(reply.status).toBe(status)
  if (body !== undefined) expect(reply.body).toBe(body)
})

test('an unchanged file is not sent again', async () => {
  const { port } = await withEcho({}, { 'a.txt': 'plain' })
  const first = await request(port, '/a.txt')
  const etag = header(first, 'etag') ?? ''
  const modified = header(first, 'last-modified') ?? ''
  expect((await request(port, '/a.txt', { headers: { 'If-None-Match': etag } })).status).toBe(304)
  expect((await request(port, '/a.txt', { headers: { 'If-Modified-Since': modified } })).status).toBe(304)
  expect((await request(port, '/a.txt', { headers: { 'If-None-Match': '"x"' } })).body).toBe('plain')
  expect((await request(port, '/a.txt', { headers: { 'If-Match': '"x"' } })).status).toBe(412)
})

test.each([
  ['GET /app', 400],
  ['GET /app HTTP/2.0\r\nHost: a', 505],
  ['G(T /app HTTP/1.1\r\nHost: a', 400],
  ['GET /app HTTP/1.1\r\nHost : a', 400],
  ['GET /app HTTP/1.1\r\nHost: a\r\n folded', 400],
  ['POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: +3', 400],
  ['POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3', 400],
  ['POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked', 400],
  ['POST /app HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip', 501]
])('%j is refused with %i, and the connection closed', async (head, status) => {
  const { port } = await withEcho()
  expect(readReply(await exchange(port, `${head}\r\n\r\n`)).status).toBe(status)
})

test('lower-case and unknown methods and odd targets reach the decision as sent', async () => {
  const { port } = await withEcho()
  expect((await request(port, '/app', { method: 'get' })).status).toBe(405)
  expect(echoed((await request(port, '/app/x%2fy', { method: 'FROB' })).body).params).toContainEqual([
    'REQUEST_METHOD',
    'FROB'
  ])
})

test('with the echo application in every place no backend is needed', async () => {
  const root = folder()
  const pools = [pool([member({ kind: 'tcp', host: '127.0.0.1', port: 1 }, { label: 'main' })])]
  const { port, stop } = await served(siteOf({ root, pools }), { backends: 'echo' })
  expect(echoed((await request(port, '/app')).body).name).toBe('main')
  await stop()
})

test('a port in use is told as a diagnostic, and nothing stays open', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const bound = other.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0
  const root = folder()
  const path = join(root, 'front.sock')
  const base = siteOf({ root, pools: [] })
  const listeners = [
    { id: 'unix', address: { kind: 'unix', path }, tls: false },
    { id: 'main', address: { kind: 'tcp', host: '127.0.0.1', port }, tls: false }
  ] as const
  await expect(served({ ...base, listeners })).rejects.toMatchObject({
    diagnostics: [{ code: 'serve/address-in-use', severity: 'error' }]
  })
  expect(existsSync(path)).toBe(false)
})
