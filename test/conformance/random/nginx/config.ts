import fc from 'fast-check'
import type { RecordedRequest, Setup } from '../../cases.js'
import { requests } from './requests.js'
import {
  fastcgiPass,
  inIf,
  inLocation,
  inServer,
  oddLine,
  scripting,
  settings,
  statements,
  type Statement
} from './statements.js'
import { backends, mostly } from '../words.js'
import { files } from './words.js'

/** Whole configurations: servers with locations of all kinds in each other, maps, and upstreams. */

const indented = (text: string): string => text.replace(/^/gm, '  ')
const block = (head: string, lines: readonly string[]): string =>
  lines.length === 0 ? `${head} { }` : `${head} {\n${indented(lines.join('\n'))}\n}`

const condition = fc.constantFrom(
  '($request_method = POST)',
  '($request_method != GET)',
  '($arg_id)',
  '($http_x_test ~ ^(.))',
  '($http_x_test !~ o)',
  '(!-f $request_filename)',
  '(-f $request_filename)',
  '(-d $request_filename)',
  '(!-e $request_filename)',
  '($uri ~* \\.php$)',
  '($uri ~ ^/(app|dir)/(.*)$)',
  '($v1 = x)',
  '($v1 = $v2)',
  '($host = example.com)',
  '($args ~ (id)=([0-9]+))',
  '($cookie_k)',
  '($kind = php)'
)

const seldomOdd = fc.oneof(
  { weight: 90, arbitrary: fc.constant<readonly string[]>([]) },
  { weight: 1, arbitrary: oddLine.map((line) => [line]) }
)

function ifs(inner: typeof inIf): fc.Arbitrary<string> {
  return fc.tuple(condition, statements(inner, 3)).map(([when, body]) => block(`if ${when}`, texts(body)))
}

const texts = (all: readonly Statement[]): readonly string[] => all.map(({ text }) => text)

const exception = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'GET POST', 'PUT'),
    fc.constantFrom('deny all;', 'allow 10.0.0.0/8; deny all;')
  )
  .map(([methods, body]) => `limit_except ${methods} { ${body} }`)

/** Heads by what they begin with, so that nested ones often fit. */
const heads = [
  '= /',
  '= /info.php',
  '= /app/',
  '= /app',
  '^~ /app',
  '^~ /static/',
  '/',
  '/app',
  '/app/',
  '/app/sub/',
  '/dir',
  '/dir/',
  '/private/',
  '/none',
  '/up/',
  '/index.php',
  '~ \\.php$',
  '~ \\.php(/|$)',
  '~* \\.PHP$',
  '~ ^/app/(.*)$',
  '~ ^(?<script>.+\\.php)(?<rest>/.*)?$',
  '~ ^(?<first>/[^/]+)/',
  '~ \\.(jpg|txt)$',
  '~ /$'
] as const

const namedHeads = ['@named', '@other'] as const

interface Location {
  readonly head: string
  readonly text: string
}

function withPass(maxLength: number): fc.Arbitrary<readonly Statement[]> {
  return fc
    .tuple(statements(inLocation, maxLength), fc.option(fastcgiPass, { nil: undefined, freq: 3 }))
    .map(([own, pass]) =>
      pass === undefined || own.some(({ key }) => key === pass.key) ? own : [...own, pass]
    )
}

const { location } = fc.letrec<{ location: Location }>((tie) => ({
  location: fc
    .tuple(
      fc.constantFrom(...heads),
      withPass(5),
      fc.array(mostly(ifs(inIf), exception, 4), { maxLength: 1 }),
      fc.oneof(
        { depthSize: 'small', maxDepth: 2, withCrossShrink: true },
        fc.constant<readonly Location[]>([]),
        fc.array(tie('location'), { maxLength: 2, size: 'small' })
      ),
      fc.boolean(),
      seldomOdd
    )
    .map(([head, own, blocks, inner, blocksFirst, odd]) => {
      const directives = texts(own)
      const lines = blocksFirst ? [...blocks, ...directives] : [...directives, ...blocks]
      const nested = fitting(head, inner)
      return { head, text: block(`location ${head}`, [...lines, ...odd, ...nested.map(({ text }) => text)]) }
    })
}))

/** Those that may stand inside, each once. */
function fitting(head: string, inner: readonly Location[]): readonly Location[] {
  const holds = head.startsWith('=') ? [] : inner
  const outer = head.replace(/^\^~ /, '')
  const known = new Set<string>()
  return holds.filter((each) => {
    const name = each.head.replace(/^(?:=|\^~) /, '')
    const fits = head.startsWith('~')
      ? each.head.startsWith('~')
      : each.head.startsWith('~') || name.startsWith(outer)
    const key = each.head.replace(/^\^~ /, '')
    if (!fits || known.has(key)) return false
    known.add(key)
    return true
  })
}

