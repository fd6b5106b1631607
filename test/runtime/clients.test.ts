import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { FileView } from '../../src/decide/types.js'
import type { Span } from '../../src/diagnostics/index.js'
import type { Setting, Site } from '../../src/model/index.js'
import { literal } from '../../src/model/index.js'
import { checkStart, diskFiles, echoServer } from '../../src/runtime/index.js'
import { exchange, folder, member, origin, pool, readReply, request, served, siteOf } from './served.js'
import type { Served } from './served.js'

const noSettings: readonly Setting[] = []

/** A site whose application is the echo one, changed as the test wants. */
async function echoing(
  { buffered = true, maxBodySize = 0, ranges = false, settings = noSettings } = {},
  options: Parameters<typeof served>[1] = {}
): Promise<Served> {
  const root = folder({ 'a.txt': 'plain' })
  const path = join(root, 'a.sock')
  const server = echoServer({ name: 'a' })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  const site = siteOf({
    root,
    buffered,
    response: { ranges },
    pools: [pool([member({ kind: 'unix', path })])]
  })
  const limit = { key: 'maxBodySize' as const, value: maxBodySize, reach: 'inherited' as const }
  return served(
    { ...site, root: { ...site.root, settings: [...site.root.settings, limit, ...settings] } },
    { backends: 'real', ...options }
  )
}

/** An application that takes connections and says nothing until the test does. */
async function silent(): Promise<{ readonly site: Site; readonly asked: Promise<Socket> }> {
  const root = folder()
  const path = join(root, 'silent.sock')
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  const asked = once(server, 'connection').then(([socket]) => socket as Socket)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  return { site: siteOf({ root, pools: [pool([member({ kind: 'unix', path })])] }), asked }
}

/** Sends and then ends its own side, as `nc -N` does. */
async function halfClosed(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('latin1')
  let raw = ''
  socket.on('data', (piece: string) => (raw += piece))
  socket.end(text, 'latin1')
  await once(socket, 'close')
  return raw
}

const chunkedHead = 'POST /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'

test.each([
  ['buffered', true],
  ['streamed', false]
])('a body that cannot be read is the fault of its client when it is %s', async (_, buffered) => {
  const { port, log } = await echoing({ buffered, maxBodySize: 8 })
  const status = async (body: string): Promise<number> =>
    readReply(await exchange(port, chunkedHead + body)).status
  expect(await status('4\r\nabcd\r\n0\r\n\r\n')).toBe(200)
  expect(await status('4\r\nabcd\r\n5\r\nefghi\r\n0\r\n\r\n')).toBe(413)
  expect(await status('nonsense\r\n')).toBe(400)
  const cut = 'POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nabc'
  expect(readReply(await halfClosed(port, cut)).status).toBe(400)
  expect((await request(port, '/app', { method: 'POST', body: 'longer than 8' })).status).toBe(413)
  expect(log.filter(({ level }) => level === 'error')).toEqual([])
})

test('a page answers for a chunked body that is too large, and is told of none', async () => {
  const page = {
    statuses: [413],
    to: { kind: 'uri', uri: literal('/app/large') },
    status: { kind: 'of-answer' },
    request: 'without-body',
    origin
  } as const
  const settings = [{ key: 'errorPages', value: [page], reach: 'inherited' }] as const
  const { port } = await echoing({ maxBodySize: 8, settings })
  const large = chunkedHead + '4\r\nabcd\r\n5\r\nefghi\r\n0\r\n\r\n'
  const { status, body } = readReply(await exchange(port, large))
  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({ stdin: 0 })
  expect(body).toContain('["SCRIPT_NAME","/app/large"]')
  expect(body).toContain('["CONTENT_LENGTH","0"]')
})

test('a body over the limit of memory goes through a file; without room for it the client is told', async () => {
  const body = 'x'.repeat(1_000_000)
  const { port } = await echoing({}, { temporary: folder() })
  expect(JSON.parse((await request(port, '/app', { method: 'POST', body })).body)).toMatchObject({
    stdin: 1_000_000
  })
  const without = await echoing({}, { temporary: '/no/such/folder' })
  expect((await request(without.port, '/app', { method: 'POST', body })).status).toBe(500)
  expect(without.log.some(({ message }) => message.includes('ENOENT'))).toBe(true)
})

test('when the client goes away while it waits, the application is let go', async () => {
  const { site, asked } = await silent()
  const { port, log } = await served(site)
  const client = connect(port, '127.0.0.1')
  client.write('GET /app HTTP/1.1\r\nHost: a\r\n\r\n')
  const application = await asked
  const ended = once(application, 'close')
  client.resetAndDestroy()
  await ended
  expect(log).toEqual([])
})

