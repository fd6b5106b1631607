import { outside, read, served } from '../../vocabulary.js'
import {
  args,
  flag,
  folderLevels,
  list,
  location,
  many,
  milliseconds,
  number,
  row,
  size,
  text,
  undecided,
  word,
  words,
  type More,
  type Rows
} from './row.js'

function page(name: string, more: More): More {
  return { link: `ngx_http_fastcgi_module.html#${name}`, ...more }
}

const rights = { fits: /^(?:user|group|all):(?:rw|r)$/, wanted: '`user:rw`, `group:r` or `all:r`' }

const tried = [
  'error',
  'timeout',
  'invalid_header',
  'non_idempotent',
  'http_500',
  'http_503',
  'http_403',
  'http_404',
  'http_429',
  'updating',
  'off'
]

/** The module ngx_http_fastcgi_module (reference 2.2). */
export const fastcgi: Rows = {
  fastcgi_pass: row(
    ['location', 'if-in-location'],
    text,
    read('bindings'),
    'Where the application listens: `unix:PATH`, `HOST:PORT` or the name of an upstream',
    page('fastcgi_pass', { since: '0.1.14' })
  ),
  fastcgi_param: row(
    [...location],
    args(2, 3),
    read('params'),
    'A param sent to the application; one at a level replaces the whole list of the outer levels',
    page('fastcgi_param', { since: '0.1.29', repeats: true })
  ),
  fastcgi_index: row(
    [...location],
    text,
    read('script.index'),
    'Appended to a script name that ends in a slash',
    page('fastcgi_index', { since: '0.1.14' })
  ),
  fastcgi_split_path_info: row(
    [...location],
    { kind: 'regex', groups: 2 },
    read('script.split'),
    'Two captures: script name and path info',
    page('fastcgi_split_path_info', { since: '0.7.31', repeats: true })
  ),
  fastcgi_keep_conn: row(
    [...location],
    flag,
    read('pool.connection.keep'),
    'Ask the application to keep the connection open after a request',
    page('fastcgi_keep_conn', { default: 'off', since: '1.1.4' })
  ),
  fastcgi_pass_request_headers: row(
    [...location],
    flag,
    read('params'),
    'Whether the request headers are sent as HTTP_*',
    page('fastcgi_pass_request_headers', { default: 'on' })
  ),
  fastcgi_pass_request_body: row(
    [...location],
    flag,
    read('target.withholdsBody'),
    'Whether the request body is sent',
    page('fastcgi_pass_request_body', { default: 'on' })
  ),
  fastcgi_request_buffering: row(
    [...location],
    flag,
    read('target.streamsBody'),
    'Read the whole body before the application is asked',
    page('fastcgi_request_buffering', { default: 'on', since: '1.7.11' })
  ),
  fastcgi_buffering: row(
    [...location],
    flag,
    read('response.gathers'),
    'Collect the answer before it is passed on',
    page('fastcgi_buffering', { default: 'on', since: '1.5.6' })
  ),
  fastcgi_connect_timeout: row(
    [...location],
    milliseconds,
    read('pool.connection.connectTimeout'),
    'Time for connecting; then 504',
    page('fastcgi_connect_timeout', { default: '60s', since: '0.1.14' })
  ),
  fastcgi_send_timeout: row(
    [...location],
    milliseconds,
    read('pool.connection.sendTimeout'),
    'Time between two writes',
    page('fastcgi_send_timeout', { default: '60s', since: '0.1.14' })
  ),
  fastcgi_read_timeout: row(
    [...location],
    milliseconds,
    read('pool.connection.readTimeout'),
    'Time between two reads; 504 before the header',
    page('fastcgi_read_timeout', { default: '60s', since: '0.1.14' })
  ),
  fastcgi_next_upstream: row(
    [...location],
    words(...tried),
    read('pool.retry.on'),
    'Events for which the next server is tried',
    page('fastcgi_next_upstream', { default: 'error timeout', since: '0.1.14' })
  ),
  fastcgi_next_upstream_tries: row(
    [...location],
    number,
    read('pool.retry.tries'),
    'Servers asked in all; 0 is no limit',
    page('fastcgi_next_upstream_tries', { default: '0', since: '1.7.5' })
  ),
  fastcgi_next_upstream_timeout: row(
    [...location],
    milliseconds,
    read('pool.retry.within'),
    'Time for all tries together; 0 is no limit',
    page('fastcgi_next_upstream_timeout', { default: '0', since: '1.7.5' })
  ),
  fastcgi_intercept_errors: row(
    [...location],
    flag,
    read('response.interceptFrom'),
    'Let error_page replace answers of the application with a status of 300 and above',
    page('fastcgi_intercept_errors', { default: 'off', since: '0.3.50' })
  ),
  fastcgi_hide_header: row(
    [...location],
    text,
    read('response.hide'),
    'A header of the answer that is not passed to the client',
    page('fastcgi_hide_header', { since: '0.3.46', repeats: true })
  ),
  fastcgi_pass_header: row(
    [...location],
    text,
    read('response.hide'),
    'A hidden header that is passed to the client after all',
    page('fastcgi_pass_header', { since: '0.3.46', repeats: true })
  ),
  fastcgi_ignore_headers: row(
    [...location],
    words(
      'X-Accel-Redirect',
      'X-Accel-Expires',
      'X-Accel-Limit-Rate',
      'X-Accel-Buffering',
      'X-Accel-Charset',
      'Expires',
      'Cache-Control',
      'Set-Cookie',
      'Vary'
    ),
    read('response.redirectHeader'),
    'Headers of the answer that nginx does not act on',
    page('fastcgi_ignore_headers', { since: '0.7.54' })
  ),
  fastcgi_catch_stderr: row(
    [...location],
    text,
    read('response.head.failsOnStderr'),
    'Text in stderr that makes the answer a bad one',
    page('fastcgi_catch_stderr', { since: '0.5.23', repeats: true })
  ),
  fastcgi_buffer_size: row(
    [...location],
    size,
    read('response.head.limit'),
    'Holds the header of the answer; a larger one is a 502',
    page('fastcgi_buffer_size', { default: '4k', since: '0.3.12' })
  ),
  fastcgi_buffers: row(
    [...location],
    args(2),
    outside('buffers'),
    'Number and size of the buffers for an answer',
    page('fastcgi_buffers', { default: '8 4k', since: '0.1.14' })
  ),
  fastcgi_busy_buffers_size: row(
    [...location],
    size,
    outside('buffers'),
    'How much may be on its way to the client',
    page('fastcgi_busy_buffers_size', { since: '0.1.14' })
  ),
  fastcgi_max_temp_file_size: row(
    [...location],
    size,
    outside('buffers'),
    'How much of an answer may be kept in a file',
    page('fastcgi_max_temp_file_size', { default: '1024m', since: '0.1.14' })
  ),
  fastcgi_temp_file_write_size: row(
    [...location],
    size,
    outside('buffers'),
    'How much is written to that file at a time',
    page('fastcgi_temp_file_write_size', { since: '0.1.14' })
  ),
  fastcgi_temp_path: row(
    [...location],
    args(1, 4),
    outside('buffers'),
    'Where those files are',
    page('fastcgi_temp_path', { since: '0.1.14', each: folderLevels })
  ),
  fastcgi_limit_rate: row(
    [...location],
    size,
    read('response.readRate'),
    'Bytes a second read from the application',
    page('fastcgi_limit_rate', { default: '0', since: '1.7.7' })
  ),
  fastcgi_force_ranges: row(
    [...location],
    flag,
    read('response.ranges'),
    'Cut ranges out of complete answers',
    page('fastcgi_force_ranges', { default: 'off', since: '1.7.7' })
  ),
  fastcgi_ignore_client_abort: row(
    [...location],
    flag,
    read('pool.connection.outlivesClient'),
    'Let the application finish when the client has left',
    page('fastcgi_ignore_client_abort', { default: 'off', since: '0.3.36' })
  ),
  fastcgi_bind: row(
    [...location],
    args(1, 2),
    read('pool.connection.from'),
    'The local address of connections',
    page('fastcgi_bind', {
      since: '0.8.22',
      variables: 'all',
      each: {
        fits: /^(?:off|transparent|.*\$.*|\d+(?:\.\d+){3}(?::\d+)?|\[[\da-f:.]+\]:\d+|[\da-f]*:[\da-f:]*:[\da-f.]*)$/i,
        wanted: 'an address with or without a port (`[::1]:90` in brackets), or `off`'
      }
    })
  ),
  fastcgi_socket_keepalive: row(
    [...location],
    flag,
    outside('sockets'),
    'SO_KEEPALIVE on connections',
    page('fastcgi_socket_keepalive', { default: 'off', since: '1.15.6' })
  ),
  fastcgi_socket_rcvbuf: row(
    [...location],
    size,
    outside('sockets'),
    'Receive buffer of connections',
    page('fastcgi_socket_rcvbuf', { since: '1.31.3', foreign: 'nginx 1.31.3' })
  ),
  fastcgi_socket_sndbuf: row(
    [...location],
    size,
    outside('sockets'),
    'Send buffer of connections',
    page('fastcgi_socket_sndbuf', { since: '1.31.3', foreign: 'nginx 1.31.3' })
  ),
  fastcgi_send_lowat: row(
    [...location],
    size,
    outside('sockets'),
    'Not supported on Linux',
    page('fastcgi_send_lowat', { default: '0', since: '0.1.14' })
  ),
  fastcgi_store: row(
    [...location],
    text,
    undecided,
    'Keep answers as files',
    page('fastcgi_store', {
      default: 'off',
      since: '0.6.3',
      variables: 'all',
      undecided: { at: 'content', unless: ['off'] }
    })
  ),
  fastcgi_store_access: row(
    [...location],
    args(1, 3),
    undecided,
    'Rights of those files',
    page('fastcgi_store_access', { default: 'user:rw', since: '0.6.4', each: rights })
  ),
  fastcgi_cache: row(
    [...location],
    text,
    read('cache'),
    'The zone answers are kept in',
    page('fastcgi_cache', { default: 'off', since: '0.7.45' })
  ),
  fastcgi_cache_path: row(
    ['http'],
    args(2, many),
    read('cacheZones'),
    'A zone for answers, and where it is kept',
    page('fastcgi_cache_path', { since: '0.7.45', repeats: true })
  ),
  fastcgi_cache_key: row(
    [...location],
    text,
    read('cache'),
    'What tells answers apart',
    page('fastcgi_cache_key', { since: '0.7.45' })
  ),
  fastcgi_cache_valid: row(
    [...location],
    list,
    read('cache'),
    'How long answers are kept, by status',
    page('fastcgi_cache_valid', { since: '0.7.45', repeats: true })
  ),
  fastcgi_cache_bypass: row(
    [...location],
    list,
    read('cache'),
    'When a kept answer is not used',
    page('fastcgi_cache_bypass', { since: '0.8.46' })
  ),
  fastcgi_no_cache: row(
    [...location],
    list,
    read('cache'),
    'When an answer is not kept',
    page('fastcgi_no_cache', { since: '0.8.38' })
  ),
  fastcgi_cache_methods: row(
    [...location],
    words('GET', 'HEAD', 'POST'),
    read('cache'),
    'Methods whose answers are kept',
    page('fastcgi_cache_methods', { default: 'GET HEAD', since: '0.7.59' })
  ),
  fastcgi_cache_min_uses: row(
    [...location],
    number,
    read('cache'),
    'Requests before an answer is kept',
    page('fastcgi_cache_min_uses', { default: '1', since: '0.7.53' })
  ),
  fastcgi_cache_use_stale: row(
    [...location],
    words(...tried),
    read('cache'),
    'When an old answer is used',
    page('fastcgi_cache_use_stale', { default: 'off', since: '0.7.45' })
  ),
  fastcgi_cache_lock: row(
    [...location],
    flag,
    read('cache'),
    'One request at a time for a missing answer',
    page('fastcgi_cache_lock', { default: 'off', since: '1.1.12' })
  ),
  fastcgi_cache_lock_timeout: row(
    [...location],
    milliseconds,
    read('cache'),
    'How long others wait for it',
    page('fastcgi_cache_lock_timeout', { default: '5s', since: '1.1.12' })
  ),
  fastcgi_cache_lock_age: row(
    [...location],
    milliseconds,
    read('cache'),
    'When another one is let through',
    page('fastcgi_cache_lock_age', { default: '5s', since: '1.7.8' })
  ),
  fastcgi_cache_revalidate: row(
    [...location],
    flag,
    read('cache'),
    'Ask with If-Modified-Since',
    page('fastcgi_cache_revalidate', { default: 'off', since: '1.5.7' })
  ),
  fastcgi_cache_background_update: row(
    [...location],
    flag,
    read('cache'),
    'Renew while the old answer is used',
    page('fastcgi_cache_background_update', { default: 'off', since: '1.11.10' })
  ),
  fastcgi_cache_max_range_offset: row(
    [...location],
    size,
    read('cache'),
    'Ranges beyond it are asked of the application',
    page('fastcgi_cache_max_range_offset', { since: '1.11.6' })
  ),
  fastcgi_cache_purge: row(
    [...location],
    list,
    undecided,
    'Remove kept answers',
    page('fastcgi_cache_purge', {
      undecided: { at: 'content', methods: ['PURGE'] },
      foreign: 'the commercial version or the module ngx_cache_purge'
    })
  )
}