function once(all: readonly Location[]): readonly Location[] {
  const known = new Set<string>()
  return all.filter(({ head }) => {
    const key = head.replace(/^\^~ /, '')
    return !known.has(key) && known.add(key)
  })
}

const namedLocation = fc.tuple(fc.constantFrom(...namedHeads), withPass(4)).map(([head, own]) => ({
  head,
  text: block(
    `location ${head}`,
    own.filter(({ key }) => key !== 'alias').map(({ text }) => text)
  )
}))

const serverNames = fc.constantFrom(
  'example.com',
  '*.example.com',
  '.example.com',
  'www.example.*',
  '~^(?<first>[a-z]+)\\.b\\.',
  'localhost',
  '""',
  'other.test www.example.com',
  '_'
)

const server = fc
  .tuple(
    mostly(fc.constant('127.0.0.1:@PORT@'), fc.constant('127.0.0.1:@PORT@ default_server')),
    serverNames,
    statements(inServer, 5),
    fc.array(ifs(scripting), { maxLength: 1, size: 'small' }),
    fc.array(location, { maxLength: 5 }),
    fc.array(namedLocation, { maxLength: 2 }),
    seldomOdd
  )
  .map(([listen, names, own, blocks, locations, named, odd]) => {
    const rooted = own.some(({ key }) => key === 'root') ? [] : ['root @ROOT@/www;']
    const inner = [...once(locations), ...once(named)].map(({ text }) => text)
    const lines = [`listen ${listen};`, `server_name ${names};`, ...rooted, ...texts(own), ...blocks, ...odd]
    return block('server', [...lines, ...inner])
  })

const upstreams = [
  'upstream one { server unix:@UNIX:a@; server unix:@UNIX:b@; }',
  'upstream two { server unix:@UNIX:a@ weight=2; server unix:@UNIX:c@ max_fails=2; server unix:@UNIX:b@ backup; }',
  'upstream three { least_conn; server unix:@ROOT@/run/none.sock; server unix:@UNIX:b@; server unix:@UNIX:c@ down; }'
]

/** Variables that texts name are defined in each configuration, whether they are used or not. */
const prelude = [
  'map $uri $kind { default none; ~\\.php$ php; "/" slash; ~^/(?<mapped>[a-z]+) $mapped; }',
  'map $http_x_test $named { default -; 1 one; ~^(o)(n) $2; }',
  'geo $near { default far; 127.0.0.0/8 near; 10.0.0.0/8 ten; }',
  'map $arg_to $later { default unix:@UNIX:b@; a one; }'
]
const definitions = block('location = /never', [
  'set $v1 x;',
  'set $v2 y;',
  'rewrite (?<script>a)(?<rest>b)(?<first>c) /;'
])

function setupOf(
  [own, servers, odd]: readonly [readonly Statement[], readonly string[], readonly string[]],
  asked: readonly RecordedRequest[],
  missing: readonly string[]
): Setup {
  const temporary = ['client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'].map(
    (kind) => `${kind}_temp_path @ROOT@/run/${kind};`
  )
  const never = block('server', ['listen 127.0.0.1:@PORT2@;', 'server_name never.test;', definitions])
  const http = ['access_log off;', 'server_tokens off;', ...temporary, ...prelude, ...upstreams]
  const text = [
    'events { worker_connections 64; }',
    block('http', [...http, ...texts(own), ...odd, ...servers, never])
  ]
  return {
    server: 'nginx',
    files: new Map([...files].filter(([name]) => !missing.includes(name))),
    config: `${text.join('\n')}\n`,
    configs: new Map([['fastcgi_params', params]]),
    backends,
    requests: asked
  }
}

const params = [
  'fastcgi_param QUERY_STRING $query_string;',
  'fastcgi_param REQUEST_METHOD $request_method;',
  'fastcgi_param CONTENT_TYPE $content_type;',
  'fastcgi_param CONTENT_LENGTH $content_length;',
  'fastcgi_param SCRIPT_NAME $fastcgi_script_name;',
  'fastcgi_param REQUEST_URI $request_uri;',
  'fastcgi_param DOCUMENT_URI $document_uri;',
  'fastcgi_param DOCUMENT_ROOT $document_root;',
  'fastcgi_param SERVER_PROTOCOL $server_protocol;',
  'fastcgi_param HTTPS $https if_not_empty;',
  'fastcgi_param SERVER_NAME $server_name;',
  'fastcgi_param REMOTE_ADDR $remote_addr;',
  ''
].join('\n')

export const setups: fc.Arbitrary<Setup> = fc
  .tuple(
    fc.tuple(
      statements(settings, 2),
      fc.array(server, { minLength: 1, maxLength: 2, size: 'small' }),
      seldomOdd
    ),
    requests,
    fc.subarray([...files.keys()], { maxLength: 3 })
  )
  .map(([parts, asked, missing]) => setupOf(parts, asked, missing))
