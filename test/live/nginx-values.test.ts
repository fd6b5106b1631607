import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { readNginx } from '../../src/dialects/nginx/index.js'
import {
  nginxVocabulary,
  type NginxContext,
  type NginxRow
} from '../../src/dialects/nginx/vocabulary/index.js'
import { argumentCount } from '../../src/dialects/nginx/read/check.js'

const folder = mkdtempSync(join(tmpdir(), 'values-'))
const file = join(folder, 'nginx.conf')
const program = 'nginx'
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
mkdirSync(join(folder, 'logs'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Words of every kind and at the ends of every range. */
const words = [
  ...[
    'on',
    'off',
    'ON',
    'abc',
    '""',
    '0',
    '1',
    '12',
    '-1',
    '4294967296',
    '99999999999999999999',
    '12x',
    '1.5'
  ],
  ...['1k', '8k', '1m', '1g', '1M', '10MB', '1s', '500ms', '1h30m', '30s1m', '1y', '1d', '10 m', '1M1w'],
  ...[
    '$uri',
    '${uri',
    'a$',
    '$nosuch',
    '/a',
    '/a/',
    'http://a/',
    '127.0.0.1:9000',
    'unix:/tmp/a',
    '@a',
    '=404',
    '=',
    '~a',
    '404'
  ],
  ...['all', 'none', 'any', 'max', 'epoch', 'GET', 'a=b', '10.0.0.0/8', '"(" ', '"a b"', 'default_server']
]

const pairs = [
  '404 /a',
  '/a /b',
  'a b',
  'a $uri',
  '1 2',
  '4 8k',
  '$a b',
  '$uri /a',
  '/ =404',
  '=404 =404',
  '8 0',
  'A b always',
  '10m 5m',
  'zone=a burst=5'
]

/** Where a directive may be tried, and what stands around it. */
const around: Readonly<Record<NginxContext, (text: string) => string>> = {
  main: (text) => `${text}\nevents { }\nhttp { }\n`,
  events: (text) => `events { ${text} }\nhttp { }\n`,
  http: (text) => `events { }\nhttp { ${text}\nserver { listen 127.0.0.1:8099; location / { } } }\n`,
  server: (text) => `events { }\nhttp { server { listen 127.0.0.1:8099; ${text} } }\n`,
  location: (text) => `events { }\nhttp { server { listen 127.0.0.1:8099; location / { ${text} } } }\n`,
  'if-in-server': (text) => `events { }\nhttp { server { listen 127.0.0.1:8099; if ($uri) { ${text} } } }\n`,
  'if-in-location': (text) =>
    `events { }\nhttp { server { listen 127.0.0.1:8099; location / { if ($uri) { ${text} } } } }\n`,
  limit_except: (text) =>
    `events { }\nhttp { server { listen 127.0.0.1:8099; location / { limit_except GET { ${text} } } } }\n`,
  upstream: (text) => `events { }\nhttp { upstream a { server 127.0.0.1:1; ${text} } }\n`,
  stream: (text) => text,
  mail: (text) => text
}
const contexts: readonly NginxContext[] = [
  ...(['main', 'events', 'http', 'server', 'location', 'if-in-server'] as const),
  ...(['if-in-location', 'limit_except', 'upstream'] as const)
]

function real(text: string): { readonly refused: boolean; readonly said: string } {
  writeFileSync(file, text)
  const args = ['-t', '-p', folder, '-c', file, '-e', 'stderr', '-g', `pid ${join(folder, 'pid')};`]
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: environment })
  return { refused: status !== 0, said: stdout + stderr }
}

function ours(text: string): { readonly refused: boolean; readonly said: readonly string[] } {
  writeFileSync(file, text)
  const io = readIo({ cwd: folder, env: environment })
  const { refused, diagnostics } = readNginx(file, io, { name: 'nginx', prefix: folder })
  return { refused, said: diagnostics.map(({ code, message }) => `${code}: ${message}`) }
}

/** Not a matter of the configuration: what the machine has, who the test runs as, what is not built in. */
const ofTheMachine = /unknown directive|host not found|No such file|dlopen|bind\(\)|Cannot allocate/

