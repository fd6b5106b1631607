import { expect, test } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import type { Decision, Outcome } from '../../../src/decide/types.js'
import { request, surroundings } from '../../decide/sites.js'
import { inServer, read } from './reading.js'

/** What a server with these directives answers, read and decided. */
function answerTo(
  target: string,
  server: string,
  { method = 'GET', http = '', files = [], included = {} }: Partial<Parts> = {}
): Outcome {
  return decisionFor(target, server, { method, http, files, included }).outcome
}

function decisionFor(
  target: string,
  server: string,
  { method = 'GET', http = '', files = [], included = {} }: Partial<Parts> = {}
): Decision {
  const { site } = read(inServer(server, http), included)
  const asked = { ...request(target), method, listener: site.listeners[0]?.id ?? '' }
  return compile(site).decide(asked, surroundings(files))
}

interface Parts {
  readonly method: string
  readonly http: string
  readonly files: readonly string[]
  readonly included: Readonly<Record<string, string>>
}

const hostnames = `map $arg_h $made { hostnames; default none; a.org exact; a.* tail; *.a.org head;
  *.b.a.org longer; .c.org both; ~^d regex; }`

test.each([
  ['a.org', 'exact'],
  ['a.org.', 'exact'],
  ['a.net', 'tail'],
  ['x.a.org', 'head'],
  ['x.b.a.org', 'longer'],
  ['c.org', 'both'],
  ['x.c.org.', 'both'],
  ['d.org', 'regex'],
  ['e.org', 'none']
])('in a map of host names %s is %s', (host, body) => {
  const server = 'location / { return 200 $made; }'
  expect(answerTo(`/?h=${host}`, server, { http: hostnames })).toMatchObject({ body })
})

test('rules that an include brings into limit_except hold', () => {
  const server = 'root /srv; location / { limit_except GET { include deny.conf; } }'
  const parts = { included: { '/etc/nginx/deny.conf': 'deny all;' }, files: ['/srv/a'] }
  expect(answerTo('/a', server, { ...parts, method: 'POST' })).toMatchObject({ kind: 'status', status: 403 })
  expect(answerTo('/a', server, parts)).toMatchObject({ kind: 'file', path: '/srv/a' })
})

test('a file that a try list finds below the alias of an expression is the one that is sent', () => {
  const server = 'location ~ ^/a { alias /srv/files; try_files $uri =404; }'
  const files = ['/srv/files/a.html']
  expect(answerTo('/a.html', server, { files })).toMatchObject({ kind: 'file', path: '/srv/files/a.html' })
})

test.each([
  ['an answer without a text', 'return 204;', { kind: 'status', status: 405, body: '' }],
  ['a text', 'return 200 sorry;', { kind: 'status', status: 405, body: 'sorry' }],
  ['a redirect', 'return 302 /y;', { kind: 'redirect', status: 302 }],
  ['a further error', 'return 404;', { kind: 'status', status: 404 }]
])('the page of an error that is %s', (_, page, outcome) => {
  const server = `error_page 405 /page; location / { return 405; } location /page { ${page} }`
  expect(answerTo('/', server)).toMatchObject(outcome)
})

test('what answers in place of a redirect tells where it led', () => {
  const server = `error_page 302 /page; location / { return 302 /y; } location /page { return 200 moved; }`
  const { outcome, addedHeaders } = decisionFor('/', server)
  expect(outcome).toMatchObject({ status: 302, body: 'moved' })
  expect(addedHeaders(undefined)).toMatchObject([
    { name: 'Location', value: expect.stringMatching(/\/y$/) as unknown }
  ])
})

test('an error page answers for a request that cannot be read', () => {
  const server = 'error_page 400 =200 /page; location /page { return 200 sorry; }'
  expect(answerTo('/%00', server)).toMatchObject({ status: 200, body: 'sorry' })
})

test('the name of a server that is an expression is told as it is written', () => {
  const server = 'server_name ~^EXAMPLE; location / { return 200 $server_name; }'
  expect(answerTo('/', server)).toMatchObject({ body: '~^EXAMPLE' })
})

test.each([
  ['[v1.!$&]', true],
  ['-a-.b', true],
  ['a_b', false],
  ['[v1/]', false],
  ['a..b', false]
])('the host %s of an absolute target', (host, allowed) => {
  const outcome = answerTo(`http://${host}/`, 'location / { return 200 $host; }')
  expect(outcome).toMatchObject(allowed ? { status: 200, body: host } : { status: 400 })
})

test('cookies and forwarded addresses that come again are joined in variables, of others the first one counts', () => {
  const twice = ['Cookie', 'X-Forwarded-For', 'X-Other'].flatMap((name) => [
    [name, 'a'] as const,
    [name, 'b'] as const
  ])
  const { site } = read(
    inServer('location / { return 200 "$http_cookie|$http_x_forwarded_for|$http_x_other"; }')
  )
  const asked = request('/', { headers: [['Host', 'a'], ...twice], listener: site.listeners[0]?.id ?? '' })
  expect(compile(site).decide(asked, surroundings([])).outcome).toMatchObject({ body: 'a; b|a, b|a' })
})

test.each([
  ['GET', undefined],
  ['TRACE', true],
  ['get', true]
])('a request with the method %s is refused before anything is looked for: %s', (method, refused) => {
  expect(decisionFor('/', 'location / { return 200 a; }', { method }).refused).toBe(refused)
})
