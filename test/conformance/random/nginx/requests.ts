import fc from 'fast-check'
import { bodies, headerOf, queryOf, requestsOf, type Sent, targetOf } from '../requests.js'
import { mostly, one } from '../words.js'
import { hosts, paths } from './words.js'

/** Targets with all that clients write into them, and queries that steer the echo application. */

const rare = one(
  '*',
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
  '/info%zz.php',
  '/info.php#frag',
  '/info.php%3Fx',
  '/app/a+b',
  '/app/a%2bb%26c',
  '/app/a[1]{2}|"x',
  'info.php',
  'http://localhost/info.php',
  'http://example.com/app/info.php?a=1',
  'http://example.com',
  '/info.php/',
  '/info.php/%20/x',
  '/app/x;y=1',
  '/.',
  '/..',
  '/app/.',
  '/app/..',
  '/info.php?',
  '/%',
  '/a b.txt',
  '/\\x'
)

const piece = one(
  'a=1',
  'id=7',
  'v=x%20y',
  'status=404',
  'status=404',
  'status=200',
  'status=302',
  'status=500',
  'status=503',
  'status=403',
  'status=401&hdr=WWW-Authenticate:%20x',
  'status=204',
  'status=304',
  'hdr=X-A:%20b',
  'hdr=Location:%20/moved',
  'hdr=Location:%20http://example.com/moved',
  'hdr=Content-Type:%20text/css',
  'hdr=Set-Cookie:%20a=b&hdr=Set-Cookie:%20c=d',
  'hdr=X-Accel-Redirect:%20/app/x.txt',
  'hdr=X-Accel-Redirect:%20/info.php?b=2',
  'hdr=X-Accel-Redirect:%20@named&hdr=X-A:%20b',
  'hdr=X-Accel-Redirect:%20/none',
  'hdr=X-Accel-Redirect:%20/app/../info.php',
  'body=20',
  'body=0',
  'die=1',
  '%zz',
  'a=%2F%2f&b=%41',
  '[]=1',
  'id=',
  'ID=5&id=6'
)

const target = targetOf(mostly(one(...paths), rare, 5), queryOf(piece, one('?', '?x?y', '?a=%00', '?&&')))

const header = headerOf(
  { weight: 4, names: hosts },
  {
    weight: 10,
    headers: [
      ['X-Test', '1'],
      ['X-Test', 'one'],
      ['X_Test', 'under'],
      ['X-Empty', ''],
      ['Cookie', 'k=v'],
      ['Cookie', 'j=1; K=w'],
      ['Referer', 'http://example.com/'],
      ['Content-Type', 'text/plain'],
      ['Proxy', 'http://evil.test/'],
      ['Range', 'bytes=0-4'],
      ['Range', 'bytes=-3'],
      ['Range', 'bytes=900000-'],
      ['Range', 'lines=1-2'],
      ['X-Real-IP', '10.1.2.3'],
      ['X-Forwarded-For', '10.1.2.3, 127.0.0.1'],
      ['Authorization', 'Basic Ym9iOnNlY3JldA=='],
      ['Authorization', 'Basic YW5uOnNlY3JldA=='],
      ['Authorization', 'Digest x'],
      ['X-a.b', 'dot'],
      ['If-None-Match', '"x"'],
      ['If-None-Match', '*'],
      ['If-Match', '"x"'],
      ['If-Modified-Since', 'Sat, 01 Jan 2000 00:00:00 GMT']
    ]
  }
)

const body = fc.constantFrom<Sent>(
  ...bodies,
  { body: undefined, headers: [] },
  { body: 'abc', headers: [['Content-Length', '3x']] },
  { body: 'abc', headers: [['Transfer-Encoding', 'gzip']] }
)

export const requests = requestsOf({
  target,
  header,
  sameHeader: (name) => name,
  body,
  method: mostly(one('GET'), one('HEAD', 'OPTIONS', 'DELETE', 'PUT', 'get', 'FOO', 'TRACE'), 5),
  bodyMethod: mostly(one('POST'), one('PUT', 'GET')),
  most: 50
})
