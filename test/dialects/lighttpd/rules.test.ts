import { describe, expect, test } from 'vitest'
import type { Decision, PasswordVerdict, Request } from '../../../src/decide/index.js'
import { readLighttpd } from '../../../src/dialects/lighttpd/index.js'
import { decide, tree } from './decided.js'
import { memory } from './memory.js'

const modules = ['rewrite', 'redirect', 'setenv', 'auth', 'evhost', 'fastcgi'].map((name) => `"mod_${name}"`)
const frame = [
  'server.document-root = "/www"',
  'server.port = 8080',
  `server.modules = ( ${modules.join(', ')} )`,
  'fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )'
].join('\n')

const files = tree({
  '/www/a.php': '',
  '/www/err.php': '',
  '/www/plain.txt': 'plain',
  '/vh/example.org/www/a.php': '',
  '/users': 'bob:secret\nann:pw\n'
})

function decided(
  config: string,
  target: string,
  more: Partial<Request> = {},
  verdict: PasswordVerdict = 'yes'
): Decision {
  return decide(`${frame}\n${config}`, files, target, more, verdict)
}

/** `fastcgi URI`, `file PATH STATUS`, `STATUS LOCATION`, `STATUS`. */
function brief({ outcome }: Decision): string {
  switch (outcome.kind) {
    case 'fastcgi':
      return `fastcgi ${param(outcome.params, 'SCRIPT_NAME')}?${param(outcome.params, 'QUERY_STRING')}`
    case 'file':
      return `file ${outcome.path} ${String(outcome.status)}`
    case 'redirect':
      return `${String(outcome.status)} ${outcome.location}`
    case 'status':
      return String(outcome.status)
    case 'password':
    case 'count':
    case 'close':
    case 'counters':
    case 'listing':
    case 'http':
    case 'unsupported':
      return outcome.kind
  }
}

type Params = Extract<Decision['outcome'], { kind: 'fastcgi' }>['params']

function param(params: Params, name: string): string {
  return params.findLast((one) => one.name === name)?.value ?? 'none'
}

function paramsOf({ outcome }: Decision): Params {
  return outcome.kind === 'fastcgi' ? outcome.params : []
}

describe('rules', () => {
  test.each([
    ['url.rewrite-once = ( "^/x/([^?]*)" => "/a.php?p=$1${qsa}" )', '/x/1?q=2', 'fastcgi /a.php?p=1&q=2'],
    ['url.rewrite-once = ( "^/x/([^?]*)" => "/a.php?p=$1${qsa}" )', '/x/1', 'fastcgi /a.php?p=1'],
    [
      'url.rewrite-once = ( "^/x/(.*)" => "/a.php?p=${esc:1}&u=${noesc:toupper:1}" )',
      '/x/b/',
      'fastcgi /a.php?p=b%2F&u=b/'
    ],
    ['url.rewrite-once = ( "^/plain" => "", "^/" => "/a.php" )', '/plain.txt', 'file /www/plain.txt 200'],
    ['url.rewrite-once = ( "^/b" => "/c", "^/c" => "/a.php" )', '/b', '404'],
    ['url.rewrite-repeat = ( "^/b" => "/c", "^/c" => "/a.php" )', '/b', 'fastcgi /a.php?'],
    ['url.rewrite-if-not-file = ( "^/" => "/a.php" )', '/plain.txt', 'file /www/plain.txt 200'],
    ['url.rewrite-if-not-file = ( "^/" => "/a.php" )', '/none', 'fastcgi /a.php?'],
    [
      'url.redirect = ( "^/o(.*)" => "//${url.authority}$1${qsa}" )',
      '/o/p?k=1',
      '301 //www.example.org/p?k=1?k=1'
    ],
    ['url.redirect = ( "^/o" => "/n" )\nurl.redirect-code = 308', '/o', '308 /n'],
    ['url.redirect = ( "^/o" => "/n" )\nurl.redirect-code = 42', '/o', '301 /n'],
    [
      '$HTTP["host"] =~ "^www\\.(.*)" { url.redirect = ( "^(.*)" => "//%1$1" ) }',
      '/o',
      '301 //example.org/o'
    ],
    [
      '$HTTP["host"] == "www.example.org" { url.redirect = ( "^/" => "//x.%0/" ) }',
      '/',
      '301 //x.www.example.org/'
    ]
  ])('%s makes of %s: %s', (config, target, expected) => {
    expect(brief(decided(config, target))).toBe(expected)
  })

  test('a part that is not read is told, and its rule does nothing', () => {
    const text = `${frame}\nurl.redirect = ( "^/" => "/\${unknown:1}" )\n`
    const { diagnostics } = readLighttpd('/a.conf', memory({ '/a.conf': text }), { name: 'lighttpd' })
    expect(diagnostics.map(({ code }) => code)).toEqual(['lighttpd/replacement'])
  })
})

