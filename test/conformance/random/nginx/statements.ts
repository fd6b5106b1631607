import fc from 'fast-check'
import { mostly } from '../words.js'
import { answered, text } from './words.js'

/** Directives with the key that says which others they cannot stand beside. */
export interface Statement {
  readonly key: string
  readonly text: string
}

interface Kind {
  readonly name: string
  readonly value: fc.Arbitrary<string>
  readonly weight: number
  /** Stands several times in one block. */
  readonly repeats?: true
}

const on = fc.constantFrom('on', 'off')
const place = fc.constantFrom(
  '/info.php',
  '/err.html',
  '/err.php',
  '/app/info.php',
  '/none',
  '/app/x.txt',
  '/index.php?q=$uri',
  '/info.php?$args',
  '/dir/',
  '$uri/',
  '/private/doc.txt'
)
const named = fc.constantFrom('@named', '@named', '@other', '@missing')
const status = fc.constantFrom('404', '403', '500', '502', '401', '418', '200', '204', '444')
const away = fc.constantFrom(
  'http://other.test$request_uri',
  '/moved$uri',
  '$scheme://$host/x',
  '/moved?$args'
)

const address = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('unix:@UNIX:a@', 'unix:@UNIX:b@', 'unix:@UNIX:c@') },
  { weight: 2, arbitrary: fc.constant('@TCPHOST:t@:@TCPPORT:t@') },
  { weight: 3, arbitrary: fc.constantFrom('one', 'two', 'three') },
  { weight: 1, arbitrary: fc.constantFrom('unix:@ROOT@/run/none.sock', 'unix:@UNIX:$arg_to@', '$later') }
)

const pattern = fc.constantFrom(
  '^/app/(.*)$',
  '^',
  '^/(.*)$',
  '\\.php$',
  '^/(app|dir)/([^/]*)',
  '(?i)INFO',
  '^/static/(.*)$',
  '^(/[^.]+\\.php)(/.*)?$',
  '^/none',
  '^(?<first>/[a-z]+)/',
  '/$'
)
const replacement = fc.constantFrom(
  '/info.php',
  '/info.php?p=$1',
  '/$1',
  '/app/$1',
  '/$2/$1',
  '/index.php/$1?',
  '$uri.php',
  '/err.html?',
  '/a%20b.txt',
  'http://other.test/$1',
  '/app/sub/',
  '/v-$v1',
  '/x?a=1&b=$arg_id',
  'noslash'
)
const replacedBy = fc
  .tuple(
    pattern,
    replacement,
    fc.constantFrom('', '', ' last', ' last', ' break', ' break', ' redirect', ' permanent')
  )
  .map(([from, to, flag]) => `${from} ${to}${flag}`)

const answer = fc.oneof(
  status,
  fc.tuple(fc.constantFrom('301', '302', '303', '307', '308'), away).map((both) => both.join(' ')),
  fc.tuple(status, text).map((both) => both.join(' ')),
  fc.constant('http://other.test/'),
  fc.constantFrom('301', '302 ""', '200 ""')
)

export const scripting: readonly Kind[] = [
  {
    name: 'set',
    value: fc.tuple(fc.constantFrom('$v1', '$v2', '$v1', '$args'), text).map((two) => two.join(' ')),
    weight: 4,
    repeats: true
  },
  { name: 'rewrite', value: replacedBy, weight: 8, repeats: true },
  { name: 'return', value: answer, weight: 3 },
  { name: 'break', value: fc.constant(''), weight: 1 }
]

const errorPage = fc
  .tuple(
    fc.constantFrom(
      '404',
      '403 404',
      '500 502 503',
      '404 =200',
      '404 =',
      '403 =',
      '502 =404',
      '401',
      '413',
      '418',
      '404 405 =302',
      '301',
      '400'
    ),
    fc.oneof({ weight: 4, arbitrary: place }, { weight: 2, arbitrary: named }, { weight: 1, arbitrary: away })
  )
  .map((both) => both.join(' '))

const tries = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        '$uri',
        '$uri/',
        '$uri.php',
        '/info.php',
        '$document_uri/index.html',
        '/none/',
        '$1',
        '/app/x.txt',
        '$v1'
      ),
      { minLength: 1, maxLength: 3 }
    ),
    fc.oneof(place, named, fc.constantFrom('=404', '=403', '=500', '/index.php$is_args$args'))
  )
  .map(([names, last]) => [...names, last].join(' '))

