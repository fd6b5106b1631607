import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import type { Decision, History, Outcome } from '../../../src/decide/types.js'
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

test.each([
  [
    'several of some names',
    'add_header Link a; add_header Link b; add_header A $sent_http_link;',
    200,
    'a, b'
  ],
  ['the first one of others', 'add_header B a; add_header B b; add_header A $sent_http_b;', 200, 'a'],
  ['none that the status leaves out', 'add_header B a; add_header A $sent_http_b always;', 500, ''],
  ['none that stand behind', 'add_header A $sent_http_b; add_header B a;', 200, '']
])('a header made of those before it sees %s', (_, server, status, value) => {
  const { addedHeaders } = decisionFor('/', server)
  const added = addedHeaders({ status: '', headers: [], sent: { status, headers: [] } })
  expect(added.find(({ name }) => name === 'A')).toMatchObject({ value })
})

test.each([
  ['limit_rate 2k; limit_rate_after 1k;', 2048, 1024],
  ['limit_rate $arg_r; limit_rate_after $arg_a;', 3072, 10],
  ['limit_rate $arg_none;', 0, 0],
  ['limit_rate 2k; set $limit_rate $arg_r;', 3072, 0],
  ['limit_rate 2k; set $limit_rate 0;', 0, 0],
  ['limit_rate 2k; set $limit_rate fast;', 2048, 0]
])('%s sends %i bytes a second behind %i', (server, bytesPerSecond, after) => {
  const { sendRate } = decisionFor('/?r=3k&a=10', server)
  expect(sendRate(undefined)).toEqual({ bytesPerSecond, after })
})

test('a file of logins with a variable stands in the folder of the configuration', () => {
  const server = 'auth_basic a; auth_basic_user_file $arg_f; return 200 a;'
  expect(read(inServer(server)).site.root.children[0]?.settings).toContainEqual(
    expect.objectContaining({
      key: 'authentication',
      value: expect.objectContaining({
        logins: expect.objectContaining({
          path: [
            { kind: 'text', text: '/etc/nginx/' },
            { kind: 'argument', name: 'f' }
          ]
        }) as unknown
      }) as unknown
    })
  )
})

describe('limits', () => {
  const zones = `limit_req_zone $arg_k zone=r:1m rate=30r/m; limit_conn_zone $uri zone=c:1m;`
  const php = 'fastcgi_pass unix:/app;'
  const location = `location / { limit_req zone=r burst=5 nodelay; limit_conn c 3; ${php} }`

  function limited(server: string, target: string, history: Partial<History> = {}): Outcome {
    const { site } = read(inServer(server, zones))
    const asked = { ...request(target), listener: site.listeners[0]?.id ?? '' }
    return compile(site).decide(asked, surroundings([]), { authorized: [], redirects: [], ...history })
      .outcome
  }

  test('are asked of in turn, with what counts and by what', () => {
    expect(limited(location, '/x?k=1')).toMatchObject({
      kind: 'count',
      counts: 'requests',
      asked: [{ limit: { burst: 5, undelayed: 'all' }, zone: { name: 'r', rate: 500 }, key: '1' }]
    })
    const passed = { requests: { verdict: 'delayed', redirects: 0 } } as const
    expect(limited(location, '/x?k=1', { limited: passed })).toMatchObject({
      counts: 'connections',
      asked: [{ limit: { most: 3 }, key: '/x' }]
    })
    const both = { ...passed, connections: { verdict: 'passed', redirects: 0 } } as const
    expect(limited(location, '/x?k=1', { limited: both })).toMatchObject({ kind: 'fastcgi' })
  })

  test.each([
    ['an empty key', location, '/x', { counts: 'connections' }],
    ['an answer of the rewrite phase', 'limit_req zone=r; return 200 a;', '/?k=1', { body: 'a' }]
  ])('are not asked of with %s', (_, server, target, outcome) => {
    expect(limited(server, target)).toMatchObject(outcome)
  })

  const refused = { requests: { verdict: 'refused', redirects: 0 } } as const
  const error = `limit_req zone=r; location / { error_page 503 /e; limit_req_status 503; ${php} }`

  test.each([
    ['503', `limit_req zone=r; location / { ${php} }`, { status: 503 }],
    ['its own status', `limit_req_status 429; limit_req zone=r; location / { ${php} }`, { status: 429 }],
    ['the page of that error', `${error} location /e { ${php} }`, { kind: 'fastcgi', status: 503 }]
  ])('a refused request gets %s', (_, server, outcome) => {
    expect(limited(server, '/?k=1', { limited: refused })).toMatchObject(outcome)
  })

  test('what was said ahead of an internal redirect says nothing behind it', () => {
    const redirects = [{ kind: 'uri', uri: '/y?k=1' }] as const
    const server = `limit_req zone=r; location / { ${php} }`
    expect(limited(server, '/x?k=1', { limited: refused, redirects })).toMatchObject({ kind: 'fastcgi' })
  })

  test('what only counts refuses nobody, and says so', () => {
    const limited = { requests: { ...refused.requests, dryRun: true } } as const
    const { site } = read(
      inServer(
        `limit_req zone=r; limit_req_dry_run on; location / { ${php} } add_header A $limit_req_status;`,
        zones
      )
    )
    const asked = { ...request('/?k=1'), listener: site.listeners[0]?.id ?? '' }
    const router = compile(site)
    expect(router.decide(asked, surroundings([])).outcome).toMatchObject({ kind: 'count', dryRun: true })
    const { outcome, addedHeaders } = router.decide(asked, surroundings([]), {
      authorized: [],
      redirects: [],
      limited
    })
    expect(outcome).toMatchObject({ kind: 'fastcgi' })
    expect(addedHeaders(undefined)).toMatchObject([{ value: 'REJECTED_DRY_RUN' }])
  })
})