function differences(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const there = real(text)
    const here = ours(text)
    if (there.refused === here.refused || ofTheMachine.test(there.said)) return []
    const reason = there.refused ? (there.said.split('\n')[0] ?? '') : here.said.join('; ')
    return [`${text.replace(/\n/g, ' ')}: nginx ${there.refused ? 'refuses' : 'accepts'} it: ${reason}`]
  })
}

/** Every run of the server takes its time, so a run of the tests tries some of them; `NGINX_VALUES=all` tries each. */
const isWhole = process.env['NGINX_VALUES'] === 'all'

function some<T>(all: readonly T[], offset: number, count: number): readonly T[] {
  if (isWhole) return all
  const step = Math.max(1, Math.floor(all.length / count))
  return all.filter((_, index) => (index + offset) % step === 0).slice(0, count)
}

function valuesFor({ shape }: NginxRow): readonly string[] {
  const [min, max] = argumentCount(shape)
  const ofOne = min <= 1 && max >= 1 ? words : []
  const ofTwo = max >= 2 ? pairs : []
  return [...ofOne, ...ofTwo, '', 'a b c d e f g h']
}

function statement(name: string, { shape }: NginxRow, value: string): string {
  return `${name.replace('upstream ', '')} ${value}${shape.kind === 'block' ? ' { }' : ';'}`
}

const rows = [...nginxVocabulary]
  .filter(([, { state, foreign }]) => foreign === undefined && state.kind !== 'outside')
  .map(([name, row], index) => [name, row, index] as const)

/** All that both take, beside each other; what one of them refuses is looked at alone. */
test.each(rows)('%s takes and refuses the values that nginx does', (name, row, index) => {
  const [context] = row.where.filter((each) => each !== 'main' || row.where.length === 1)
  if (context === undefined) throw new Error(`${name} may stand nowhere`)
  const texts = valuesFor(row).map((value) => around[context](statement(name, row, value)))
  const taken = texts.filter((text) => !ours(text).refused)
  const refused = texts.filter((text) => ours(text).refused)
  expect(differences([...some(taken, index, 2), ...some(refused, index, 3)])).toEqual([])
})

test.each(rows)('%s stands where nginx lets it stand', (name, row, index) => {
  const [min] = argumentCount(row.shape)
  const text = statement(name, row, Array.from({ length: min }, () => 'a').join(' '))
  expect(differences(some(contexts, index, 2).map((context) => around[context](text)))).toEqual([])
})

const server = (text: string): string => `server { listen 127.0.0.1:8099; ${text} }`
const pass = 'fastcgi_pass 127.0.0.1:9000;'

