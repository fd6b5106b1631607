import { describe, expect, test } from 'vitest'
import { convert } from '../../src/convert/index.js'
import type { Conversion, ConvertOptions } from '../../src/convert/index.js'
import type { DialectName, ReadIo } from '../../src/dialects/index.js'
import { dialectNames, loadDialect } from '../../src/dialects/index.js'

const nothingElse: ReadIo = {
  readFile: () => ({ kind: 'failed', why: 'missing', message: 'there is no such file' }),
  glob: () => [],
  filesBelow: () => undefined,
  kind: () => 'missing',
  environment: () => undefined
}

async function converted(
  from: DialectName,
  text: string,
  to: DialectName,
  more: Partial<ConvertOptions> = {}
): Promise<Conversion> {
  const [source, target] = [await loadDialect(from), await loadDialect(to)]
  const io: ReadIo = {
    ...nothingElse,
    readFile: (path) => (path === 'main.conf' ? { kind: 'text', text } : nothingElse.readFile(path))
  }
  const read = source.read('main.conf', io, { name: from })
  return convert(read, { from, to, fragment: true, ...more }, [source, target])
}

const lighttpd = (text: string): string =>
  `server.document-root = "/srv/www"\nserver.port = 8080\nserver.modules = ( "mod_access", "mod_fastcgi" )\n${text}\n`
const apache = (text: string): string =>
  `Listen 8080\nDocumentRoot /srv/www\n<Directory /srv/www>\n  Require all granted\n</Directory>\n${text}\n`
const nginx = (text: string): string =>
  `events {}\nhttp { server { listen 8080; root /srv/www;\n${text}\n} }\n`

/** The source, then for each target what its configuration must say so as not to be more open than the source. */
type Case = readonly [from: DialectName, text: string, closed: Readonly<Partial<Record<DialectName, RegExp>>>]