test.each([
  [' /a', '/a'],
  ['/a  ', '/a'],
  ['  /a ', '/a']
])('blanks around the target `%s` are no part of it', (target, body) => {
  const server = 'location / { return 200 $request_uri; }'
  expect(answerTo(target, server)).toMatchObject({ status: 200, body })
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

describe('what is not decided has no answer, and nothing else loses its own', () => {
  const app = 'fastcgi_pass 127.0.0.1:9000;'
  const undecided = (what: string): object => ({ kind: 'unsupported', what: `\`${what}\`` })

  test.each<[string, string, Partial<Parts> & { readonly target?: string }, object]>([
    [
      'a charset to change into another',
      'charset utf-8; source_charset koi8-r;',
      { files: ['/srv/a.txt'], target: '/a.txt' },
      undecided('source_charset koi8-r')
    ],
    [
      'one that is the same',
      'charset UTF-8; source_charset utf-8;',
      { files: ['/srv/a.txt'], target: '/a.txt' },
      { kind: 'file' }
    ],
    [
      'one that is told to nobody',
      'charset off; source_charset koi8-r;',
      { files: ['/srv/a.txt'], target: '/a.txt' },
      { kind: 'file' }
    ],
    ['a method of WebDAV', 'dav_methods PUT;', { method: 'PUT' }, undecided('dav_methods PUT')],
    ['a method that WebDAV does not take', 'dav_methods PUT;', { method: 'DELETE' }, { status: 405 }],
    [
      'WebDAV where an application answers',
      `dav_methods PUT; ${app}`,
      { method: 'PUT' },
      { kind: 'fastcgi' }
    ],
    ['includes of the server', `ssi on; ${app}`, {}, undecided('ssi on')],
    ['text replaced', 'sub_filter a b;', { files: ['/srv/a'], target: '/a' }, undecided('sub_filter a b')],
    ['a copy of each request', `mirror /m; ${app}`, {}, undecided('mirror /m')],
    ['answers kept as files', `fastcgi_store on; ${app}`, {}, undecided('fastcgi_store on')],
    [
      'links looked at',
      'disable_symlinks on;',
      { files: ['/srv/a'], target: '/a' },
      undecided('disable_symlinks on')
    ],
    ['links looked at where no file is', `disable_symlinks on; ${app}`, {}, { kind: 'fastcgi' }],
    [
      'headers of another module',
      'more_set_headers "A: b"; return 200 a;',
      {},
      undecided('more_set_headers "A: b"')
    ],
    ['a rate of the answer', 'set $limit_rate 1k; return 200 $limit_rate;', {}, { body: '1024' }],
    ['a rate that is none', 'set $limit_rate 1x; return 200 $limit_rate;', {}, { body: '0' }],
    [
      'the key of another module',
      'set $memcached_key b; return 200 a;',
      {},
      undecided('set $memcached_key b')
    ],
    ['an argument set', 'set $arg_a "b $arg_a"; return 200 $arg_a;', { target: '/?a=c' }, { body: 'b c' }],
    [
      'an address of the client bound',
      `fastcgi_bind $remote_addr transparent; ${app}`,
      {},
      undecided('fastcgi_bind $remote_addr transparent')
    ],
    ['a proxy by its name', 'set_real_ip_from proxy.test;', {}, undecided('set_real_ip_from proxy.test')],
    ['a proxy by its address', 'set_real_ip_from 10.0.0.1; return 200 a;', {}, { body: 'a' }],
    ['a signed link', 'secure_link a; if ($secure_link) { return 403; }', {}, { kind: 'unsupported' }]
  ])('%s', (_, inLocation, { target = '/', files = ['/srv/'], ...parts }, outcome) => {
    const server = `root /srv; location / { ${inLocation} }`
    expect(answerTo(target, server, { ...parts, files })).toMatchObject(outcome)
  })

  test('an upstream that another module chooses from', () => {
    const http = 'upstream app { sticky cookie a; server 127.0.0.1:9000; }'
    expect(answerTo('/', 'location / { fastcgi_pass app; }', { http })).toEqual({
      ...undecided('sticky cookie a'),
      origin: expect.anything() as unknown
    })
  })

  test('an inner list replaces the outer one', () => {
    const server = 'ssi on; root /srv; location /a/ { ssi off; } location /b/ { }'
    const files = ['/srv/a/x', '/srv/b/x']
    expect(answerTo('/a/x', server, { files })).toMatchObject({ kind: 'file' })
    expect(answerTo('/b/x', server, { files })).toMatchObject(undecided('ssi on'))
  })
})

test.each<[string, string, Partial<Parts> & { readonly target?: string }, object]>([
  [
    'of a folder',
    'autoindex on;',
    { files: ['/srv/a'] },
    { kind: 'listing', folder: '/srv', form: { form: 'html' } }
  ],
  [
    'in another form',
    'autoindex on; autoindex_format JSON;',
    { files: ['/srv/a'] },
    { form: { form: 'json' } }
  ],
  ['that is off', 'autoindex off;', { files: ['/srv/a'] }, { status: 403 }],
  ['where there is an index', 'autoindex on;', { files: ['/srv/index.html'] }, { kind: 'file' }],
  ['where there is no folder', 'autoindex on;', { target: '/none/' }, { status: 404 }],
  ['with another method', 'autoindex on;', { method: 'PUT' }, { status: 405 }]
])('a list %s', (_what, directives, { target = '/', ...parts }, expected) => {
  expect(answerTo(target, `root /srv; ${directives} location / { }`, parts)).toMatchObject(expected)
})

test.each([
  ['1', 'rest'],
  ['10', 'three'],
  ['11', '.two'],
  ['13', '.one']
])('split_clients gives the share that nginx 1.22.1 gives for %s', (text, share) => {
  const http = 'split_clients "${arg_x}AAA" $v { 10% .one; 20.5% .two; 3.55% three; * rest; }'
  expect(answerTo(`/?x=${text}`, 'return 200 $v;', { http })).toMatchObject({ body: share })
})

test.each([
  [undefined, 200],
  ['x', 200],
  ['http://foo.test/', 200],
  ['HTTP://FOO.test:80/a', 200],
  ['http://a.example.com', 200],
  ['http://example.com', 403],
  ['https://www.google.com/', 200],
  ['http://www.bar.de/x', 200],
  ['http://path.test/in/a', 200],
  ['http://path.test/out', 403],
  ['http://evil.test/foo.test', 403]
])('a link from %s is answered with %s', (referer, status) => {
  const server = `server_name foo.test www.bar.*;
    valid_referers none blocked server_names *.example.com path.test/in ~\\.google\\.;
    location / { if ($invalid_referer) { return 403; } return 200 a; }`
  const { site } = read(inServer(server))
  const headers = [
    ['Host', 'foo.test'] as const,
    ...(referer === undefined ? [] : [['Referer', referer] as const])
  ]
  const asked = { ...request('/'), headers, listener: site.listeners[0]?.id ?? '' }
  expect(compile(site).decide(asked, surroundings([])).outcome).toMatchObject({ status })
})

test.each([
  [[], '127.0.0.1'],
  [['9.9.9.9'], '9.9.9.9, 127.0.0.1'],
  [['9.9.9.9', '8.8.8.8'], '9.9.9.9, 8.8.8.8, 127.0.0.1']
])('$proxy_add_x_forwarded_for behind %j', (told, body) => {
  const { site } = read(inServer('return 200 $proxy_add_x_forwarded_for$proxy_host$gzip_ratio;'))
  const headers = [['Host', 'a'] as const, ...told.map((each) => ['X-Forwarded-For', each] as const)]
  const asked = { ...request('/'), headers, listener: site.listeners[0]?.id ?? '' }
  expect(compile(site).decide(asked, surroundings([])).outcome).toMatchObject({ body })
})