const param = fc
  .tuple(
    fc.constantFrom(
      'SCRIPT_FILENAME',
      'PATH_INFO',
      'SCRIPT_NAME',
      'A',
      'B',
      'HTTPS',
      'HTTP_X_TEST',
      'HTTP_PROXY',
      'QUERY_STRING',
      'X'
    ),
    text,
    mostly(fc.constant(''), fc.constant(' if_not_empty'), 4)
  )
  .map(([name, value, flag]) => `${name} ${value}${flag}`)

const headerName = fc.constantFrom(
  'X-Out',
  'X-A',
  'Content-Type',
  'Set-Cookie',
  'Location',
  'Cache-Control',
  'Last-Modified'
)

/** Settings that servers and locations take, and most of them `http` as well. */
export const settings: readonly Kind[] = [
  { name: 'fastcgi_param', value: param, weight: 8, repeats: true },
  { name: 'include', value: fc.constant('fastcgi_params'), weight: 2 },
  { name: 'fastcgi_index', value: fc.constantFrom('index.php', 'index.php', 'x/y'), weight: 3 },
  {
    name: 'fastcgi_split_path_info',
    value: fc.constantFrom('^(.+?\\.php)(/.*)$', '^(.+\\.php)(.*)$', '^(/app)(/.*)$', '^()(.*)$'),
    weight: 3
  },
  { name: 'error_page', value: errorPage, weight: 6, repeats: true },
  {
    name: 'root',
    value: fc.constantFrom(
      '@ROOT@/alt',
      '@ROOT@/www',
      '@ROOT@/www/',
      '@ROOT@/none',
      '@ROOT@/www/$v1',
      '@ROOT@/alt$first'
    ),
    weight: 3
  },
  {
    name: 'index',
    value: fc.constantFrom(
      'index.php',
      'index.html index.php',
      'info.php',
      '/info.php',
      'none.html',
      '$v1 index.php',
      'none.php index.html',
      'sub/a.txt'
    ),
    weight: 4
  },
  { name: 'allow', value: fc.constantFrom('127.0.0.1', '10.0.0.0/8', 'all'), weight: 1, repeats: true },
  {
    name: 'deny',
    value: fc.constantFrom('all', '127.0.0.0/8', '10.1.0.0/16', 'all'),
    weight: 1.5,
    repeats: true
  },
  { name: 'satisfy', value: fc.constantFrom('any', 'all'), weight: 0.7 },
  { name: 'auth_basic', value: fc.constantFrom('here', 'off', '"$host realm"'), weight: 1.2 },
  { name: 'auth_basic_user_file', value: fc.constantFrom('@ROOT@/users', '@ROOT@/none'), weight: 1.5 },
  {
    name: 'auth_request',
    value: fc.constantFrom('/info.php', '/private/doc.txt', '/app/auth', 'off', '/none'),
    weight: 0.8
  },
  {
    name: 'auth_request_set',
    value: fc.constantFrom('$v1 $upstream_http_x_a', '$v2 $upstream_status'),
    weight: 0.5,
    repeats: true
  },
  {
    name: 'add_header',
    value: fc
      .tuple(
        headerName,
        fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: answered }),
        fc.constantFrom('', ' always')
      )
      .map(([name, value, flag]) => `${name} ${value}${flag}`),
    weight: 4,
    repeats: true
  },
  { name: 'default_type', value: fc.constantFrom('text/html', 'application/x-y', '""'), weight: 1 },
  { name: 'charset', value: fc.constantFrom('utf-8', 'off', 'koi8-r'), weight: 0.7 },
  { name: 'client_max_body_size', value: fc.constantFrom('1', '1k', '0', '1m'), weight: 1 },
  { name: 'fastcgi_intercept_errors', value: on, weight: 3 },
  { name: 'recursive_error_pages', value: on, weight: 1.5 },
  {
    name: 'fastcgi_hide_header',
    value: fc.constantFrom('X-A', 'Content-Type', 'Set-Cookie'),
    weight: 1,
    repeats: true
  },
  {
    name: 'fastcgi_pass_header',
    value: fc.constantFrom('X-Accel-Redirect', 'Status', 'X-Accel-Charset'),
    weight: 0.5,
    repeats: true
  },
  {
    name: 'fastcgi_ignore_headers',
    value: fc.constantFrom('X-Accel-Redirect', 'X-Accel-Charset', 'Set-Cookie'),
    weight: 0.5
  },
  { name: 'fastcgi_pass_request_headers', value: on, weight: 0.5 },
  { name: 'fastcgi_pass_request_body', value: on, weight: 0.5 },
  {
    name: 'fastcgi_next_upstream',
    value: fc.constantFrom(
      'error http_500',
      'http_404 http_403',
      'off',
      'http_503 non_idempotent',
      'error timeout invalid_header'
    ),
    weight: 1
  },
  { name: 'fastcgi_next_upstream_tries', value: fc.constantFrom('1', '2'), weight: 0.5 },
  { name: 'fastcgi_force_ranges', value: on, weight: 0.5 },
  { name: 'absolute_redirect', value: on, weight: 1 },
  { name: 'port_in_redirect', value: on, weight: 0.7 },
  { name: 'server_name_in_redirect', value: on, weight: 0.7 },
  { name: 'etag', value: on, weight: 0.3 },
  { name: 'if_modified_since', value: fc.constantFrom('off', 'exact', 'before'), weight: 0.5 },
  { name: 'max_ranges', value: fc.constantFrom('0', '1', '3'), weight: 0.3 },
  {
    name: 'set_real_ip_from',
    value: fc.constantFrom('127.0.0.1', '127.0.0.0/8', '10.0.0.0/8'),
    weight: 0.5,
    repeats: true
  },
  { name: 'real_ip_header', value: fc.constantFrom('X-Real-IP', 'X-Forwarded-For'), weight: 0.5 },
  { name: 'real_ip_recursive', value: on, weight: 0.3 },
  { name: 'expires', value: fc.constantFrom('epoch', 'max', 'off', '-1'), weight: 0.7 }
]

