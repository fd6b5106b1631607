import { outside, read, structure } from '../../vocabulary.js'
import {
  args,
  block,
  flag,
  folderLevels,
  http,
  list,
  location,
  locationOrIf,
  main,
  many,
  milliseconds,
  number,
  path,
  row,
  seconds,
  server,
  size,
  text,
  undecided,
  word,
  words,
  type More,
  type NginxContext,
  type Rows
} from './row.js'

function page(name: string, more: More = {}): More {
  return { link: `ngx_http_core_module.html#${name}`, ...more }
}

const everywhere: readonly NginxContext[] = [
  'main',
  'events',
  'http',
  'server',
  'location',
  'if-in-server',
  'if-in-location',
  'limit_except',
  'upstream',
  'stream',
  'mail'
]

/** The process itself and the blocks that hold everything else. */
export const process: Rows = {
  include: row(everywhere, path, structure, 'Reads another file here; a glob may match none', {
    link: 'ngx_core_module.html#include',
    repeats: true
  }),
  events: row(main, block(0), structure, 'How connections are handled; must stand in every configuration'),
  http: row(main, block(0), structure, 'Everything about HTTP'),
  stream: row(main, block(0), outside('stream'), 'TCP and UDP'),
  mail: row(main, block(0), outside('mail'), 'Mail'),
  user: row(main, args(1, 2), outside('process'), 'User and group of the workers'),
  worker_processes: row(main, text, outside('process'), 'How many workers'),
  worker_cpu_affinity: row(main, list, outside('process'), 'Which processors workers run on'),
  worker_priority: row(main, text, outside('process'), 'Priority of the workers'),
  worker_rlimit_nofile: row(main, number, outside('process'), 'Open files of a worker'),
  worker_rlimit_core: row(main, text, outside('process'), 'Core files of a worker'),
  worker_shutdown_timeout: row(main, milliseconds, outside('process'), 'How long a worker may take to stop'),
  worker_aio_requests: row(['events'], number, outside('process'), 'Asynchronous file operations'),
  working_directory: row(main, path, outside('process'), 'Where workers run'),
  daemon: row(main, flag, outside('process'), 'Run in the background'),
  master_process: row(main, flag, outside('process'), 'Start workers'),
  timer_resolution: row(main, milliseconds, outside('process'), 'How often the time is asked'),
  pid: row(main, path, outside('process'), 'The file with the process id'),
  lock_file: row(main, path, outside('process'), 'The file for locks'),
  env: row(main, text, outside('process'), 'A variable of the environment kept', { repeats: true }),
  load_module: row(main, path, outside('process'), 'Loads a module', { repeats: true }),
  pcre_jit: row(main, flag, outside('process'), 'Compile regular expressions'),
  ssl_engine: row(main, text, outside('tls'), 'Hardware for TLS'),
  thread_pool: row(main, args(2, 3), outside('process'), 'Threads for files', { repeats: true }),
  debug_points: row(main, text, outside('process'), 'Stops for debugging'),
  google_perftools_profiles: row(main, path, outside('process'), 'Profiles'),
  error_log: row(
    ['main', 'http', 'server', 'location', 'stream', 'mail'],
    args(1, many),
    outside('logging'),
    'Where errors are logged',
    { repeats: true }
  ),
  worker_connections: row(['events'], number, outside('process'), 'Connections of a worker'),
  use: row(['events'], text, outside('process'), 'How events are waited for'),
  multi_accept: row(['events'], flag, outside('process'), 'Accept several connections at once'),
  accept_mutex: row(['events'], flag, outside('process'), 'Workers accept in turn'),
  accept_mutex_delay: row(['events'], milliseconds, outside('process'), 'How long others wait'),
  debug_connection: row(['events'], text, outside('process'), 'Log more for an address', { repeats: true })
}