/** The same family for other protocols: known by name, since only FastCGI is translated. */
type Sibling = 'proxy' | 'uwsgi' | 'scgi'
const onlyProxy: Rows = {
  proxy_redirect: row([...location], args(1, 2), outside('proxy'), 'Changes Location headers', {
    repeats: true
  }),
  proxy_http_version: row([...location], word('1.0', '1.1'), outside('proxy'), 'Version of HTTP used'),
  proxy_set_header: row([...location], args(2), outside('proxy'), 'A header sent to the server', {
    repeats: true
  }),
  proxy_set_body: row([...location], text, outside('proxy'), 'The body sent to the server'),
  proxy_method: row([...location], text, outside('proxy'), 'The method sent to the server'),
  proxy_headers_hash_max_size: row([...location], number, outside('proxy'), 'Size of a table'),
  proxy_headers_hash_bucket_size: row([...location], number, outside('proxy'), 'Size of a table'),
  proxy_cookie_domain: row([...location], args(1, 2), outside('proxy'), 'Changes cookies', { repeats: true }),
  proxy_cookie_path: row([...location], args(1, 2), outside('proxy'), 'Changes cookies', { repeats: true }),
  proxy_cookie_flags: row([...location], args(1, 5), outside('proxy'), 'Changes cookies', { repeats: true }),
  proxy_cache_convert_head: row([...location], flag, outside('proxy'), 'Asks with GET for HEAD'),
  proxy_buffers: row([...location], args(2), outside('proxy'), 'Number and size of buffers'),
  proxy_next_upstream: row(
    [...location],
    list,
    outside('proxy'),
    'Events for which the next server is tried'
  ),
  proxy_cache_use_stale: row([...location], list, outside('proxy'), 'When an old answer is used'),
  uwsgi_param: row([...location], args(2, 3), outside('uwsgi'), 'A param sent to the application', {
    repeats: true
  }),
  scgi_param: row([...location], args(2, 3), outside('scgi'), 'A param sent to the application', {
    repeats: true
  }),
  uwsgi_modifier1: row([...location], number, outside('uwsgi'), 'A field of the protocol'),
  uwsgi_modifier2: row([...location], number, outside('uwsgi'), 'A field of the protocol')
}

