import { later, outside, read, structure } from '../../vocabulary.js'
import {
  args,
  block,
  errorStatus,
  flag,
  http,
  list,
  location,
  locationOrIf,
  many,
  milliseconds,
  number,
  path,
  repeats,
  rewriting,
  row,
  server,
  size,
  text,
  upstream,
  word,
  undecided,
  type More,
  type NginxContext,
  type Rows
} from './row.js'

const guarded: readonly NginxContext[] = ['http', 'server', 'location', 'limit_except']

/** Upstream blocks. What stands inside is a row `upstream NAME`. */
export const upstreams: Rows = {
  upstream: row(http, block(1), structure, 'A pool of servers', {
    link: 'ngx_http_upstream_module.html#upstream',
    repeats: true
  }),
  'upstream server': row(upstream, args(1, many), read('pool.members'), 'One of its servers', {
    link: 'ngx_http_upstream_module.html#server',
    repeats: true
  }),
  'upstream ip_hash': row(upstream, args(0), read('pool.balance'), 'Choose by the address of the client', {
    since: '0.5.0',
    repeats: true
  }),
  'upstream hash': row(upstream, args(1, 2), read('pool.balance'), 'Choose by a text', {
    since: '1.7.2',
    repeats: true
  }),
  'upstream least_conn': row(
    upstream,
    args(0),
    read('pool.balance'),
    'Choose the one with the fewest connections',
    {
      since: '1.3.1',
      repeats: true
    }
  ),
  'upstream random': row(upstream, args(0, 2), read('pool.balance'), 'Choose at random', {
    each: { fits: /^(?:two|least_conn)$/, wanted: '`two`, or `two least_conn`' },
    since: '1.15.1',
    repeats: true
  }),
  'upstream keepalive': row(
    upstream,
    { kind: 'number', min: 1 },
    read('pool.connection.idle'),
    'Idle connections kept by a worker',
    {
      since: '1.1.4'
    }
  ),
  'upstream keepalive_requests': row(
    upstream,
    number,
    read('pool.connection.kept.requests'),
    'Requests in one kept connection',
    { default: '1000', since: '1.15.3' }
  ),
  'upstream keepalive_time': row(
    upstream,
    milliseconds,
    read('pool.connection.kept.life'),
    'Age of a kept connection',
    {
      default: '1h',
      since: '1.19.10'
    }
  ),
  'upstream keepalive_timeout': row(
    upstream,
    milliseconds,
    read('pool.connection.kept.wait'),
    'How long an idle connection is kept',
    { default: '60s', since: '1.15.3' }
  ),
  'upstream zone': row(upstream, args(1, 2), outside('process'), 'Counters shared by the workers', {
    since: '1.9.0'
  }),
  'upstream fair': row(upstream, args(0, 4), undecided, 'Choose the least busy one', {
    undecided: { at: 'content' },
    foreign: 'the module ngx_upstream_fair'
  }),
  'upstream sticky': row(upstream, list, undecided, 'Keep clients at their server', {
    undecided: { at: 'content' },
    foreign: 'nginx 1.29.6 or the commercial version'
  }),
  'upstream least_time': row(upstream, list, undecided, 'Choose the fastest one', {
    undecided: { at: 'content' },
    foreign: 'nginx 1.31.0 or the commercial version'
  }),
  'upstream queue': row(upstream, args(1, 2), undecided, 'Requests that wait', {
    undecided: { at: 'content' },
    foreign: 'the commercial version'
  }),
  'upstream state': row(upstream, path, undecided, 'A file with the servers', {
    undecided: { at: 'content' },
    foreign: 'the commercial version'
  }),
  'upstream ntlm': row(upstream, args(0), outside('proxy'), 'Connections of one client', {
    foreign: 'the commercial version'
  }),
  'upstream check': row(upstream, list, outside('health'), 'Health checks', {
    foreign: 'a module for health checks'
  })
}