const refuses403 = /if \(\$refused(_\d)?\) \{\s+return 403;/
const denied = /Require all denied|<RequireNone>\s+Require all granted/
const onlyWithLogin = /<Location "\/members">(?:(?!granted)[\s\S])*?Require valid-user\s*<\/Location>/
const both = /<RequireAll>\s+Require ip 10\.0\.0\.0\/8\s+Require valid-user\s+<\/RequireAll>/
const denies = /url\.access-deny = \( "" \)/

const cases: Readonly<Record<string, Case>> = {
  'a refusal by the method': [
    'lighttpd',
    lighttpd('$HTTP["request-method"] == "DELETE" { url.access-deny = ( "" ) }'),
    { nginx: refuses403, 'apache-proxy-fcgi': denied, apache: denied, 'apache-fcgid': denied }
  ],
  'a refusal by the query': [
    'lighttpd',
    lighttpd('$HTTP["querystring"] =~ "secret" { url.access-deny = ( "" ) }'),
    { nginx: refuses403, 'apache-proxy-fcgi': denied }
  ],
  'a refusal where a header is missing': [
    'lighttpd',
    lighttpd('$REQUEST_HEADER["x-token"] != "a" { url.access-deny = ( "" ) }'),
    { nginx: refuses403, 'apache-proxy-fcgi': denied }
  ],
  'a refusal by address, then by URL': [
    'lighttpd',
    lighttpd('$HTTP["remoteip"] == "10.1.2.3" { $HTTP["url"] =~ "^/admin" { url.access-deny = ( "" ) } }'),
    { nginx: refuses403, 'apache-proxy-fcgi': denied }
  ],
  'what a CGI program answers': [
    'lighttpd',
    lighttpd('server.modules += ( "mod_cgi" )\ncgi.assign = ( ".pl" => "/usr/bin/perl" )'),
    {
      nginx: /location ~ \\\.pl\$ \{\s+return 403;/,
      lighttpd: /"url"\] =\$ "\.pl" \{\s+url\.access-deny = \( "" \)|url\.access-deny = \( "\.pl" \)/,
      'apache-proxy-fcgi': /\.pl\$/,
      apache: /\.pl\$/,
      'apache-fcgid': /\.pl\$/
    }
  ],
  'what an HTTP server answers, in one place, beside other refusals': [
    'lighttpd',
    lighttpd(
      'server.modules += ( "mod_proxy" )\nurl.access-deny = ( "~" )\n$HTTP["host"] == "x.org" { proxy.server = ( "/p" => (( "host" => "127.0.0.1" )) ) }'
    ),
    { nginx: /\/p.*\{\s+return 403;/, 'apache-proxy-fcgi': /\/p/ }
  ],
  'a login in a place that is open otherwise': [
    'apache',
    apache(
      '<Location /members>\nAuthType Basic\nAuthName M\nAuthBasicProvider file\nAuthUserFile /srv/pw\nRequire valid-user\n</Location>'
    ),
    {
      'apache-proxy-fcgi': onlyWithLogin,
      'apache-fcgid': onlyWithLogin,
      apache: onlyWithLogin,
      nginx: /auth_basic_user_file/
    }
  ],
  'a login around a place with rules on addresses': [
    'nginx',
    nginx(
      'location /m/ { auth_basic M; auth_basic_user_file /srv/pw; location /m/in/ { allow 10.0.0.0/8; deny all; } }'
    ),
    { 'apache-proxy-fcgi': both, 'apache-fcgid': both, apache: both }
  ],
  'a tree whose symbolic links are refused': [
    'lighttpd',
    lighttpd('server.follow-symlink = "disable"'),
    {
      nginx: /disable_symlinks on;/,
      lighttpd: /server\.follow-symlink = "disable"/,
      'apache-proxy-fcgi': /<Directory "\/srv\/www">\s+Options None/
    }
  ],
  'an authorizer behind a login': [
    'apache',
    apache(
      'FastCgiExternalServer /c -socket /s\n<Location /x>\nAuthType Basic\nAuthName R\nAuthUserFile /u\nFastCgiAuthorizer /c\nRequire valid-user\n</Location>'
    ),
    {
      lighttpd: denies,
      nginx: /deny all/,
      apache: denied,
      'apache-fcgid': denied,
      'apache-proxy-fcgi': denied
    }
  ],
  'a guard whose no is not final': [
    'apache',
    apache(
      'FastCgiExternalServer /c -socket /s\n<Location /x>\nFastCgiAccessChecker /c\nFastCgiAccessCheckerAuthoritative Off\n</Location>'
    ),
    {
      lighttpd: denies,
      nginx: /deny all/,
      apache: denied,
      'apache-fcgid': denied,
      'apache-proxy-fcgi': denied
    }
  ],
  'an authorizer for some addresses': [
    'lighttpd',
    lighttpd(
      '$HTTP["remoteip"] != "10.0.0.0/8" { fastcgi.server = ( "/members/" => (( "socket" => "/run/a.sock", "mode" => "authorizer", "docroot" => "/srv/m", "check-local" => "disable" )) ) }'
    ),
    { nginx: refuses403, 'apache-proxy-fcgi': denied, 'apache-fcgid': denied }
  ],
  'a program for some addresses, whose text would be sent without it': [
    'lighttpd',
    lighttpd(
      '$HTTP["remoteip"] == "10.0.0.0/8" { fastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" )) ) }'
    ),
    { nginx: refuses403 }
  ],
  'a refusal by the name of the file and its method': [
    'apache-proxy-fcgi',
    apache(
      `<FilesMatch "\\.secret$">\n  <If "%{REQUEST_METHOD} == 'POST'">\n    Require all denied\n  </If>\n</FilesMatch>`
    ),
    { nginx: refuses403, lighttpd: denies }
  ],
  'a refusal by a header in an expression': [
    'apache-proxy-fcgi',
    apache(`<If "%{HTTP:X-Token} != 'a'">\n  Require all denied\n</If>`),
    { nginx: refuses403, lighttpd: denies }
  ],
  'a permission for some addresses, by the name of the file': [
    'apache-proxy-fcgi',
    apache('<Files "*.inc">\n  Require ip 10.0.0.0/8\n</Files>'),
    { nginx: /deny all/, lighttpd: denies }
  ],
  'a login': [
    'nginx',
    nginx('location /x/ { auth_basic "x"; auth_basic_user_file /etc/logins; }'),
    {
      nginx: /auth_basic "x";\s+auth_basic_user_file \/etc\/logins;/,
      lighttpd: /auth\.require/,
      'apache-proxy-fcgi': /Require valid-user/
    }
  ],
  'URLs for inside only': [
    'nginx',
    nginx('location /i/ { internal; }'),
    {
      nginx: /internal;/,
      lighttpd: /=\^ "\/i\/" \{\s+url\.redirect = \( "" => "\/" \)\s+url\.redirect-code = 404/,
      'apache-proxy-fcgi': /Require env REDIRECT_STATUS/
    }
  ],
  'a refusal by an instruction': [
    'nginx',
    nginx('location /x/ { if ($http_x_token != a) { return 403; } }'),
    {
      nginx: /if \(\$http_x_token != a\)/,
      lighttpd: /"x-token"\] != "a" \{\s+url\.redirect = \( "" => "\/" \)\s+url\.redirect-code = 403/,
      'apache-proxy-fcgi': denied
    }
  ]
}

describe('what the source refuses the target does not let through', () => {
  const rows = Object.entries(cases).flatMap(([name, [from, text, closed]]) =>
    dialectNames.flatMap((to) => {
      const pattern = closed[to]
      return pattern === undefined ? [] : [{ name, from, text, to, pattern }]
    })
  )
  test.each(rows)('$name, for $to', async ({ from, text, to, pattern }) => {
    const { files, diagnostics } = await converted(from, text, to)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(files[0]?.text).toMatch(pattern)
  })
})

test('what is closed because the target cannot ask is lost, and the line says that it is closed', async () => {
  const [from, text] = cases['an authorizer for some addresses'] ?? ['lighttpd', '']
  const { ledger } = await converted(from, text, 'nginx')
  const line = ledger.find(({ directive }) => directive === 'fastcgi.server')
  expect(line).toMatchObject({ verdict: 'lost' })
  expect(line?.message).toContain('is closed')
})

describe('what a target cannot guard', () => {
  const open: readonly (readonly [what: string, from: DialectName, text: string, to: DialectName])[] = [
    ['another URL that must say yes', 'nginx', nginx('location / { auth_request /ask; }'), 'lighttpd'],
    [
      'another URL that must say yes',
      'nginx',
      nginx('location / { auth_request /ask; }'),
      'apache-proxy-fcgi'
    ],
    [
      'a login with a file that is computed',
      'nginx',
      nginx('location / { auth_basic x; auth_basic_user_file /etc/$host; }'),
      'lighttpd'
    ],
    [
      'an authorizer on a unix socket',
      'lighttpd',
      lighttpd('fastcgi.server = ( "/" => (( "socket" => "/run/a.sock", "mode" => "authorizer" )) )'),
      'apache-proxy-fcgi'
    ]
  ]

  test.each(open)(
    '%s (%s): closed and told as an error, or open where that is asked for',
    async (...given) => {
      const [, from, text, to] = given
      const closed = await converted(from, text, to)
      const opened = await converted(from, text, to, { allowOpen: true })
      const refusal = /url\.access-deny = \( "" \)|Require all denied/
      expect(closed.files[0]?.text).toMatch(refusal)
      expect(opened.files[0]?.text).not.toMatch(refusal)
      const errors = (of: Conversion): string[] =>
        of.ledger.flatMap(({ severity, verdict, message }) =>
          severity === 'error' ? [`${verdict}: ${message}`] : []
        )
      expect(errors(closed).join()).toMatch(/^lost: .*what it guards is closed/)
      expect(errors(opened).join()).toMatch(/^lost: .*what it guards is left open/)
    }
  )
})