const notInSiblings =
  /^fastcgi_(?:param|index|split_path_info|keep_conn|catch_stderr|send_lowat|socket_(?:rcv|snd)buf)$/
const tls = [
  'certificate',
  'certificate_key',
  'ciphers',
  'conf_command',
  'crl',
  'name',
  'password_file',
  'protocols',
  'server_name',
  'session_reuse',
  'trusted_certificate',
  'verify',
  'verify_depth'
]

function sibling(protocol: Sibling): Rows {
  const entries = Object.entries(fastcgi)
    .filter(([name]) => !notInSiblings.test(name))
    .map(
      ([name, like]) =>
        [
          name.replace('fastcgi', protocol),
          row(like.where, looser(like.shape), outside(protocol), like.doc, {
            ...(like.repeats ? { repeats: true } : {}),
            ...(like.foreign === undefined ? {} : { foreign: like.foreign })
          })
        ] as const
    )
  const secure = tls.map(
    (name) =>
      [
        `${protocol}_ssl_${name}`,
        row([...location], list, outside('tls'), 'TLS towards the server', { repeats: true })
      ] as const
  )
  return Object.fromEntries([...entries, ...(protocol === 'scgi' ? [] : secure)])
}

/** What of `proxy_*` requests to other HTTP servers go by. */
const servedOfProxy: ReadonlySet<string> = new Set(
  [
    'bind buffer_size connect_timeout force_ranges hide_header http_version ignore_client_abort ignore_headers',
    'intercept_errors limit_rate method next_upstream next_upstream_timeout next_upstream_tries pass pass_header',
    'pass_request_body pass_request_headers read_timeout redirect request_buffering send_timeout set_header'
  ].flatMap((line) => line.split(' ').map((name) => `proxy_${name}`))
)