test('where that counts as going away, a client that closes its own side gets no answer', async () => {
  const { site, asked } = await silent()
  const pools = site.pools.map((each) => ({
    ...each,
    connection: { ...each.connection, endsWithClient: true as const }
  }))
  const { port } = await served({ ...site, pools })
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const got: unknown[] = []
  client.on('data', (piece) => got.push(piece))
  const over = once(client, 'close')
  client.write('GET /app HTTP/1.1\r\nHost: a\r\n\r\n')
  const ended = once(await asked, 'close')
  client.end()
  await Promise.all([ended, over])
  expect(got).toEqual([])
})

test('requests beyond a limit are refused, and those beyond a number at a time as long as others last', async () => {
  const { site, asked } = await silent()
  const here = { file: 'c', start: 0, end: 1 }
  const zone = { key: [{ kind: 'argument', name: 'k' }], size: 32768, origin: here } as const
  const { port, log } = await served({
    ...site,
    limitZones: [
      { ...zone, name: 'r', counts: 'requests', rate: 1 },
      { ...zone, name: 'c', counts: 'connections' }
    ],
    pipeline: site.pipeline.flatMap((step): Site['pipeline'] =>
      step.step === 'scopes' ? [step, { step: 'limits' }] : [step]
    ),
    root: {
      ...site.root,
      settings: [
        ...site.root.settings,
        {
          key: 'requestLimits',
          value: { of: [{ zone: 'r', burst: 1, undelayed: 'all', origin: here }], status: 429 },
          reach: 'inherited'
        },
        {
          key: 'connectionLimits',
          value: { of: [{ zone: 'c', most: 1, origin: here }], status: 503 },
          reach: 'inherited'
        }
      ]
    }
  })
  const first = connect(port, '127.0.0.1')
  first.write('GET /app?k=1 HTTP/1.1\r\nHost: a\r\n\r\n')
  const application = await asked
  expect((await request(port, '/none?k=1')).status).toBe(503)
  expect((await request(port, '/none?k=1')).status).toBe(429)
  expect((await request(port, '/none?k=2')).status).toBe(404)
  application.destroy()
  await once(first, 'data')
  first.destroy()
  expect(log.filter(({ message }) => /too many|excess/.test(message))).toHaveLength(2)
})

test('when the client goes away within its answer, the application is let go', async () => {
  const { port } = await echoing()
  const client = connect(port, '127.0.0.1')
  client.write('GET /app?body=50000000 HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(client, 'data')
  client.destroy()
  expect((await request(port, '/app')).status).toBe(200)
})

test('a client that reads late gets everything', async () => {
  const { port } = await echoing()
  const client = connect(port, '127.0.0.1')
  client.pause()
  client.write('GET /app?body=5000000 HTTP/1.0\r\nHost: a\r\n\r\n')
  // Answered meanwhile: others are not held up.
  expect((await request(port, '/app')).status).toBe(200)
  let length = 0
  client.on('data', (piece: Buffer) => (length += piece.length))
  client.resume()
  await once(client, 'close')
  expect(length).toBeGreaterThan(5_000_000)
})

test('requests at the same time are all answered', async () => {
  const { port } = await echoing()
  const answers = await Promise.all(Array.from({ length: 100 }, () => request(port, '/app?body=1000')))
  expect(answers.filter(({ status, body }) => status === 200 && body.length === 1000)).toHaveLength(100)
})

test.each(['body=-1', 'body=nan', 'body=1e1', 'sleep=-1', 'status=', 'hdr=', 'hdr=:', 'var='])(
  'the echo application survives ?%s',
  async (query) => {
    const { port } = await echoing()
    await request(port, `/app?${query}`)
    expect((await request(port, '/app')).status).toBe(200)
  }
)

test('the echo application tells variables as a responder too', async () => {
  const { port } = await echoing()
  const { headers } = await request(port, '/app?var=who-is:ann')
  expect(headers).toContainEqual(['variable-who-is', 'ann'])
})

test('a client that closes its side behind its requests gets all answers, then the end', async () => {
  const { port } = await echoing()
  const one = 'GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n'
  const raw = await halfClosed(port, one + one + 'GET /a')
  expect(raw.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
})

const line = fc.constantFrom(
  'GET /a.txt HTTP/1.1',
  'POST /app HTTP/1.1',
  'GET /app?%00 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'GET http://[ HTTP/1.1',
  'Host: a',
  'Host: \u0000',
  'Host: a:b:c',
  'Content-Length: 5',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Connection: close',
  'Range: bytes=1-',
  'If-Range: x',
  'If-Modified-Since: \u00ff',
  ': x',
  'a',
  '',
  'ffffffffffff'
)
const requestLike = fc
  .array(fc.oneof(line, fc.string({ unit: 'binary-ascii', maxLength: 20 })), { maxLength: 8 })
  .map((lines) => lines.join('\r\n'))
const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some).toString('latin1'))