describe('what answers for errors', () => {
  const handler = 'server.error-handler = "/err.php"'
  const old = 'server.error-handler-404 = "/err.php"'

  test.each([
    [handler, '/none', {}, ['GET', '404', '0']],
    [handler, '/%ff', {}, ['GET', '400', '0']],
    [handler, '/none', { method: 'PUT', body: { kind: 'length', bytes: 3 } as const }, ['GET', '404', '0']],
    [old, '/none', { method: 'PUT', body: { kind: 'length', bytes: 3 } as const }, ['PUT', '404', '3']]
  ])('%s for %s', (config, target, more, expected) => {
    const params = paramsOf(decided(config, target, more))
    const names = ['REQUEST_METHOD', 'REDIRECT_STATUS', 'CONTENT_LENGTH']
    expect(names.map((name) => param(params, name))).toEqual(expected)
    expect(params.filter(({ name }) => name === 'REDIRECT_STATUS')).toHaveLength(1)
  })

  test.each([
    ['server.error-handler = "/plain.txt"', '/none', 'file /www/plain.txt 404'],
    ['server.error-handler = "/nothing"', '/none', '404'],
    [old, '/%ff', '400']
  ])('%s for %s gives %s', (config, target, expected) => {
    expect(brief(decided(config, target))).toBe(expected)
  })
})

describe('what mod_setenv adds', () => {
  test('the inner list takes the place of the outer one', () => {
    const config =
      'setenv.add-environment = ( "A" => "1" )\n$HTTP["url"] =^ "/a" { setenv.add-environment = ( "b-c" => "2" ) }'
    const params = paramsOf(decided(config, '/a.php'))
    expect([param(params, 'A'), param(params, 'B_C')]).toEqual(['none', '2'])
  })

  test('headers are added behind a comma, set, and taken away', () => {
    const config =
      'setenv.add-request-header = ( "X-A" => "2" )\nsetenv.set-request-header = ( "X-B" => "s", "X-C" => "" )'
    const headers = [
      ['Host', 'h'],
      ['X-A', '1'],
      ['X-B', '1'],
      ['X-C', '1']
    ] as const
    const params = paramsOf(decided(config, '/a.php', { headers }))
    expect(['HTTP_X_A', 'HTTP_X_B', 'HTTP_X_C'].map((name) => param(params, name))).toEqual([
      '1, 2',
      's',
      'none'
    ])
  })
})

describe('logins', () => {
  const config = [
    'auth.backend = "plain"',
    'auth.backend.plain.userfile = "/users"',
    'auth.require = ( "/a" => ( "method" => "basic", "realm" => "R", "require" => "user=bob" ) )'
  ].join('\n')
  const login = (text: string): Partial<Request> => ({
    headers: [
      ['Host', 'h'],
      ['Authorization', `Basic ${btoa(text)}`]
    ]
  })

  test.each([
    ['/a.php', {}, '401'],
    ['/a.php', login('bob:secret'), 'fastcgi /a.php?'],
    ['/a.php', login('ann:pw'), '401'],
    ['/plain.txt', {}, 'file /www/plain.txt 200']
  ])('%s with %j gives %s', (target, more, expected) => {
    expect(brief(decided(config, target, more))).toBe(expected)
  })

  test('the application is told who it is', () => {
    const params = paramsOf(decided(config, '/a.php', login('bob:secret')))
    expect(params.slice(-2).map(({ name, value }) => `${name}=${value}`)).toEqual([
      'REMOTE_USER=bob',
      'AUTH_TYPE=Basic'
    ])
  })

  test.each(['no', 'unknown-form'] as const)(
    'a password that is compared with "%s" opens nothing',
    (verdict) => {
      const shown = brief(decided(config, '/a.php', login('bob:wrong'), verdict))
      expect(shown).toBe(verdict === 'no' ? '401' : 'unsupported')
    }
  )

  test('a login that is kept elsewhere than in such a file lets nobody in', () => {
    const elsewhere = config.replaceAll('plain', 'ldap')
    expect(brief(decided(elsewhere, '/a.php', login('bob:secret')))).toBe('unsupported')
  })

  test('with nothing that says where they are is 500, and one that cannot be read 400', () => {
    expect(brief(decided(config.replace(/^auth.backend =.*$/m, ''), '/a.php'))).toBe('500')
    expect(brief(decided(config, '/a.php', login('bob')))).toBe('400')
  })
})

