import fc from 'fast-check'
import { mostly } from '../words.js'
import * as fastcgi from './fastcgi.js'
import { list, oneQuoted, paths, quoted, table } from './words.js'

/** One assignment. A block holds a key once, or the server refuses it. */
export interface Statement {
  readonly key: string
  readonly text: string
}

interface Kind {
  readonly name: string
  readonly value: fc.Arbitrary<string>
  readonly weight: number
  readonly operator?: fc.Arbitrary<string>
}

const flag = fc.constantFrom('"enable"', '"disable"')
const suffixes = list(
  fc.array(oneQuoted('.inc', '.php', '.txt', '~', 'x', '/', '', '.html', '.PHP'), {
    minLength: 1,
    maxLength: 2
  })
)
const sum = mostly(fc.constant('='), fc.constantFrom('+=', ':='), 14)

const pattern = fc.constantFrom(
  '^/app/(.*)$',
  '^/static/(.*)$',
  '^/(.+)\\?(.*)$',
  '^/none',
  '\\.php$',
  '^/([^/?]+)/([^?]*)(?:\\?(.*))?$',
  '^/dir/?$',
  '',
  '^(?!/app/)',
  'info',
  'a=1'
)
const target = fc.constantFrom(
  '/info.php',
  '/info.php/$1',
  '/app/info.php?r=$1',
  '/info.php?p=$1&${qsa}',
  '/app/$1${qsa}',
  '/dir/sub/a.txt',
  '/$2',
  '/index.php?u=$0',
  '/app${url.path}?${url.query}',
  '/info.php?e=${esc:1}&n=${noesc:1}',
  '/${tolower:1}',
  '/info.php?q=${encb64u:1}',
  '/app/../info.php',
  '/a%%20b.txt',
  '/info.php?x=%%25',
  '/$',
  '/info.php?$3',
  ''
)
const rulesTo = (to: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  table(pattern, quoted(to), { minLength: 1, maxLength: 3 })
const rules = rulesTo(target)
/** What takes the query over and more would double it a hundred times: the real server's memory is full before. */
const repeatedRules = rulesTo(target.filter((text) => !/qsa|url\.|esc:|encb64u/.test(text)))

const redirectTarget = fc.constantFrom(
  '/new/$1',
  'http://example.com/$1',
  'http://example.com/x',
  '/new?u=${url.path}&${qsa}',
  '/new${qsa}',
  'http://${url.authority}${url.path}${qsa}',
  '${url.scheme}://h:${url.port}/',
  '/r?x=${esc:1}',
  '/$0',
  ''
)

const pairs = (names: readonly string[], values: readonly string[]): fc.Arbitrary<string> =>
  table(fc.constantFrom(...names), oneQuoted(...values), { minLength: 1, maxLength: 2 })

const handlers = oneQuoted(
  '/err.php',
  '/err.html',
  '/none.php',
  '/app/err',
  '/err.php?from=404',
  'err.php',
  ''
)

const kinds: readonly Kind[] = [
  { name: 'fastcgi.server', value: fastcgi.server, weight: 14, operator: sum },
  { name: 'fastcgi.map-extensions', value: fastcgi.mapExtensions, weight: 2 },
  { name: 'fastcgi.balance', value: fastcgi.balance, weight: 2 },
  {
    name: 'alias.url',
    value: table(
      fc.constantFrom('/static/', '/app/', '/private/', '/dir/sub', '/up/', '/static/', '/app/', '/app', '/'),
      oneQuoted('@ROOT@/alt/', '@ROOT@/alt', '@ROOT@/www/', '@ROOT@/none/', '@ROOT@/alt/app/'),
      { minLength: 1, maxLength: 3 }
    ),
    weight: 4,
    operator: sum
  },
  ...(
    [
      ['url.rewrite-once', 3],
      ['url.rewrite', 1],
      ['url.rewrite-repeat', 1],
      ['url.rewrite-final', 1],
      ['url.rewrite-if-not-file', 3],
      ['url.rewrite-repeat-if-not-file', 1]
    ] as const
  ).map(([name, weight]): Kind => ({ name, value: name.includes('repeat') ? repeatedRules : rules, weight })),
  {
    name: 'url.redirect',
    value: table(pattern, quoted(redirectTarget), { minLength: 1, maxLength: 2 }),
    weight: 3
  },
  {
    name: 'url.redirect-code',
    value: fc.constantFrom('302', '301', '308', '99', '1000', '0', '"307"'),
    weight: 1
  },
  { name: 'url.access-deny', value: suffixes, weight: 3 },
  { name: 'url.access-allow', value: suffixes, weight: 0.4 },
  {
    name: 'index-file.names',
    value: list(
      fc.array(oneQuoted('index.php', 'index.html', '/index.php', '/info.php', 'none.html', 'sub', ''), {
        maxLength: 3
      })
    ),
    weight: 5,
    operator: sum
  },
  { name: 'server.indexfiles', value: list(fc.tuple(oneQuoted('index.html', 'index.php'))), weight: 1 },
  { name: 'static-file.exclude-extensions', value: suffixes, weight: 2 },
  { name: 'static-file.disable-pathinfo', value: flag, weight: 1 },
  { name: 'server.error-handler-404', value: handlers, weight: 3 },
  { name: 'server.error-handler', value: handlers, weight: 2 },
  ...['add', 'set'].flatMap((verb): readonly Kind[] => [
    {
      name: `setenv.${verb}-environment`,
      value: pairs(['MY-VAR', 'trac_env', 'SCRIPT_NAME', 'X.y', 'REMOTE_USER'], ['1', '', 'a b']),
      weight: 2
    },
    {
      name: `setenv.${verb}-request-header`,
      value: pairs(
        ['X-New', 'x-new', 'X-Other', 'Content-Type', 'Proxy', 'Accept', 'X-Test', 'Referer', 'User-Agent'],
        ['1', '', 'two', 'k=v']
      ),
      weight: 2
    },
    {
      name: `setenv.${verb}-response-header`,
      value: pairs(['X-Out', 'x-out', 'Content-Type', 'Set-Cookie', 'Location'], ['1', '', 'text/plain']),
      weight: 2
    }
  ]),
  { name: 'server.name', value: oneQuoted('named.test', 'named.test:81', ''), weight: 2 },
  { name: 'server.tag', value: oneQuoted('tagged/1', ''), weight: 1 },
  { name: 'server.max-request-size', value: fc.constantFrom('1', '0', '"1"'), weight: 1 },
  { name: 'server.range-requests', value: flag, weight: 1 },
  {
    name: 'server.document-root',
    value: oneQuoted('@ROOT@/alt', '@ROOT@/www/', '@ROOT@/none', '@ROOT@/www/app/..'),
    weight: 2
  },
  {
    name: 'evhost.path-pattern',
    value: oneQuoted(
      '@ROOT@/hosts/%0/',
      '@ROOT@/hosts/%_/',
      '@ROOT@/hosts/%2/',
      '@ROOT@/hosts/%{2.0}/',
      '@ROOT@/hosts/%{2.1}ample/',
      '@ROOT@/hosts/%3/',
      '@ROOT@/hosts/%%'
    ),
    weight: 1
  },
  {
    name: 'auth.require',
    value: table(
      fc.constantFrom('/private/', '/private/doc.txt', '/private/', '/app', '/'),
      fc
        .constantFrom('valid-user', 'user=bob', 'user=bob|user=ann', 'user=nobody')
        .map((who) => `( "method" => "basic", "realm" => "here", "require" => "${who}" )`),
      { minLength: 1, maxLength: 2 }
    ),
    weight: 1
  },
  { name: 'auth.backend', value: oneQuoted('htpasswd', 'plain', ''), weight: 1 },
  { name: 'auth.backend.plain.userfile', value: fc.constant('"@ROOT@/users"'), weight: 1 },
  { name: 'auth.backend.htpasswd.userfile', value: fc.constant('"@ROOT@/htpasswd"'), weight: 1 },
  {
    name: 'simple-vhost.server-root',
    value: oneQuoted('@ROOT@/hosts/', '@ROOT@/hosts', '@ROOT@/www/', '@ROOT@/none/'),
    weight: 1
  },
  { name: 'simple-vhost.document-root', value: oneQuoted('pub', '/pub/', ''), weight: 0.5 },
  { name: 'simple-vhost.default-host', value: oneQuoted('example.com', 'none.test', ''), weight: 0.5 },
  { name: 'server.stream-request-body', value: fc.constantFrom('0', '1', '2'), weight: 0.5 }
]

export const statement: fc.Arbitrary<Statement> = fc.oneof(
  ...kinds.map(({ name, value, weight, operator }) => ({
    weight: weight * 10,
    arbitrary: fc.tuple(operator ?? fc.constant('='), value).map(([sign, text]) => ({
      key: name,
      text: `${name} ${sign} ${text}`
    }))
  }))
)

/** Rules with what the condition around them captured; elsewhere `%1` is what happens to lie in 1.4.69's memory. */
export const capturing: fc.Arbitrary<Statement> = fc
  .constantFrom(
    'url.redirect = ( "" => "/captured/%1?all=%0" )',
    'url.rewrite-once = ( "^/app/(.*)$" => "/info.php?c=%1&r=$1" )',
    'url.redirect = ( "^/none" => "http://%1.test${esc:0}/%%1%{1}" )'
  )
  .map((text) => ({ key: text.slice(0, text.indexOf(' ')), text }))

/** Most configurations are about this one. */
export const fastcgiServer: fc.Arbitrary<Statement> = fastcgi.server.map((value) => ({
  key: 'fastcgi.server',
  text: `fastcgi.server = ${value}`
}))

export const statements = (maxLength: number): fc.Arbitrary<readonly Statement[]> =>
  fc.uniqueArray(statement, { selector: ({ key }) => key, maxLength })

/** For the global scope only: 1.4.69 remembers a file's type for a second, whatever other blocks say of it. */
export const mediaTypes: fc.Arbitrary<Statement> = pairs(
  ['.txt', '.html', '.php', '', 'txt', '.sub/a.txt', '.jpg'],
  ['text/plain', 'text/html', 'image/jpeg', '']
).map((text) => ({ key: 'mimetype.assign', text: `mimetype.assign = ${text}` }))

/** For the global scope only. */
export const parseOptions = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('host-strict', 'host-normalize', 'method-get-body', 'url-path-2f-decode'),
      fc.constantFrom('"disable"', '"enable"')
    ),
    { selector: ([name]) => name, minLength: 1, maxLength: 3 }
  )
  .map((all) => ({
    key: 'server.http-parseopts',
    text: `server.http-parseopts = ( ${all.map(([name, value]) => `"${name}" => ${value}`).join(', ')} )`
  }))

/** Lines that the server takes in ways that surprise. */
export const oddLine = fc.constantFrom(
  '"a text alone"',
  '}',
  'var.unused = "x" "y"',
  'unknown.directive = "x"',
  'fastcgi.unknown = 1',
  'elseif $HTTP["url"] == "/none" { var.q = "x" }',
  'if $HTTP["url"] == "/none" { server.name = "by-if.test" }',
  'else { server.tag = "by-else" }',
  'var.r = var.undefined',
  ';',
  `server.name = 'single'`,
  'server.name == "doubled.test"',
  paths[0]
)