const pass: Kind = { name: 'fastcgi_pass', value: address, weight: 14 }

/** Most locations are about this one. */
export const fastcgiPass: fc.Arbitrary<Statement> = address.map((to) => ({
  key: 'fastcgi_pass',
  text: `fastcgi_pass ${to};`
}))

export const inLocation: readonly Kind[] = [
  ...settings,
  ...scripting,
  pass,
  { name: 'try_files', value: tries, weight: 6 },
  {
    name: 'alias',
    value: fc.constantFrom('@ROOT@/alt/', '@ROOT@/alt', '@ROOT@/www/app/', '@ROOT@/alt/$1'),
    weight: 2
  },
  { name: 'internal', value: fc.constant(''), weight: 1 }
]

export const inServer: readonly Kind[] = [
  ...settings,
  ...scripting.map((kind) => ({ ...kind, weight: kind.weight / 3 })),
  { name: 'try_files', value: tries, weight: 1 },
  { name: 'merge_slashes', value: on, weight: 0.5 },
  { name: 'underscores_in_headers', value: on, weight: 0.5 },
  { name: 'ignore_invalid_headers', value: on, weight: 0.5 }
]

/** What an `if` of a location takes; one of a server only scripts. */
export const inIf: readonly Kind[] = [
  ...scripting.map((kind) => ({ ...kind, weight: kind.weight * 3 })),
  pass,
  ...settings.filter(({ name }) => ['error_page', 'add_header', 'root', 'expires', 'charset'].includes(name))
]

export function statements(kinds: readonly Kind[], maxLength: number): fc.Arbitrary<readonly Statement[]> {
  const one = fc.oneof(
    ...kinds.map(({ name, value, weight, repeats }) => ({
      weight: Math.max(1, Math.round(weight * 10)),
      arbitrary: value.map((words): Statement => {
        const written = words === '' ? `${name};` : `${name} ${words};`
        return { key: repeats === true ? written : name, text: written }
      })
    }))
  )
  return fc.uniqueArray(one, { selector: ({ key }) => (key === 'alias' ? 'root' : key), maxLength })
}

/** Lines that the server refuses, or takes in ways that surprise. */
export const oddLine = fc.constantFrom(
  'unknown_directive on;',
  'fastcgi_param A;',
  'fastcgi_pass unix:/x unix:/y;',
  'set v1 x;',
  'rewrite ^/(a $1;',
  'return 99999;',
  'fastcgi_intercept_errors yes;',
  'error_page 200 /x;',
  'client_max_body_size 1q;',
  'if ($v1 == x) { break; }',
  'set $uri x;',
  'fastcgi_param A $undefined;',
  'try_files $uri;',
  'listen 80 nonsense;',
  'root /a; root /b;',
  'server_name ~(;'
)