/** What only shows where several directives meet. */
test.each([
  server('root /a; root /b;'),
  server('location / { root /a; alias /b; }'),
  server('location / { } location / { }'),
  server('location = / { } location / { } location ^~ / { }'),
  server('location ^~ /a { } location /a { }'),
  server('location ~ a { } location ~ a { }'),
  server('location /a { location /b { } }'),
  server('location /a { location /ab { } location ~ x { } }'),
  server('location = /a { location /a/b { } }'),
  server('location @a { } location @a { }'),
  server('location /a { location @b { } }'),
  server('location @a { alias /b; }'),
  server('listen 127.0.0.1:8099;'),
  server('listen 127.0.0.1:8098;'),
  `${server('server_name a;')} ${server('server_name a;')}`,
  'server { listen 8099; } server { listen 127.0.0.1:8099; }',
  'server { listen 8099; listen *:8099; }',
  'server { listen 8099; listen 0.0.0.0:8099; }',
  'server { listen [::]:8099; listen 8099; }',
  'server { listen [::]:8099 ipv6only=off; listen 127.0.0.1:8098; }',
  'server { listen 8099 default_server; } server { listen 8099 default_server; }',
  'server { listen 8099 default_server; } server { listen 127.0.0.1:8099 default_server; }',
  'server { listen 8099 backlog=5; } server { listen 8099 backlog=6; }',
  'server { listen 8099 backlog=5; } server { listen 8099; }',
  'server { listen 8099 bind; } server { listen 8099 reuseport; }',
  'server { listen 8099 backlog=0; }',
  'server { listen 8099 rcvbuf=x; }',
  'server { listen 8099 nonsense; }',
  'server { listen 8099 8098; }',
  'server { listen 0; }',
  'server { listen 65535; }',
  'server { listen 65536; }',
  'server { listen a:b; }',
  'server { listen unix:; }',
  'server { listen unix:/tmp/values.sock; }',
  'server { listen :8099; }',
  'server { listen 127.0.0.1:; }',
  'server { listen 127.0.0.1:8099 so_keepalive=on; }',
  'server { listen 127.0.0.1:8099 so_keepalive=x; }',
  'server { listen unix:/tmp/values.sock ipv6only=on; }',
  'server { listen 127.0.0.1:8099 ssl; }',
  server('server_name "";'),
  server('server_name *.a.*;'),
  server('server_name *a.com;'),
  server('server_name a.*.b;'),
  server('server_name .;'),
  server('server_name ~;'),
  server('server_name ~(;'),
  server('server_name a/b;'),
  server('server_name http://a;'),
  server(`location / { ${pass} ${pass} }`),
  server('location / { fastcgi_pass; }'),
  server('location / { fastcgi_pass 127.0.0.1; }'),
  server('location / { fastcgi_pass a; }'),
  server('location / { fastcgi_pass http://127.0.0.1:9; }'),
  server('location / { fastcgi_pass unix:/a:; }'),
  server('location / { fastcgi_pass $uri; }'),
  `upstream a { } ${server('')}`,
  `upstream a { server 127.0.0.1:9; server 127.0.0.1:9 backup; } ${server('location / { fastcgi_pass a:9; }')}`,
  `upstream a { server 127.0.0.1:9 weight=0; } ${server('')}`,
  `upstream a { server 127.0.0.1:9 max_fails=x; } ${server('')}`,
  `upstream a { server 127.0.0.1:9 fail_timeout=1ms; } ${server('')}`,
  `upstream a { server 127.0.0.1:9 fail_timeout=10; } ${server('')}`,
  `upstream a { server 127.0.0.1:9 weight = 2; } ${server('')}`,
  `upstream a { ip_hash; server 127.0.0.1:9 backup; } ${server('')}`,
  `upstream a { server 127.0.0.1:9; hash $uri inconsistent; } ${server('')}`,
  `upstream a { server 127.0.0.1:9; random two; } ${server('')}`,
  `upstream a { server 127.0.0.1:9; random two least_conn; } ${server('')}`,
  `upstream a { server 127.0.0.1:9; } upstream A { server 127.0.0.1:9; } ${server('')}`,
  server('location / { fastcgi_buffers 8 4k; fastcgi_buffer_size 64k; }'),
  server('location / { fastcgi_busy_buffers_size 1k; }'),
  server('location / { fastcgi_max_temp_file_size 1; }'),
  server('location / { fastcgi_param A b if_not_empty; fastcgi_param A c nonsense; }'),
  server('location / { fastcgi_param "" b; }'),
  server('set $a b; set $a $b; set $b c;'),
  server('set a b;'),
  server('set $uri b;'),
  server('set $1 b;'),
  server('set $ b;'),
  server('set $args b; set $limit_rate 1; set $http_x y;'),
  server('rewrite ^ /a bad;'),
  server('rewrite ^(.*)$ http://a/$1 last;'),
  server('rewrite ^ "";'),
  server('rewrite ( /a;'),
  server('rewrite ^/a$ /$2 last;'),
  server('return 99999;'),
  server('return 1000 a;'),
  server('return 999 a;'),
  server('return http://a b;'),
  server('return /a;'),
  server('return 301;'),
  server('return 200 $nosuch;'),
  server('if ($uri) { }'),
  server('if ($uri = a b) { }'),
  server('if (a = b) { }'),
  server('if ($uri == a) { }'),
  server('if ($uri ~ () { }'),
  server('if (-q $uri) { }'),
  server('if (!-f $uri) { return 404; }'),
  server('if ($uri && $args) { }'),
  server('if $uri { }'),
  server('if ( $uri = a ) { return 404; }'),
  server('error_page 404;'),
  server('error_page 299 /a;'),
  server('error_page 499 /a;'),
  server('error_page 600 /a;'),
  server('error_page 404 =abc /a;'),
  server('error_page 404 = @a;'),
  server('error_page =200 /a;'),
  server('try_files /a;'),
  server('try_files /a =1000;'),
  server('try_files /a =abc;'),
  server('try_files /a $nosuch;'),
  server('location / { try_files a b; try_files c d; }'),
  server('location / { limit_except { } }'),
  server('location / { limit_except get { deny all; } }'),
  server('allow 10.0.0.0/33; deny all;'),
  server('allow 10.0.0.1/8;'),
  server('allow 300.0.0.1;'),
  server('allow ::1/129;'),
  server('deny 2001:db8::/32; allow unix:;'),
  server('add_header A;'),
  server('add_header A b never;'),
  server('expires -1;'),
  server('expires @25h;'),
  server('expires modified;'),
  server('expires modified +1d;'),
  server('keepalive_timeout 75s 70x;'),
  `map $uri $a { default 1; default 2; } ${server('')}`,
  `map $uri $a { a 1; a 2; } ${server('')}`,
  `map $uri $a { a; } ${server('')}`,
  `map $uri $a { a b c; } ${server('')}`,
  `map $uri $a { ~( 1; } ${server('')}`,
  `map $uri $a { hostnames; *.a 1; *.a 2; } ${server('')}`,
  `map $uri $a { volatile; default $nosuch; } ${server('')}`,
  `map $uri a { } ${server('')}`,
  `map $uri $uri { } ${server('')}`,
  `geo $a { default 1; 10.0.0.0/8 2; 300.1.1.1 3; } ${server('')}`,
  `geo $a { ranges; 10.0.0.0-10.0.0.5 2; } ${server('')}`,
  `geo $a { 10.0.0.0/8 2; 10.0.0.0/8 3; } ${server('')}`,
  `geo $a { proxy 127.0.0.1; delete 10.0.0.0/8; } ${server('')}`,
  `split_clients $uri $a { 60% b; 50% c; } ${server('')}`,
  `split_clients $uri $a { 0% b; * c; } ${server('')}`,
  `split_clients $uri $a { 12.345% b; } ${server('')}`,
  `split_clients $uri $a { half b; } ${server('')}`,
  `fastcgi_cache_path /tmp/a; ${server('')}`,
  `fastcgi_cache_path /tmp/a keys_zone=a:1; ${server('')}`,
  `fastcgi_cache_path /tmp/a keys_zone=a:1m nonsense=1; ${server('')}`,
  `fastcgi_cache_path /tmp/a keys_zone=a:1m levels=3; ${server('')}`,
  server('fastcgi_cache a;'),
  `limit_req_zone $uri zone=a:1m rate=1r/s; ${server('limit_req zone=a burst=5 nodelay;')}`,
  `limit_req_zone $uri zone=a:1m rate=0r/s; ${server('')}`,
  `limit_req_zone $uri rate=1r/s zone=a; ${server('')}`,
  `limit_req_zone $uri zone=a:1k rate=1r/s; ${server('')}`,
  server('limit_req zone=a;'),
  server('limit_req burst=5;'),
  `limit_conn_zone $uri zone=a:1m; ${server('limit_conn a 5; limit_conn a 6;')}`,
  `limit_conn_zone $uri zone=a:1m; ${server('limit_conn a 0;')}`,
  `limit_conn_zone $uri zone=a:1m; ${server('limit_conn a 65536;')}`,
  `types { text/html html; text/plain html; } ${server('')}`,
  `types { text/html; } ${server('')}`,
  server('types { text/html html } '),
  server('include nothing-*.conf;'),
  server('satisfy some;'),
  server('auth_request a b;'),
  server('client_max_body_size 1.5m;'),
  server('internal;'),
  server('location / { internal; internal; }'),
  server('break; if ($uri) { break; }'),
  server('disable_symlinks on from=$document_root;'),
  server('disable_symlinks from=/a;'),
  server('fastcgi_bind 127.0.0.1 transparent;'),
  server('fastcgi_bind 127.0.0.1:90; fastcgi_bind off;'),
  server('fastcgi_bind [::1];'),
  server('valid_referers none;'),
  server('valid_referers none a.com a.com;'),
  server('valid_referers server_names *.a.com a.* ~b;'),
  server('real_ip_header;'),
  server('set_real_ip_from unix:;'),
  server('root $document_root/a;'),
  server('root "";'),
  server('location / { alias ""; }'),
  server('index "";'),
  server('index a /b c;')
])('a configuration with `%s` starts where it does under nginx', (text) => {
  expect(differences([`events { }\nhttp { ${text} }\n`])).toEqual([])
})
