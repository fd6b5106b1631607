import fc from 'fast-check'
import { bodies, headerOf, queryOf, requestsOf, targetOf } from '../requests.js'
import { mostly, one } from '../words.js'
import { hosts, paths } from './words.js'

/** Targets with all that clients write into them, and queries that steer the echo application. */

const rare = one(
  '/%61pp.fcgi',
  '/app.fcgi%2Fx',
  '/app.fcgi/x%2Fy',
  '/app.fcgi/x%2fy%20z',
  '//app.fcgi',
  '/app.fcgi//x/./y',
  '/app/../app.fcgi/z',
  '/../app.fcgi',
  '/app.fcgi%00',
  '/app.fcgi/%0a',
  '/app.fcgi/%c3%a9/%ff',
  '/app.fcgi/%zz',
  '/app.fcgi#frag',
  '/app.fcgi/%3Fx',
  '/app.fcgi/a+b&c;d=e',
  'app.fcgi',
  'http://localhost/app.fcgi',
  'http://example.com:81/app.fcgi/u',
  '/%',
  '/app.fcgi?'
)

const piece = one(
  'a=1',
  'x=%20y',
  'word',
  'status=404',
  'status=200',
  'status=302',
  'status=500',
  'status=204',
  'status=304',
  'status=abc',
  'hdr=X-A:%20b',
  'hdr=X-A:%20b&hdr=X-A:%20c',
  'hdr=Location:%20/app/data.txt',
  'hdr=Location:%20/app.fcgi/again',
  'hdr=Location:%20http://other.test/',
  'hdr=Location:%20elsewhere',
  'hdr=Content-Type:%20text/css',
  'hdr=Set-Cookie:%20a=b&hdr=Set-Cookie:%20c=d',
  'hdr=ETag:%20%22x%22',
  'hdr=bad%20header',
  'hdr=X-Sendfile:%20/etc/passwd',
  'body=20',
  'body=0',
  'die=1',
  'deny=1',
  'var=WHO:bob',
  'var=SCRIPT_NAME:x&var=a-b:c'
)

const target = targetOf(mostly(one(...paths), rare, 6), queryOf(piece, one('?', '?x?y', '?[]=a b'), 12))

const header = headerOf(
  { weight: 3, names: hosts },
  {
    weight: 7,
    headers: [
      ['X-Test', '1'],
      ['x-test', 'one'],
      ['X_Under', 'u'],
      ['X-a.b', 'dot'],
      ['X-Empty', ''],
      ['Cookie', 'k=v'],
      ['User-Agent', 'curl/8'],
      ['Content-Type', 'text/plain'],
      ['Proxy', 'http://evil.test/'],
      ['Authorization', 'Basic Ym9iOnNlY3JldA=='],
      ['Authorization', 'Basic Ym9iOndyb25n'],
      ['Authorization', 'Bearer x'],
      ['Proxy-Authorization', 'Basic eA=='],
      ['Keep-Alive', '5'],
      ['TE', 'trailers'],
      ['Upgrade', 'x'],
      ['Expect', '100-continue'],
      ['If-None-Match', '"x"'],
      ['Range', 'bytes=0-3']
    ]
  }
)

const body = fc.constantFrom(...bodies)

export const requests = requestsOf({
  target,
  header,
  sameHeader: (name) => name.toLowerCase(),
  body,
  method: mostly(one('GET'), one('HEAD', 'DELETE', 'PUT', 'get', 'FOO', 'PROPFIND'), 6),
  bodyMethod: one('POST'),
  most: 60
})
