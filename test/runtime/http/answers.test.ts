import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveConnection } from '../../../src/runtime/fastcgi/server.js'
import { echoServer } from '../../../src/runtime/index.js'
import { defaultHeadRules } from '../../../src/model/index.js'
import { dressed, statusAnswer } from '../../../src/runtime/http/refusals.js'
import { parseParts } from '../../../src/runtime/http/sendparts.js'
import { folder, header, member, origin, pool, request, served, siteOf } from '../served.js'
import type { Served, SiteParts } from '../served.js'

async function withEcho(
  root: string,
  parts: Omit<SiteParts, 'pools' | 'root'> & Partial<Pick<SiteParts, 'root'>> = {}
): Promise<Served> {
  const path = join(root, 'echo.sock')
  const server = echoServer({ name: 'a' })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  return served(siteOf({ root, pools: [pool([member({ kind: 'unix', path })])], ...parts }))
}

test.each([
  ['f.txt 0-', [{ path: 'f.txt', range: { first: 0, last: undefined } }]],
  [
    ' /a,b.txt 0-2 ,  /c 5-9,',
    [
      { path: '/a,b.txt', range: { first: 0, last: 2 } },
      { path: '/c', range: { first: 5, last: 9 } }
    ]
  ],
  [
    'f.txt 0-1,g.txt',
    [
      { path: 'f.txt', range: { first: 0, last: 1 } },
      { path: undefined, range: undefined }
    ]
  ],
  ['f.txt x-, g.txt 0-', [{ path: 'f.txt', range: undefined }]],
  ['f.txt 0-1 x', [{ path: 'f.txt', range: undefined }]],
  ['f.txt  0-1', [{ path: 'f.txt', range: undefined }]],
  ['f.txt +1-\t2', [{ path: 'f.txt', range: { first: 1, last: 2 } }]],
  ['f.txt -1-2', [{ path: 'f.txt', range: undefined }]],
  ['f.txt 0-99999999999999999999', [{ path: 'f.txt', range: undefined }]],
  ['f.txt 0-1\r\nX-Sendfile2: g.txt 0-', [{ path: 'f.txt', range: undefined }]],
  ['', []]
])('the parts %j are %j', (value, parts) => {
  expect(parseParts(value)).toEqual(parts)
})

test('parts of files are sent one behind the other', async () => {
  const root = folder({ 'f.txt': '0123456789', 'g.txt': 'abcdef' })
  const sendfile = { headers: ['x-sendfile2'], roots: [], origin }
  const { port } = await withEcho(root, { sendfile })
  const asked = (value: string): string => `/app?hdr=X-Sendfile2:%20${encodeURIComponent(value)}`
  const both = await request(port, asked(`${root}/f.txt 0-2, ${root}/g.txt 4-99`))
  expect([both.status, both.body, header(both, 'x-sendfile2')]).toEqual([200, '012ef', undefined])
  expect((await request(port, asked(`${root}/f.txt 20-`))).status).toBe(502)
  expect((await request(port, asked(`${root}/none 0-`))).status).toBe(404)
})

test('files are named in the folder of what was asked for, and below the folders allowed for them', async () => {
  const root = folder({ 'f.txt': 'file', 'a/g.txt': 'other', 'gone.txt': 'temporary' })
  const sendfile = {
    headers: ['x-sendfile'],
    temporary: 'x-sendfile-temporary',
    roots: [
      { path: `${root}/a`, origin },
      { path: root, origin, temporary: true }
    ],
    named: 'in-folder',
    onlyWithSuccess: true,
    rangesUntold: true,
    statuses: { undecodable: 500, outside: 404, missing: 404 },
    origin
  } as const
  const { port } = await withEcho(root, { sendfile })
  const ask = async (header: string, value: string, more = ''): Promise<readonly [number, string]> => {
    const { status, body } = await request(port, `/app?hdr=${header}:%20${encodeURIComponent(value)}${more}`)
    return [status, body.startsWith('{') ? 'application' : status < 300 ? body : 'page']
  }
  expect(await ask('X-Sendfile', 'f.txt')).toEqual([200, 'file'])
  expect(await ask('X-Sendfile', `${root}/a/g.txt`)).toEqual([200, 'other'])
  expect(await ask('X-Sendfile', '../f.txt')).toEqual([404, 'page'])
  expect(await ask('X-Sendfile', '/etc/passwd')).toEqual([404, 'page'])
  expect(await ask('X-Sendfile', 'f.txt', '&status=201')).toEqual([201, 'application'])
  expect(await ask('X-Sendfile-Temporary', 'gone.txt')).toEqual([200, 'temporary'])
  expect(await ask('X-Sendfile-Temporary', 'gone.txt')).toEqual([404, 'page'])
})