/** ngx_http_rewrite_module: done in the order of the text. */
export const rewrite: Rows = {
  set: row(rewriting, args(2), read('instructions'), 'Gives a variable a value', repeats),
  rewrite: row(rewriting, args(2, 3), read('instructions'), 'Changes the URL', repeats),
  return: row(rewriting, args(1, 2), read('instructions'), 'Answers at once', repeats),
  break: row(rewriting, args(0), read('instructions'), 'Ends the instructions of this round', repeats),
  if: row(
    ['server', 'location'],
    block(1, many),
    read('instructions'),
    'What is done only if something holds',
    repeats
  ),
  rewrite_log: row([...location, 'if-in-server', 'if-in-location'], flag, outside('logging'), 'Log rewrites'),
  uninitialized_variable_warn: row(
    [...location, 'if-in-server', 'if-in-location'],
    flag,
    outside('logging'),
    'Warn of variables without a value'
  )
}

export const access: Rows = {
  allow: row(guarded, text, read('access'), 'Addresses that may ask', repeats),
  deny: row(guarded, text, read('access'), 'Addresses that may not ask', repeats),
  auth_basic: row(guarded, text, read('authentication'), 'Ask for a login; `off` asks for none'),
  auth_basic_user_file: row(guarded, path, read('authentication'), 'The logins'),
  auth_request: row(
    location,
    text,
    read('authentication.permission'),
    'Ask an application whether the request may pass',
    { since: '1.5.4' }
  ),
  auth_request_set: row(
    location,
    args(2),
    read('authentication.permission'),
    'A variable from its answer',
    repeats
  ),
  set_real_ip_from: row(location, text, read('realAddress'), 'A proxy that is believed', {
    ...repeats,
    // A name is looked up when nginx starts.
    undecided: { at: 'rewrite', matching: /^(?!unix:)[\w.-]*$(?<!^\d+(?:\.\d+){3})/ }
  }),
  real_ip_header: row(location, text, read('realAddress'), 'The header with the address of the client', {
    undecided: { at: 'rewrite', matching: /^proxy_protocol$/ }
  }),
  real_ip_recursive: row(location, flag, read('realAddress'), 'Believe chains of proxies'),
  limit_req: row(location, args(1, 4), read('requestLimits'), 'Requests in a time', {
    ...repeats,
    each: {
      fits: /^(?:zone=.+|burst=0*[1-9]\d*|delay=0*[1-9]\d*|nodelay)$/,
      wanted: '`zone=NAME`, `burst=N`, `delay=N` or `nodelay`'
    }
  }),
  limit_req_zone: row(http, args(3, 4), read('limitZones'), 'What requests are counted by', {
    ...repeats,
    each: {
      fits: /^(?:zone=[^:]+:\d+[km]?|rate=0*[1-9]\d*r\/[sm]|sync)$/i,
      wanted: '`zone=NAME:SIZE` or `rate=10r/s`',
      from: 1
    }
  }),
  limit_req_status: row(location, errorStatus, read('requestLimits.status'), 'Status of those refused'),
  limit_req_log_level: row(location, text, outside('logging'), 'Log level of those refused'),
  limit_req_dry_run: row(location, flag, read('requestLimits.dryRun'), 'Only count'),
  limit_conn: row(location, args(2), read('connectionLimits'), 'Connections at a time', {
    ...repeats,
    each: {
      fits: /^0*(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
      wanted: 'a number from 1 to 65535',
      from: 1
    }
  }),
  limit_conn_zone: row(http, args(2), read('limitZones'), 'What connections are counted by', {
    ...repeats,
    each: { fits: /^zone=[^:]+:\d+[km]?$/i, wanted: '`zone=NAME:SIZE`', from: 1 }
  }),
  limit_conn_status: row(location, errorStatus, read('connectionLimits.status'), 'Status of those refused'),
  limit_conn_log_level: row(location, text, outside('logging'), 'Log level of those refused'),
  limit_conn_dry_run: row(location, flag, read('connectionLimits.dryRun'), 'Only count'),
  valid_referers: row(
    ['server', 'location'],
    list,
    read('instructions'),
    'Pages that may link here',
    repeats
  ),
  referer_hash_bucket_size: row(['server', 'location'], number, outside('tables'), 'Size of a table'),
  referer_hash_max_size: row(['server', 'location'], number, outside('tables'), 'Size of a table'),
  secure_link: row(location, text, later('instructions'), 'Checks signed links', { variables: 'all' }),
  secure_link_md5: row(location, text, later('instructions'), 'What is signed', { variables: 'all' }),
  secure_link_secret: row(location, text, later('instructions'), 'The secret')
}

/** Variables made of others. */
export const variables: Rows = {
  map: row(http, block(2), read('instructions'), 'A variable by the value of another', repeats),
  map_hash_max_size: row(http, number, outside('tables'), 'Size of a table'),
  map_hash_bucket_size: row(http, number, outside('tables'), 'Size of a table'),
  geo: row(http, block(1, 2), read('instructions'), 'A variable by the address of the client', repeats),
  split_clients: row(http, block(2), read('instructions'), 'A variable by share', repeats),
  geoip_country: row(http, args(1, 2), later('variables'), 'Countries of addresses'),
  geoip_city: row(http, args(1, 2), later('variables'), 'Cities of addresses'),
  geoip_org: row(http, args(1, 2), later('variables'), 'Organisations of addresses'),
  geoip_proxy: row(http, text, later('variables'), 'Proxies that are believed', repeats),
  geoip_proxy_recursive: row(http, flag, later('variables'), 'Believe chains of proxies'),
  geoip2: row(http, block(1), later('variables'), 'Countries of addresses', {
    repeats: true,
    foreign: 'the module geoip2'
  }),
  userid: row(location, text, outside('cookies'), 'Cookies that tell clients apart'),
  userid_name: row(location, text, outside('cookies'), 'Their name'),
  userid_domain: row(location, text, outside('cookies'), 'Their domain'),
  userid_path: row(location, text, outside('cookies'), 'Their path'),
  userid_expires: row(location, text, outside('cookies'), 'Their age'),
  userid_p3p: row(location, text, outside('cookies'), 'A header'),
  userid_mark: row(location, text, outside('cookies'), 'A mark'),
  userid_service: row(location, text, outside('cookies'), 'A number')
}

/** What files and applications say is changed on its way to the client. */
const changesAnswers: NonNullable<More['undecided']> = { at: 'content', unless: ['off', ''] }

/** What nginx answers with where no application does, and what it adds to answers. */
export const content: Rows = {
  index: row(location, list, read('index'), 'Files that answer for a directory', {
    default: 'index.html',
    repeats: true
  }),
  autoindex: row(location, flag, read('listing'), 'List a directory', { default: 'off' }),
  autoindex_exact_size: row(location, flag, read('listing'), 'Sizes in that list', { default: 'on' }),
  autoindex_format: row(
    location,
    word('html', 'xml', 'json', 'jsonp'),
    read('listing'),
    'Form of that list',
    { default: 'html', since: '1.7.9' }
  ),
  autoindex_localtime: row(location, flag, read('listing'), 'Times in that list', { default: 'off' }),
  random_index: row(['location'], flag, undecided, 'Any file answers for a directory', {
    undecided: { at: 'folder', unless: ['off'], methods: ['GET', 'HEAD', 'POST'] }
  }),
  mirror: row(location, text, undecided, 'Send a copy of each request', {
    ...repeats,
    undecided: { at: 'content', unless: ['off'] }
  }),
  mirror_request_body: row(location, flag, undecided, 'With its body'),
  add_header: row(locationOrIf, args(2, 3), read('responseHeaders'), 'A header added to the answer', repeats),
  add_trailer: row(locationOrIf, args(2, 3), outside('headers'), 'A trailer added to the answer', repeats),
  expires: row(locationOrIf, args(1, 2), read('expiry'), 'Expires and Cache-Control'),
  charset: row(locationOrIf, text, read('charset'), 'Charset of answers'),
  charset_map: row(http, block(2), outside('charset'), 'Table of a charset', repeats),
  charset_types: row(location, list, read('charset'), 'Media types with a charset', repeats),
  override_charset: row(locationOrIf, flag, outside('charset'), 'Change the charset of applications'),
  source_charset: row(locationOrIf, text, read('charset'), 'Charset of files', {
    undecided: { ...changesAnswers, unlike: 'charset' }
  }),
  addition_types: row(location, list, read('additions'), 'Media types whose bodies are added to', repeats),
  add_before_body: row(location, text, read('additions'), 'A URL whose body stands before that of answers'),
  add_after_body: row(location, text, read('additions'), 'A URL whose body stands behind that of answers'),
  sub_filter: row(location, args(2), outside('filters'), 'Replaces text', {
    ...repeats,
    undecided: changesAnswers
  }),
  sub_filter_once: row(location, flag, outside('filters'), 'Once'),
  sub_filter_types: row(location, list, outside('filters'), 'Media types', repeats),
  sub_filter_last_modified: row(location, flag, outside('filters'), 'Keep Last-Modified'),
  ssi: row(locationOrIf, flag, undecided, 'Server side includes', { undecided: changesAnswers }),
  ssi_types: row(location, list, outside('filters'), 'Media types', repeats),
  ssi_silent_errors: row(location, flag, outside('filters'), 'Errors'),
  ssi_last_modified: row(location, flag, outside('filters'), 'Keep Last-Modified'),
  ssi_value_length: row(location, number, outside('filters'), 'Length of values'),
  ssi_min_file_chunk: row(location, size, outside('filters'), 'Size of parts'),
  image_filter: row(['location'], list, outside('filters'), 'Changes pictures', {
    ...repeats,
    undecided: changesAnswers
  }),
  image_filter_buffer: row(location, size, outside('filters'), 'Buffer'),
  image_filter_jpeg_quality: row(location, text, outside('filters'), 'Quality'),
  xslt_stylesheet: row(['location'], list, outside('filters'), 'Changes XML', {
    ...repeats,
    undecided: changesAnswers
  }),
  access_log: row(
    [...locationOrIf, 'limit_except'],
    list,
    outside('logging'),
    'Where requests are logged',
    repeats
  ),
  log_format: row(http, args(2, many), outside('logging'), 'Form of those lines', repeats),
  open_log_file_cache: row(location, args(1, 4), outside('logging'), 'Keep logs open')
}

const compression: readonly string[] = [
  'gzip_buffers',
  'gzip_comp_level',
  'gzip_disable',
  'gzip_hash',
  'gzip_http_version',
  'gzip_min_length',
  'gzip_no_buffer',
  'gzip_proxied',
  'gzip_static',
  'gzip_types',
  'gzip_vary',
  'gzip_window',
  'gunzip',
  'gunzip_buffers',
  'postpone_gzipping'
]
const foreignCompression: readonly string[] = [
  'brotli',
  'brotli_static',
  'brotli_types',
  'brotli_comp_level',
  'brotli_buffers',
  'brotli_min_length',
  'brotli_window',
  'zstd',
  'zstd_static',
  'zstd_types',
  'zstd_comp_level',
  'zstd_min_length'
]
const tls: readonly string[] = [
  'ssl',
  'ssl_buffer_size',
  'ssl_certificate',
  'ssl_certificate_key',
  'ssl_ciphers',
  'ssl_client_certificate',
  'ssl_conf_command',
  'ssl_crl',
  'ssl_dhparam',
  'ssl_early_data',
  'ssl_ecdh_curve',
  'ssl_ocsp',
  'ssl_ocsp_cache',
  'ssl_ocsp_responder',
  'ssl_password_file',
  'ssl_prefer_server_ciphers',
  'ssl_protocols',
  'ssl_reject_handshake',
  'ssl_session_cache',
  'ssl_session_ticket_key',
  'ssl_session_tickets',
  'ssl_session_timeout',
  'ssl_stapling',
  'ssl_stapling_file',
  'ssl_stapling_responder',
  'ssl_stapling_verify',
  'ssl_trusted_certificate',
  'ssl_verify_client',
  'ssl_verify_depth'
]
const http2: readonly string[] = [
  'http2_body_preread_size',
  'http2_chunk_size',
  'http2_idle_timeout',
  'http2_max_concurrent_pushes',
  'http2_max_concurrent_streams',
  'http2_max_field_size',
  'http2_max_header_size',
  'http2_max_requests',
  'http2_push',
  'http2_push_preload',
  'http2_recv_buffer_size',
  'http2_recv_timeout'
]

/** Directives of other people's modules that configurations use. The stock server refuses them. */
const foreignModules: Readonly<Record<string, readonly string[]>> = {
  'the module headers-more': [
    'more_set_headers',
    'more_clear_headers',
    'more_set_input_headers',
    'more_clear_input_headers'
  ],
  'the module upload_progress': [
    'upload_progress',
    'track_uploads',
    'report_uploads',
    'upload_progress_json_output',
    'upload_progress_header',
    'upload_progress_content_type',
    'upload_progress_template'
  ],
  'the module srcache': [
    'srcache_fetch',
    'srcache_store',
    'srcache_fetch_skip',
    'srcache_store_skip',
    'srcache_response_cache_control',
    'srcache_store_statuses',
    'srcache_ignore_content_encoding',
    'srcache_default_expire',
    'srcache_max_expire',
    'srcache_store_no_cache',
    'srcache_store_private',
    'srcache_request_cache_control',
    'srcache_store_no_store'
  ],
  'the module redis': [
    'redis_pass',
    'redis2_pass',
    'redis2_query',
    'redis_connect_timeout',
    'redis_read_timeout'
  ],
  'the module set-misc': ['set_escape_uri', 'set_unescape_uri', 'set_md5', 'set_random'],
  'the module echo': ['echo', 'echo_exec', 'echo_location', 'echo_status', 'echo_header'],
  'a patch for the size of TLS records': [
    'ssl_dyn_rec_enable',
    'ssl_dyn_rec_timeout',
    'ssl_dyn_rec_size_lo',
    'ssl_dyn_rec_size_hi',
    'ssl_dyn_rec_threshold'
  ],
  'the module lua': [
    'set_by_lua',
    'set_by_lua_file',
    'lua_package_path',
    'lua_shared_dict',
    'lua_code_cache',
    'content_by_lua',
    'access_by_lua',
    'rewrite_by_lua',
    'content_by_lua_file',
    'access_by_lua_file',
    'rewrite_by_lua_file',
    'header_filter_by_lua',
    'body_filter_by_lua',
    'log_by_lua',
    'init_by_lua',
    'access_by_lua_block',
    'balancer_by_lua_block',
    'body_filter_by_lua_block',
    'content_by_lua_block',
    'exit_worker_by_lua_block',
    'header_filter_by_lua_block',
    'init_by_lua_block',
    'init_worker_by_lua_block',
    'log_by_lua_block',
    'rewrite_by_lua_block',
    'server_rewrite_by_lua_block',
    'set_by_lua_block',
    'ssl_certificate_by_lua_block',
    'ssl_client_hello_by_lua_block',
    'ssl_session_fetch_by_lua_block',
    'ssl_session_store_by_lua_block'
  ],
  'the module njs': [
    'js_import',
    'js_path',
    'js_set',
    'js_var',
    'js_include',
    'js_header_filter',
    'js_body_filter'
  ],
  'the module pagespeed': ['pagespeed'],
  'the module vhost_traffic_status': [
    'vhost_traffic_status_zone',
    'vhost_traffic_status',
    'vhost_traffic_status_display',
    'vhost_traffic_status_display_format',
    'vhost_traffic_status_dump',
    'vhost_traffic_status_filter_by_host',
    'vhost_traffic_status_filter_by_set_key'
  ],
  'the module fancyindex': ['fancyindex', 'fancyindex_exact_size', 'fancyindex_localtime'],
  'the module modsecurity': ['modsecurity', 'modsecurity_rules_file', 'modsecurity_rules']
}

function named(names: readonly string[], topic: string, doc: string, where: readonly NginxContext[]): Rows {
  return Object.fromEntries(names.map((name) => [name, row(where, list, outside(topic), doc, repeats)]))
}

const anywhere: readonly NginxContext[] = [
  'main',
  'http',
  'server',
  'location',
  'if-in-server',
  'if-in-location',
  'limit_except',
  'upstream'
]

/** Of those, what has a say in requests that is not decided. Handlers are bindings like others. */
const foreignSay: Readonly<Record<string, NonNullable<More['undecided']>>> = {
  more_set_headers: { at: 'rewrite' },
  more_clear_headers: { at: 'rewrite' },
  more_set_input_headers: { at: 'rewrite' },
  more_clear_input_headers: { at: 'rewrite' },
  rewrite_by_lua: { at: 'rewrite' },
  rewrite_by_lua_file: { at: 'rewrite' },
  rewrite_by_lua_block: { at: 'rewrite' },
  server_rewrite_by_lua_block: { at: 'rewrite' },
  access_by_lua: { at: 'access' },
  access_by_lua_file: { at: 'access' },
  access_by_lua_block: { at: 'access' },
  header_filter_by_lua: { at: 'rewrite' },
  header_filter_by_lua_block: { at: 'rewrite' },
  body_filter_by_lua: { at: 'rewrite' },
  body_filter_by_lua_block: { at: 'rewrite' },
  js_header_filter: { at: 'rewrite' },
  js_body_filter: { at: 'rewrite' },
  pagespeed: { at: 'content', only: ['on'] },
  fancyindex: { at: 'folder', unless: ['off'] },
  modsecurity: { at: 'access', unless: ['off'] }
}

function foreign(): Rows {
  const entries = Object.entries(foreignModules).flatMap(([module, names]) =>
    names.map((name) => {
      const shape = name.endsWith('_block') ? block(0, 1) : args(0, many)
      const say = foreignSay[name]
      const more: More = { repeats: true, foreign: module, ...(say === undefined ? {} : { undecided: say }) }
      return [name, row(anywhere, shape, outside('other modules'), `Of ${module}`, more)] as const
    })
  )
  return Object.fromEntries(entries)
}

export const outsiders: Rows = {
  gzip: row(locationOrIf, flag, outside('compression'), 'Compress answers'),
  ...named(compression, 'compression', 'Compression of answers', location),
  ...Object.fromEntries(
    foreignCompression.map((name) => [
      name,
      row(locationOrIf, list, outside('compression'), 'Compression of answers', {
        repeats: true,
        foreign: 'a module for compression'
      })
    ])
  ),
  ...named(tls, 'tls', 'TLS towards clients', server),
  ...named(http2, 'http2', 'HTTP/2', server),
  open_file_cache_events: row(location, flag, outside('files'), 'Watch open files', {
    foreign: 'the commercial version'
  }),
  health_check: row(['location'], args(0, many), outside('health'), 'Health checks', {
    foreign: 'the commercial version'
  }),
  check_status: row(['location'], args(0, 1), outside('health'), 'Health checks', {
    foreign: 'a module for health checks'
  }),
  modern_browser: row(location, list, outside('browsers'), 'Browsers', repeats),
  modern_browser_value: row(location, text, outside('browsers'), 'Browsers'),
  ancient_browser: row(location, list, outside('browsers'), 'Browsers', repeats),
  ancient_browser_value: row(location, text, outside('browsers'), 'Browsers'),
  ...foreign()
}