test('whatever bytes come, they get an answer that is no fault of the server, or none, and it goes on', async () => {
  const { port, log } = await echoing()
  await fc.assert(
    fc.asyncProperty(fc.oneof(requestLike, bytes), async (text) => {
      for (const [status] of (await halfClosed(port, text)).matchAll(/(?<=HTTP\/1\.1 )\d+/g)) {
        expect(status).toMatch(/^[1-4]/)
      }
    }),
    { numRuns: 300 }
  )
  expect((await request(port, '/app')).status).toBe(200)
  expect(log.filter(({ level }) => level === 'error')).toEqual([])
})

test('a range of an answer is cut out of it', async () => {
  const { port } = await echoing({ ranges: true })
  const range = { headers: { Range: 'bytes=1-3' } }
  expect((await request(port, '/app?body=10', range)).statusLine).toContain('206')
})

test('what is missing is said before the start, without keeping it', () => {
  const root = folder()
  const unnamed = siteOf({
    root: join(root, 'none'),
    pools: [pool([member({ kind: 'unix', path: join(root, 'no.sock') })])]
  })
  const origin = { file: 'a.conf', start: 0, end: 1 }
  const settings = unnamed.root.settings.map((one) => (one.key === 'root' ? { ...one, origin } : one))
  const site = { ...unnamed, root: { ...unnamed.root, settings } }
  const listeners = [{ id: 'main', address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, tls: true }] as const
  expect(checkStart({ ...site, listeners }).map(({ code, severity }) => [code, severity])).toEqual([
    ['serve/tls', 'error'],
    ['serve/socket-missing', 'warning'],
    ['serve/root-unreadable', 'warning']
  ])
  expect(checkStart(site, { backends: 'echo' }).map(({ code }) => code)).toEqual(['serve/root-unreadable'])
  // What the server takes where no root is named.
  expect(checkStart(unnamed, { backends: 'echo' })).toEqual([])
  expect(checkStart({ ...site, listeners: [] }, { backends: 'echo' })[0]?.code).toBe('serve/no-listener')
})

test('what is answered with 501 is said before the start, once for each place', () => {
  const site = siteOf({ root: folder(), pools: [] })
  const one = (start: number): Span => ({ file: 'a.conf', start, end: start + 1 })
  const undecided = { kind: 'undecided', what: '`set $status`', origin: one(1) } as const
  const always = { kind: 'always' } as const
  const settings: readonly Setting[] = [
    ...site.root.settings,
    {
      key: 'undecided',
      value: [{ what: '`autoindex on`', at: 'folder', origin: one(5) }],
      reach: 'inherited',
      origin: one(5)
    },
    {
      key: 'instructions',
      value: [undecided, { kind: 'if', when: always, then: [undecided], origin: one(0) }],
      reach: 'own',
      origin: one(0)
    },
    {
      key: 'bindings',
      value: [one(7), one(9)].map((origin) => ({
        match: { kind: 'any' },
        when: always,
        at: ['url'],
        target: { kind: 'unsupported', what: '`cgi.assign`' },
        origin
      })),
      reach: 'inherited'
    },
    {
      key: 'authentication',
      value: { method: 'basic', realm: [], when: always },
      reach: 'inherited',
      origin: one(11)
    }
  ]
  const found = checkStart({ ...site, root: { ...site.root, settings } }, { backends: 'echo' })
  expect(found.map(({ code, span }) => [code, span?.start])).toEqual([
    ['serve/undecided', 5],
    ['serve/undecided', 1],
    ['serve/undecided', 7],
    ['serve/undecided', 11]
  ])
})

test('a listener with TLS is refused with what to do', async () => {
  const listeners = [{ id: 'main', address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, tls: true }] as const
  await expect(served({ ...siteOf({ pools: [] }), listeners })).rejects.toMatchObject({
    diagnostics: [{ code: 'serve/tls', hint: expect.stringContaining('without its TLS') as unknown }]
  })
})

test('files are sent from where the tree stands', async () => {
  const root = folder({ 'srv/www/a.txt': 'here' })
  const locate = (path: string): string => join(root, path)
  const files: FileView = { ...diskFiles, kind: (path) => diskFiles.kind(locate(path)) }
  const { port } = await served(siteOf({ root: '/srv/www', pools: [] }), { files, locate })
  expect((await request(port, '/a.txt')).body).toBe('here')
})