describe('requests', () => {
  test.each([
    ['evhost.path-pattern = "/vh/%0/%3"', '/a.php', {}, '/vh/example.org/www/a.php'],
    ['evhost.path-pattern = "/vh/%2.%1/%{3.1}ww"', '/a.php', {}, '/vh/example.org/www/a.php'],
    ['evhost.path-pattern = "/none/%_"', '/a.php', {}, '/www/a.php']
  ])('%s finds %s', (config, target, more, expected) => {
    expect(param(paramsOf(decided(config, target, more)), 'SCRIPT_FILENAME')).toBe(expected)
  })

  test.each([
    ['CONNECT', [['Host', 'h']] as const, '405'],
    [
      'GET',
      [
        ['Host', 'h'],
        ['Bad(', '1']
      ] as const,
      '400'
    ],
    [
      'GET',
      [
        ['Host', 'h'],
        ['X', 'a\u0001']
      ] as const,
      '400'
    ],
    [
      'GET',
      [
        ['Host', 'h'],
        ['Content-Type', 'a'],
        ['content-type', 'b']
      ] as const,
      '400'
    ],
    [
      'GET',
      [
        ['Host', 'h'],
        ['Content-Type', 'a'],
        ['content-type', 'a']
      ] as const,
      'fastcgi /a.php?'
    ]
  ])('%s with %j is %s', (method, headers, expected) => {
    expect(brief(decided('', '/a.php', { method, headers }))).toBe(expected)
  })

  test('without host-normalize the port stays, the letters do not', () => {
    const config = 'server.http-parseopts = ( "host-normalize" => "disable", "host-strict" => "disable" )'
    const params = paramsOf(decided(config, '/a.php', { headers: [['Host', 'A_b.c:80']] }))
    expect(param(params, 'HTTP_HOST')).toBe('a_b.c:80')
  })
})

describe('what a random search found', () => {
  test.each([
    ['an address with a mask of no bits fits nobody', '0.0.0.0/0', '200'],
    ['nor does one of too many', '192.0.2.1/33', '200'],
    ['one with a mask fits its network', '192.0.2.0/24', '403']
  ])('%s', (_name, network, expected) => {
    const modules = '"mod_access"'
    const config = `server.modules += ( ${modules} )\n$HTTP["remoteip"] == "${network}" { url.access-deny = ( "" ) }`
    expect(brief(decided(config, '/plain.txt'))).toBe(expected === '403' ? '403' : 'file /www/plain.txt 200')
  })

  test('where a block sets both names of the index, the old one counts', () => {
    const config =
      'server.modules += ( "mod_indexfile" )\nserver.indexfiles = ( "plain.txt" )\nindex-file.names = ( "a.php" )'
    expect(brief(decided(config, '/'))).toBe('file /www/plain.txt 200')
  })

  test('of a request whose target cannot be read the host is as it was sent, in lower case', () => {
    const headers = [['Host', 'Example.org.:81']] as const
    const decision = decided('server.error-handler = "/err.php"', '/%C0%af', { headers })
    const params = decision.outcome.kind === 'fastcgi' ? decision.outcome.params : []
    expect(params).toContainEqual({ name: 'HTTP_HOST', value: 'example.org.:81' })
    expect(params).toContainEqual({ name: 'SERVER_NAME', value: 'example.org.' })
  })

  test('of one whose first line cannot be read the headers say nothing', () => {
    expect(decided('server.error-handler = "/err.php"', 'a.php').headersRead).toEqual([])
    expect(decided('', '/a.php').headersRead).not.toEqual([])
  })
})