test('what a site wants hidden or renamed does not reach the client as it was', async () => {
  const response = { hide: ['x-secret', 'x-own-*'], renamedTypes: [{ from: 'a/b', to: 'c/d' }] }
  const { port } = await withEcho(folder(), { response })
  const reply = await request(
    port,
    '/app?hdr=X-Secret:%201&hdr=X-Own-A:%201&hdr=X-Kept:%201&hdr=Content-Type:%20a/b;x=1&hdr=Keep-Alive:%201'
  )
  expect(
    ['x-secret', 'x-own-a', 'x-kept', 'content-type', 'keep-alive'].map((name) => header(reply, name))
  ).toEqual([undefined, undefined, '1', 'c/d;x=1', undefined])
})

test('repeated headers come apart or joined, cookies always apart', async () => {
  const query = '/app?hdr=X-A:%201&hdr=X-A:%202&hdr=Set-Cookie:%20a&hdr=Set-Cookie:%20b'
  for (const [repeated, values] of [
    ['apart', ['1', '2']],
    ['joined', ['1, 2']]
  ] as const) {
    const { port } = await withEcho(folder(), { response: { repeated } })
    const { headers } = await request(port, query)
    expect(headers.filter(([name]) => name === 'x-a').map(([, value]) => value)).toEqual(values)
    expect(headers.filter(([name]) => name === 'set-cookie')).toHaveLength(2)
  }
})

test('an internal redirect is followed to a file, keeps what it may, and never leads upwards', async () => {
  const root = folder({ 'a.txt': 'inside' })
  const response = { redirectHeader: 'x-go', redirectKeeps: ['content-type', 'set-cookie'] }
  const { port } = await withEcho(root, { response })
  const reply = await request(port, '/app?status=404&hdr=X-Go:%20/a.txt&hdr=Set-Cookie:%20s&hdr=X-Lost:%201')
  expect([reply.status, reply.body]).toEqual([200, 'inside'])
  expect(['content-type', 'set-cookie', 'x-lost'].map((name) => header(reply, name))).toEqual([
    'application/json',
    's',
    undefined
  ])
  for (const path of ['/x/../a.txt', '/x/%252e%252e/a.txt', 'a.txt']) {
    expect((await request(port, `/app?hdr=X-Go:%20${path}`)).status).toBe(404)
  }
})