function withServed(rows: Rows): Rows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, each]) => [
      name,
      servedOfProxy.has(name) ? { ...each, state: served('proxy') } : each
    ])
  )
}

/** Word lists differ from protocol to protocol. */
function looser(shape: Rows[string]['shape']): Rows[string]['shape'] {
  return shape.kind === 'words' ? list : shape
}

export const otherPasses: Rows = withServed({
  ...sibling('proxy'),
  ...sibling('uwsgi'),
  ...sibling('scgi'),
  ...onlyProxy,
  proxy_pass: row(
    ['location', 'if-in-location', 'limit_except'],
    text,
    outside('proxy'),
    'Another HTTP server'
  ),
  memcached_pass: row(['location', 'if-in-location'], text, outside('memcached'), 'A memcached server'),
  memcached_connect_timeout: row([...location], milliseconds, outside('memcached'), 'Time for connecting'),
  memcached_read_timeout: row([...location], milliseconds, outside('memcached'), 'Time between two reads'),
  memcached_send_timeout: row([...location], milliseconds, outside('memcached'), 'Time between two writes'),
  memcached_buffer_size: row([...location], size, outside('memcached'), 'Size of a buffer'),
  memcached_bind: row([...location], args(1, 2), outside('memcached'), 'The local address of connections'),
  memcached_gzip_flag: row([...location], number, outside('memcached'), 'Marks compressed values'),
  memcached_next_upstream: row(
    [...location],
    list,
    outside('memcached'),
    'Events for which the next server is tried'
  ),
  memcached_next_upstream_timeout: row(
    [...location],
    milliseconds,
    outside('memcached'),
    'Time for all tries'
  ),
  memcached_next_upstream_tries: row([...location], number, outside('memcached'), 'Servers asked in all'),
  memcached_socket_keepalive: row([...location], flag, outside('memcached'), 'SO_KEEPALIVE on connections'),
  grpc_pass: row(['location', 'if-in-location'], text, outside('grpc'), 'A gRPC server'),
  grpc_set_header: row([...location], args(2), outside('grpc'), 'A header sent to the server', {
    repeats: true
  }),
  grpc_read_timeout: row([...location], milliseconds, outside('grpc'), 'Time between two reads'),
  grpc_send_timeout: row([...location], milliseconds, outside('grpc'), 'Time between two writes'),
  grpc_connect_timeout: row([...location], milliseconds, outside('grpc'), 'Time for connecting'),
  perl: row(['location', 'limit_except'], text, outside('perl'), 'A handler in Perl'),
  js_content: row(
    ['location', 'if-in-location', 'limit_except'],
    args(1, 2),
    outside('njs'),
    'A handler in JavaScript',
    { foreign: 'the module njs' }
  ),
  empty_gif: row(['location'], args(0), outside('empty_gif'), 'Answers with a tiny picture'),
  stub_status: row(['server', 'location'], args(0, 1), outside('status'), 'Answers with counters'),
  flv: row(['location'], args(0), outside('media'), 'Answers with parts of films'),
  mp4: row(['location'], args(0), outside('media'), 'Answers with parts of films'),
  mp4_buffer_size: row([...location], size, outside('media'), 'Size of a buffer'),
  mp4_max_buffer_size: row([...location], size, outside('media'), 'Size of a buffer'),
  dav_methods: row(
    [...location],
    words('off', 'put', 'delete', 'mkcol', 'copy', 'move'),
    undecided,
    'Methods of WebDAV that are answered',
    {
      undecided: { at: 'untaken', unless: ['off'], methods: 'named' }
    }
  ),
  dav_access: row([...location], args(1, 3), undecided, 'Rights of files made by WebDAV', { each: rights }),
  create_full_put_path: row([...location], flag, undecided, 'Folders made by WebDAV'),
  min_delete_depth: row([...location], number, undecided, 'Depth for WebDAV to delete')
})
