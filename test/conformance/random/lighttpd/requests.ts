import fc from 'fast-check'
import type { RecordedRequest } from '../../cases.js'
import { bodies, headerOf, queryOf, requestsOf, type Sent, targetOf } from '../requests.js'
import { mostly, one } from '../words.js'
import { hosts, paths } from './words.js'

/** Targets with all that clients write into them, and queries that steer the echo application. */

const rare = one(
  '/%69nfo.php',
  '/app%2Finfo.php',
  '/app%2finfo.php/x%2Fy',
  '//info.php',
  '/app//x/./y',
  '/app/../info.php',
  '/../info.php',
  '/app/%2e%2e/info.php',
  '/info.php%00',
  '/info.php%0a',
  '/%ff.php',
  '/%c3%a9.php',
  '/%C0%af',
  '/info%zz.php',
  '/info.php#frag',
  '/info.php%3Fx',
  '/app/a+b',
  '/app/a[1]{2}|"x',
  '/app/%c3%a9/%7e~',
  'info.php',
  'http://localhost/info.php',
  '/info.php/',
  '/info.php/%20/x',
  '/app/x;y=1',
  '/.',
  '/..',
  '/app/.',
  '/app/..',
  '/info.php?',
  '/%',
  '*',
  '/a b.txt',
  '/\\x'
)

const piece = one(
  'a=1',
  'id=7',
  'x=%20y',
  'status=404',
  'status=200',
  'status=302',
  'status=500',
  'status=403',
  'status=204',
  'status=abc',
  'hdr=X-A:%20b',
  'hdr=Location:%20/moved',
  'hdr=Content-Type:%20text/css',
  'hdr=Set-Cookie:%20a=b&hdr=Set-Cookie:%20c=d',
  'body=20',
  'body=0',
  'die=1',
  'deny=1',
  'var=USER_NAME:bob',
  'var=SCRIPT_NAME:x&var=a-b:c',
  'hdr=X-Sendfile:%20@ROOT@/send/a.txt',
  'hdr=X-Sendfile:%20@ROOT@/send/b.html',
  'hdr=X-Sendfile:%20@ROOT@/send/none',
  'hdr=X-Sendfile:%20@ROOT@/send',
  'hdr=X-Sendfile:%20@ROOT@/www/../send/a.txt',
  'hdr=X-Sendfile:%20@ROOT@/www/info.php',
  'hdr=X-Sendfile:%20send/a.txt',
  'hdr=X-Sendfile:%20@ROOT@/send/%2561.txt',
  'hdr=X-LIGHTTPD-send-file:%20@ROOT@/send/a.txt',
  'hdr=X-Sendfile2:%20@ROOT@/send/a.txt%200-3',
  'hdr=X-Sendfile2:%20@ROOT@/send/a.txt%202-,%20@ROOT@/send/b.html%200-4',
  '%zz',
  'a=%2F%2f&b=%41',
  'a b',
  '[]=1'
)

const target = targetOf(mostly(one(...paths), rare, 5), queryOf(piece, one('?', '?x?y', '?a=%00')))

const header = headerOf(
  { weight: 4, names: hosts },
  {
    weight: 10,
    headers: [
      ['X-Test', '1'],
      ['X-Test', 'one'],
      ['x-test', 'two'],
      ['X_Test', 'under'],
      ['X-Empty', ''],
      ['Cookie', 'k=v'],
      ['cookie', 'l=w'],
      ['Referer', 'http://example.com/'],
      ['User-Agent', 'curl/8'],
      ['Accept-Language', 'de, en'],
      ['Content-Type', 'text/plain'],
      ['Proxy', 'http://evil.test/'],
      ['Range', 'bytes=0-4'],
      ['Range', 'bytes=-3'],
      ['Range', 'bytes=2-'],
      ['Range', 'lines=1-2'],
      ['Range', 'bytes=9999-'],
      ['Authorization', 'Basic Ym9iOnNlY3JldA=='],
      ['Authorization', 'Basic YW5uOm90aGVy'],
      ['Authorization', 'Digest x'],
      ['Upgrade', 'websocket'],
      ['TE', 'trailers'],
      ['Expect', '100-continue'],
      ['X-a.b', 'dot'],
      ['If-None-Match', '"x"'],
      ['If-Modified-Since', 'Sat, 01 Jan 2000 00:00:00 GMT']
    ]
  }
)

const body = fc.constantFrom<Sent>(
  ...bodies,
  {
    body: '3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n',
    headers: [['Transfer-Encoding', 'chunked']]
  },
  { body: undefined, headers: [] }
)

export const requests = requestsOf({
  target,
  header,
  sameHeader: (name) => name,
  body,
  method: mostly(
    one('GET'),
    one('HEAD', 'OPTIONS', 'DELETE', 'PUT', 'get', 'FOO', 'TRACE', 'PROPFIND', 'CONNECT'),
    5
  ),
  bodyMethod: mostly(one('POST'), one('PUT', 'GET')),
  most: 50
})

/**
 * For authorizers: without what has a body, since 1.4.69 never sends the end of their input, without CONNECT, which it maps to a file
 * behind one, and without those that die: their 500 has no error handler.
 */
export function withoutBody(request: RecordedRequest): RecordedRequest {
  const ofBodies = ['content-length', 'transfer-encoding']
  const target = request.target.replaceAll('die=1', 'a=1')
  const headers = request.headers.filter(([name]) => !ofBodies.includes(name.toLowerCase()))
  return {
    ...request,
    target,
    method: ['POST', 'CONNECT'].includes(request.method) ? 'GET' : request.method,
    headers,
    body: undefined
  }
}

/**
 * For error handlers: the page of 1.4.69 stays as it is behind a range that is refused, under the status of the range; and a method
 * that it does not know counts as one that ranges are announced for.
 */
export function forHandler(request: RecordedRequest): RecordedRequest {
  const method = ['get', 'FOO'].includes(request.method) ? 'DELETE' : request.method
  return { ...request, method, headers: request.headers.filter(([, value]) => value !== 'bytes=9999-') }
}

/** For bodies that are passed on while they come: whether chunks have all come by then hangs on time. */
export function withoutChunks(request: RecordedRequest): RecordedRequest {
  return request.headers.some(([name]) => name === 'Transfer-Encoding')
    ? { ...request, headers: [], body: 'hello' }
    : request
}