/** ngx_http_core_module: what chooses servers and locations, and finds files. */
export const core: Rows = {
  server: row(http, block(0), structure, 'A virtual host', page('server', { repeats: true })),
  location: row(
    ['server', 'location'],
    block(1, 2),
    structure,
    'What holds for some URLs',
    page('location', { repeats: true })
  ),
  listen: row(
    ['server'],
    args(1, many),
    read('listeners'),
    'Address or port that requests come in at',
    page('listen', { default: '*:80', repeats: true })
  ),
  server_name: row(
    ['server'],
    list,
    read('host.names'),
    'Names of the host: exact, `*.a`, `.a`, `a.*`, `~regex`',
    page('server_name', { default: '""', repeats: true })
  ),
  root: row(locationOrIf, path, read('root'), 'File = this + URL path', page('root', { default: 'html' })),
  alias: row(
    ['location'],
    path,
    read('root'),
    'File = this + what follows the name of the location',
    page('alias')
  ),
  try_files: row(
    ['server', 'location'],
    args(2, many),
    read('tryFiles'),
    'Tests files in order, and says what answers if none is found',
    page('try_files', { since: '0.7.27' })
  ),
  internal: row(
    ['location'],
    args(0),
    read('internalOnly'),
    'Answered only by internal redirects',
    page('internal')
  ),
  error_page: row(
    locationOrIf,
    args(2, many),
    read('errorPages'),
    'What is sent for an error',
    page('error_page', { repeats: true })
  ),
  recursive_error_pages: row(
    location,
    flag,
    read('recursiveErrorPages'),
    'An error page may have one of its own',
    page('recursive_error_pages', { default: 'off' })
  ),
  client_max_body_size: row(
    location,
    size,
    read('maxBodySize'),
    'Larger bodies are answered with 413; 0 is no limit',
    page('client_max_body_size', { default: '1m' })
  ),
  default_type: row(
    location,
    text,
    read('defaultMediaType'),
    'Media type of files whose extension is not known',
    page('default_type', { default: 'text/plain' })
  ),
  types: row(
    location,
    block(0),
    read('mediaTypes'),
    'Media types by extension',
    page('types', { repeats: true })
  ),
  limit_except: row(
    ['location'],
    block(1, many),
    read('access'),
    'What holds for all methods but these',
    page('limit_except', {
      repeats: true,
      each: {
        fits: /^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH)$/i,
        wanted: 'a method such as `GET`'
      }
    })
  ),
  merge_slashes: row(
    server,
    flag,
    read('reading'),
    'Treat several slashes as one',
    page('merge_slashes', { default: 'on', since: '0.6.15' })
  ),
  underscores_in_headers: row(
    server,
    flag,
    read('reading'),
    'Keep headers with underscores in their names',
    page('underscores_in_headers', { default: 'off', since: '0.7.18' })
  ),
  ignore_invalid_headers: row(
    server,
    flag,
    read('reading'),
    'Drop headers with odd names',
    page('ignore_invalid_headers', { default: 'on' })
  ),
  absolute_redirect: row(
    location,
    flag,
    read('ownRedirects'),
    'Redirects with scheme, host and port',
    page('absolute_redirect', { default: 'on', since: '1.11.8' })
  ),
  server_name_in_redirect: row(
    location,
    flag,
    read('ownRedirects'),
    'Redirects with the first server_name',
    page('server_name_in_redirect', { default: 'off' })
  ),
  port_in_redirect: row(
    location,
    flag,
    read('ownRedirects'),
    'Redirects with the port',
    page('port_in_redirect', { default: 'on' })
  ),
  satisfy: row(
    location,
    word('all', 'any'),
    read('authentication.enough'),
    'Whether one access check is enough',
    page('satisfy', { default: 'all', since: '0.6.25' })
  ),
  satisfy_any: row(location, flag, undecided, 'Old form of satisfy', {
    undecided: { at: 'access', only: ['on'] },
    foreign: 'releases before 1.1.12',
    deprecated: { instead: 'satisfy' }
  }),
  resolver: row(
    location,
    list,
    read('pool.hostNames'),
    'Name servers for names found at run time',
    page('resolver', {
      each: {
        fits: /^(?:valid=\d.*|ipv[46]=(?:on|off)|status_zone=.+|unix:.+|(?!valid=|ipv[46]=)[^/]+)$/,
        wanted: 'the address of a name server, `valid=TIME` or `ipv6=off`'
      }
    })
  ),
  resolver_timeout: row(
    location,
    milliseconds,
    outside('names'),
    'Time for such a name',
    page('resolver_timeout', { default: '30s' })
  ),
  max_ranges: row(
    location,
    number,
    read('delivery.ranges.most'),
    'Ranges in one answer',
    page('max_ranges', { since: '1.1.2' })
  ),
  disable_symlinks: row(
    location,
    args(1, 2),
    undecided,
    'Whether links are followed',
    page('disable_symlinks', {
      default: 'off',
      each: {
        fits: /^(?:off|on|if_not_owner|from=.+)$/,
        wanted: '`off`, `on`, `if_not_owner` or `from=PATH`'
      },
      undecided: { at: 'files', unless: ['off'] }
    })
  ),
  if_modified_since: row(
    location,
    word('off', 'exact', 'before'),
    read('delivery.modifiedSince'),
    'How times are compared',
    page('if_modified_since', { default: 'exact' })
  ),
  etag: row(location, flag, read('delivery.etag'), 'Send ETag', page('etag', { default: 'on' })),
  keepalive_timeout: row(
    location,
    args(1, 2),
    read('keepAlive.idle'),
    'How long an idle client is kept',
    page('keepalive_timeout')
  ),
  keepalive_requests: row(
    location,
    number,
    read('keepAlive.requests'),
    'Requests in one connection',
    page('keepalive_requests')
  ),
  keepalive_time: row(
    location,
    milliseconds,
    read('keepAlive.life'),
    'Age of a connection',
    page('keepalive_time')
  ),
  keepalive_disable: row(
    location,
    words('none', 'msie6', 'safari'),
    read('keepAlive.except'),
    'Browsers without kept connections',
    page('keepalive_disable')
  ),
  keepalive_min_timeout: row(
    location,
    milliseconds,
    outside('connections'),
    'Least time a connection is kept',
    { foreign: 'nginx 1.27.4' }
  ),
  lingering_close: row(
    location,
    word('off', 'on', 'always'),
    outside('connections'),
    'How connections are closed',
    page('lingering_close')
  ),
  lingering_time: row(location, milliseconds, outside('connections'), 'How long', page('lingering_time')),
  lingering_timeout: row(
    location,
    milliseconds,
    outside('connections'),
    'How long',
    page('lingering_timeout')
  ),
  reset_timedout_connection: row(
    location,
    flag,
    outside('connections'),
    'Reset instead of close',
    page('reset_timedout_connection')
  ),
  send_timeout: row(
    location,
    milliseconds,
    outside('connections'),
    'Time between two writes to the client',
    page('send_timeout')
  ),
  client_header_timeout: row(
    server,
    milliseconds,
    outside('connections'),
    'Time for the headers',
    page('client_header_timeout')
  ),
  client_body_timeout: row(
    location,
    milliseconds,
    outside('connections'),
    'Time between two reads of the body',
    page('client_body_timeout')
  ),
  client_header_buffer_size: row(
    server,
    size,
    outside('buffers'),
    'Buffer for headers',
    page('client_header_buffer_size')
  ),
  large_client_header_buffers: row(
    server,
    args(2),
    read('reading.limits'),
    'Number and size of larger buffers for headers',
    page('large_client_header_buffers', { default: '4 8k' })
  ),
  max_headers: row(
    server,
    number,
    outside('limits'),
    'How many headers a request may have',
    page('max_headers', { default: '1000', foreign: 'nginx 1.29.8' })
  ),
  client_body_buffer_size: row(
    location,
    size,
    outside('buffers'),
    'Buffer for the body',
    page('client_body_buffer_size')
  ),
  client_body_in_file_only: row(
    location,
    word('on', 'off', 'clean'),
    outside('buffers'),
    'Always keep the body in a file',
    page('client_body_in_file_only')
  ),
  client_body_in_single_buffer: row(
    location,
    flag,
    outside('buffers'),
    'Keep the body in one piece',
    page('client_body_in_single_buffer')
  ),
  client_body_temp_path: row(
    location,
    args(1, 4),
    outside('buffers'),
    'Where bodies are kept',
    page('client_body_temp_path', { each: folderLevels })
  ),
  connection_pool_size: row(
    server,
    size,
    outside('buffers'),
    'Memory of a connection',
    page('connection_pool_size')
  ),
  request_pool_size: row(server, size, outside('buffers'), 'Memory of a request', page('request_pool_size')),
  output_buffers: row(location, args(2), outside('buffers'), 'Buffers for files', page('output_buffers')),
  postpone_output: row(location, size, outside('buffers'), 'How much is collected', page('postpone_output')),
  limit_rate: row(
    locationOrIf,
    text,
    read('sendRate.bytesPerSecond'),
    'Bytes a second to the client',
    page('limit_rate')
  ),
  limit_rate_after: row(
    locationOrIf,
    text,
    read('sendRate.after'),
    'Bytes before that holds',
    page('limit_rate_after')
  ),
  sendfile: row(locationOrIf, flag, outside('files'), 'Let the kernel send files', page('sendfile')),
  sendfile_max_chunk: row(location, size, outside('files'), 'How much at a time', page('sendfile_max_chunk')),
  subrequest_output_buffer_size: row(
    location,
    size,
    outside('buffers'),
    'Buffer of subrequests',
    page('subrequest_output_buffer_size')
  ),
  aio: row(location, text, outside('files'), 'Asynchronous file operations', page('aio')),
  aio_write: row(location, flag, outside('files'), 'Asynchronous writing', page('aio_write')),
  directio: row(location, text, outside('files'), 'Read past the cache', page('directio')),
  directio_alignment: row(location, size, outside('files'), 'Alignment for that', page('directio_alignment')),
  read_ahead: row(location, size, outside('files'), 'Read ahead', page('read_ahead')),
  open_file_cache: row(location, args(1, 2), outside('files'), 'Keep files open', page('open_file_cache')),
  open_file_cache_errors: row(
    location,
    flag,
    outside('files'),
    'Remember missing files',
    page('open_file_cache_errors')
  ),
  open_file_cache_min_uses: row(
    location,
    number,
    outside('files'),
    'Uses before that',
    page('open_file_cache_min_uses')
  ),
  open_file_cache_valid: row(location, seconds, outside('files'), 'How long', page('open_file_cache_valid')),
  tcp_nodelay: row(location, flag, outside('sockets'), 'Send small packets at once', page('tcp_nodelay')),
  tcp_nopush: row(location, flag, outside('sockets'), 'Send full packets', page('tcp_nopush')),
  send_lowat: row(location, size, outside('sockets'), 'Least room for sending', page('send_lowat')),
  chunked_transfer_encoding: row(
    location,
    flag,
    outside('connections'),
    'Allow chunked answers',
    page('chunked_transfer_encoding')
  ),
  http2: row(server, flag, outside('http2'), 'Allow HTTP/2', { since: '1.25.1', foreign: 'nginx 1.25.1' }),
  server_tokens: row(location, text, outside('headers'), 'Name the version', page('server_tokens')),
  log_not_found: row(location, flag, outside('logging'), 'Log missing files', page('log_not_found')),
  log_subrequest: row(location, flag, outside('logging'), 'Log subrequests', page('log_subrequest')),
  msie_padding: row(location, flag, outside('headers'), 'Pad error pages', page('msie_padding')),
  msie_refresh: row(location, flag, outside('headers'), 'Refresh instead of redirect', page('msie_refresh')),
  auth_delay: row(location, milliseconds, outside('access'), 'Wait before a 401', page('auth_delay')),
  server_names_hash_max_size: row(
    http,
    number,
    outside('tables'),
    'Size of a table',
    page('server_names_hash_max_size')
  ),
  server_names_hash_bucket_size: row(
    http,
    number,
    outside('tables'),
    'Size of a table',
    page('server_names_hash_bucket_size')
  ),
  types_hash_max_size: row(
    location,
    number,
    outside('tables'),
    'Size of a table',
    page('types_hash_max_size')
  ),
  types_hash_bucket_size: row(
    location,
    number,
    outside('tables'),
    'Size of a table',
    page('types_hash_bucket_size')
  ),
  variables_hash_max_size: row(
    http,
    number,
    outside('tables'),
    'Size of a table',
    page('variables_hash_max_size')
  ),
  variables_hash_bucket_size: row(
    http,
    number,
    outside('tables'),
    'Size of a table',
    page('variables_hash_bucket_size')
  ),
  limit_zone: row(http, args(3), outside('limits'), 'Old form of limit_conn_zone', {
    foreign: 'releases before 1.7.6',
    deprecated: { instead: 'limit_conn_zone' }
  }),
  optimize_server_names: row(server, flag, outside('tables'), 'Old', { foreign: 'releases before 0.8.33' }),
  post_accept_timeout: row(server, milliseconds, outside('connections'), 'Old', {
    foreign: 'releases before 0.6'
  })
}