test('an application that redirects to itself for ever is stopped where the site says', async () => {
  const path = join(folder(), 'loop.sock')
  let asked = 0
  const server = createServer((socket) => {
    serveConnection(socket, (_, reply) => {
      asked += 1
      reply.stdout(Buffer.from('X-Go: /app\r\n\r\n'))
      reply.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => void server.close())
  const response = { redirectHeader: 'x-go' }
  const { port } = await served(siteOf({ pools: [pool([member({ kind: 'unix', path })])], response }))
  expect((await request(port, '/app')).status).toBe(500)
  expect(asked).toBe(11)
})

test('a range of a complete answer is cut where the site does so', async () => {
  const { port } = await withEcho(folder(), { response: { ranges: true } })
  const asked = (range: string): ReturnType<typeof request> =>
    request(port, '/app?body=100', { headers: { Range: range } })
  const part = await asked('bytes=10-19')
  expect([part.status, part.body, header(part, 'content-range')]).toEqual([
    206,
    'x'.repeat(10),
    'bytes 10-19/100'
  ])
  expect((await asked('bytes=200-')).status).toBe(416)
  expect(
    (await request(port, '/app?body=100&status=201', { headers: { Range: 'bytes=0-1' } })).body
  ).toHaveLength(100)
})

test('a status line is passed on as it stands where the site reads three digits, and a part has its own', async () => {
  const head = { ...defaultHeadRules, statusForm: 'prefix' as const }
  const { port } = await withEcho(folder(), { response: { ranges: true, head } })
  expect((await request(port, '/app?status=404Gone')).statusLine).toBe('HTTP/1.1 404Gone')
  expect((await request(port, '/app?status=404%20Gone')).statusLine).toBe('HTTP/1.1 404 Gone')
  const part = await request(port, '/app?status=200x&body=9', { headers: { Range: 'bytes=0-1' } })
  expect(part.statusLine).toBe('HTTP/1.1 206 Partial Content')
})

test('a chunked body of an application is decoded where the site does so', async () => {
  const { port } = await withEcho(folder(), { response: { decodesChunked: true } })
  const reply = await request(port, '/app?hdr=Transfer-Encoding:%20chunked&body=3')
  expect(reply.body).toBe('')
})

test('more params than fit one record are refused where the site says so', async () => {
  const statuses = { malformed: 502, closed: 500, timeout: 504, unreachable: 503, tooManyParams: 400 }
  const { port } = await withEcho(folder(), { response: { statuses } })
  const big = { 'X-Big': 'b'.repeat(66_000) }
  expect((await request(port, '/app', { headers: big })).status).toBe(400)
  const plain = await withEcho(folder())
  expect((await request(plain.port, '/app', { headers: big })).status).toBe(200)
})

test('pages of the server itself look as the site wants', () => {
  const page = statusAnswer(404)
  expect(dressed(page, { pageType: 'text/html; charset=iso-8859-1' }).headers).toEqual([
    ['Content-Type', 'text/html; charset=iso-8859-1']
  ])
  const redirect = statusAnswer(301, [['Location', '/x']])
  expect(dressed(redirect, { redirectPage: false })).toMatchObject({
    headers: [['Location', '/x']],
    body: { bytes: new Uint8Array(0) }
  })
  expect(
    dressed(statusAnswer(416, [['Content-Range', 'bytes */5']]), { sizeOnRefusedRange: false }).headers
  ).toEqual([['Content-Type', 'text/html']])
  const named = dressed(statusAnswer(405), { reasons: [{ status: 405, phrase: 'Not Allowed' }] })
  expect(named.reason).toBe('Not Allowed')
  expect(named.body.kind === 'bytes' ? Buffer.from(named.body.bytes).toString() : '').toContain(
    '<h1>405 Not Allowed</h1>'
  )
})

test('an answer without status is held against the conditions of the request, where the site does that', async () => {
  const { port } = await withEcho(folder(), { response: { conditional: true, emptyWithoutType: true } })
  const asked = '/app?hdr=ETag:%20%22a%22&hdr=X-A:%201'
  const fresh = await request(port, asked, { headers: { 'If-None-Match': '"a"' } })
  expect([fresh.status, header(fresh, 'etag'), header(fresh, 'content-type')]).toEqual([
    304,
    '"a"',
    undefined
  ])
  expect((await request(port, asked, { headers: { 'If-None-Match': '"b"' } })).status).toBe(200)
  const said = `${asked}&status=201`
  expect((await request(port, said, { headers: { 'If-None-Match': '"a"' } })).status).toBe(201)
})

test('a redirect without status has a page of the server’s own, where the site does that', async () => {
  const { port } = await withEcho(folder(), { response: { location: 'internal', redirectPage: 'own' } })
  const reply = await request(port, '/app?hdr=Location:%20http://x.test/&hdr=X-A:%201')
  expect([reply.status, header(reply, 'location'), header(reply, 'x-a')]).toEqual([
    302,
    'http://x.test/',
    '1'
  ])
  expect(reply.body).toContain('302')
})

test('a length may be told that the body does not have', async () => {
  const { port } = await withEcho(folder(), { response: { lengthTold: 'as-is' } })
  const reply = await request(port, '/app?body=10&hdr=Content-Length:%204')
  expect(header(reply, 'content-length')).toBe('4')
})

test('where nothing is read in an answer, the client gets the application’s bytes alone', async () => {
  const head = { ...defaultHeadRules, unparsed: true as const }
  const { port } = await withEcho(folder(), { response: { head } })
  const reply = await request(port, '/app?hdr=HTTP/1.1%20203%20Fine&body=3')
  expect([reply.status, reply.body]).toEqual([203, 'xxx'])
})
