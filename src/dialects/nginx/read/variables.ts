import type { Span } from '../../../diagnostics/index.js'
import type { AnswerFact, Template, TemplatePart, VariableName } from '../../../model/index.js'
import type { Item, Session } from './session.js'
import type { Word } from '../../../../grammars/nginx/index.js'

/** nginx's variables that the model has names for. */
const known: ReadonlyMap<string, VariableName> = new Map([
  ['request_method', 'request.method'],
  ['request_uri', 'request.uri'],
  ['uri', 'path'],
  ['document_uri', 'path'],
  ['args', 'query'],
  ['query_string', 'query'],
  ['is_args', 'query.mark'],
  ['host', 'request.host'],
  ['scheme', 'request.scheme'],
  ['https', 'https'],
  ['document_root', 'document-root'],
  ['realpath_root', 'document-root.real'],
  ['request_filename', 'filename'],
  ['fastcgi_script_name', 'script.name'],
  ['fastcgi_path_info', 'script.path-info'],
  ['server_name', 'server.name'],
  ['server_addr', 'server.address'],
  ['server_port', 'server.port'],
  ['server_protocol', 'request.protocol'],
  ['remote_addr', 'remote.address'],
  ['remote_port', 'remote.port'],
  ['remote_user', 'remote.user'],
  ['content_type', 'request.content-type'],
  ['content_length', 'request.content-length'],
  ['request', 'request.line'],
  ['request_body', 'request.body'],
  ['request_id', 'request.id'],
  ['request_length', 'request.length'],
  ['request_time', 'request.time'],
  ['connection', 'connection.number'],
  ['connection_requests', 'connection.requests'],
  ['connection_time', 'connection.time'],
  ['limit_rate', 'send-rate'],
  ['limit_req_status', 'limits.requests'],
  ['limit_conn_status', 'limits.connections'],
  ['msec', 'time.seconds'],
  ['time_iso8601', 'time.iso'],
  ['time_local', 'time.log'],
  ['hostname', 'machine.name'],
  ['pid', 'process.id'],
  ['binary_remote_addr', 'remote.address.binary'],
  ['realip_remote_addr', 'remote.address.connection'],
  ['realip_remote_port', 'remote.port.connection']
])

/** What may change within a request, of which nginx keeps what it told first (rows of `ngx_http_core_variables` without NOCACHEABLE). */
const keptFromFirst: ReadonlySet<VariableName> = new Set([
  'remote.address',
  'remote.address.binary',
  'remote.port',
  'request.body'
])

/** Of an application's answer, or of what goes to the client. */
const ofAnswers: ReadonlyMap<string, AnswerFact> = new Map([
  ['upstream_status', 'status'],
  ['upstream_addr', 'address'],
  ['upstream_header_time', 'header-time'],
  ['upstream_response_time', 'response-time'],
  ['upstream_cache_status', 'cache-status'],
  ['status', 'sent-status']
])

/** Empty for every request that is served here: HTTP/1 without the PROXY protocol, not proxied, compressed or kept, and not over yet. */
const alwaysEmpty =
  /^(?:(?:arg|http|cookie)_|request_completion|http[23]|spdy|spdy_request_priority|proxy_protocol_(?:server_)?(?:addr|port)|upstream_trailer_.+|sent_trailer_.+|proxy_(?:host|port|internal_body_length|internal_chunked)|upstream_cache_(?:last_modified|etag)|gzip_ratio)$/

/** Built in, without a name in the model yet. */
const others: ReadonlySet<string> = new Set(
  [
    'ancient_browser binary_remote_addr body_bytes_sent bytes_sent bytes_received connection connection_requests',
    'connections_active connections_reading connections_waiting connections_writing date_gmt date_local',
    'geoip_area_code geoip_city geoip_city_continent_code geoip_city_country_code geoip_city_country_code3',
    'geoip_city_country_name geoip_country_code geoip_country_code3 geoip_country_name geoip_dma_code geoip_latitude',
    'geoip_longitude geoip_org geoip_postal_code geoip_region geoip_region_name gzip_ratio hostname http2 http3',
    'invalid_referer modern_browser msec msie nginx_version pid pipe',
    'proxy_add_x_forwarded_for proxy_host proxy_internal_body_length proxy_internal_chunked proxy_port',
    'proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr proxy_protocol_server_port realip_remote_addr',
    'realip_remote_port request request_body request_body_file request_completion request_id request_length',
    'request_time secure_link secure_link_expires slice_range spdy spdy_request_priority ssl_cipher ssl_ciphers',
    'ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn ssl_client_i_dn_legacy',
    'ssl_client_raw_cert ssl_client_s_dn ssl_client_s_dn_legacy ssl_client_serial ssl_client_v_end ssl_client_v_remain',
    'ssl_client_v_start ssl_client_verify ssl_curve ssl_curves ssl_early_data ssl_protocol ssl_server_name',
    'ssl_session_id ssl_session_reused ssl_alpn_protocol ssl_preread_server_name ssl_sigalgs status tcpinfo_rtt',
    'tcpinfo_rttvar tcpinfo_snd_cwnd tcpinfo_rcv_space time_iso8601 time_local uid_got uid_reset uid_set',
    'upstream_addr upstream_bytes_received upstream_bytes_sent upstream_cache_age upstream_cache_last_modified',
    'upstream_cache_etag upstream_cache_status upstream_connect_time upstream_header_time upstream_last_server_name',
    'upstream_queue_time upstream_response_length upstream_response_time upstream_status request_port is_request_port',
    'memcached_key'
  ].flatMap((line) => line.split(' '))
)

const families = /^(?:http|arg|cookie|sent_http|sent_trailer|upstream_http|upstream_trailer|upstream_cookie)_/

/** The built-in variables that `set` and `map` may give another value. */
const changeable = /^(?:args|limit_rate|memcached_key)$/

/** Of the families, those that nginx has rows of their own for. */
const fixed =
  /^(?:http_(?:host|user_agent|referer|via|x_forwarded_for|cookie)|sent_http_(?:content_type|content_length|location|last_modified|connection|keep_alive|transfer_encoding|cache_control|link))$/

/** Of a header, an argument or a cookie: what it is unless the configuration says so. */
export function isOfFamily(name: string): boolean {
  return families.test(name)
}

export function isBuiltIn(name: string): boolean {
  return known.has(name) || others.has(name) || families.test(name)
}

export function maySet(name: string): boolean {
  return !isBuiltIn(name) || changeable.test(name) || (families.test(name) && !fixed.test(name))
}

export interface Reading {
  readonly template: Template
  /** All of it has a place in the model. */
  readonly complete: boolean
}

/** A text with `$name` and `${name}`. What is wrong in it is reported. */
export function readTemplate(session: Session, item: Item, word: Word): Reading {
  return readText(session, word.value, session.word(item, word))
}

/** What texts mean that have variables of the server's own alone: most places of most configurations say the same few. */
const plain = new Map<string, Template>()
const most = 1000

export function readText(session: Session, text: string, span: Span): Reading {
  if (!text.includes('$')) return { template: text === '' ? [] : [{ kind: 'text', text }], complete: true }
  // A group of a pattern may have the name of a variable.
  const mayBePlain = session.captures.size === 0
  const before = mayBePlain ? plain.get(text) : undefined
  if (before !== undefined) return { template: before, complete: true }
  const parts: TemplatePart[] = []
  let complete = true
  let isPlain = mayBePlain
  let done = 0
  for (const match of text.matchAll(/\$(?:\{(\w*)(\}?)|([1-9]|\w*))/g)) {
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) })
    done = match.index + match[0].length
    const name = match[1] ?? match[3] ?? ''
    if (match[1] !== undefined && match[2] === '') {
      isPlain = false
      session.refuse(
        'nginx/invalid-variable',
        span,
        `The closing \`}\` of the variable \`\${${name}\` is missing`,
        'write `${name}`'
      )
      continue
    }
    if (name === '') {
      isPlain = false
      const hint = 'nginx cannot write a plain `$` here; let a `map` or `geo` variable hold it'
      session.refuse('nginx/invalid-variable', span, 'A `$` without the name of a variable', hint)
      continue
    }
    const part = readVariable(session, name, span)
    parts.push(...part)
    if (!known.has(name)) isPlain = false
    if (isBuiltIn(name) && !session.defined.has(name) && part.some(isUnread)) complete = false
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) })
  if (isPlain && plain.size < most) plain.set(text, parts)
  return { template: parts, complete }
}

function isUnread(part: TemplatePart): boolean {
  return part.kind === 'user' && part.otherwise === undefined
}

/** The only headers that nginx knows to come again before its release 1.23. */
const joins: ReadonlyMap<string, string> = new Map([
  ['cookie', '; '],
  ['x-forwarded-for', ', ']
])

/** And of answers. */
const joinedAnswers: ReadonlySet<string> = new Set(['cache-control', 'link'])

function headerPart(name: string): Extract<TemplatePart, { kind: 'header' }> {
  const join = joins.get(name)
  return { kind: 'header', name, ...(join === undefined ? {} : { join }) }
}

function requestHeader(session: Session, variable: string, header: string): TemplatePart {
  const part = headerPart(header)
  return session.keepsUnderscores && !fixed.test(variable) ? { ...part, alike: true } : part
}

/** The header with the client's address behind it, the address alone where there is none. */
const forwardedFor: Template = [
  {
    kind: 'part',
    of: [
      headerPart('x-forwarded-for'),
      { kind: 'text', text: ', ' },
      { kind: 'variable', name: 'remote.address' }
    ],
    matching: { source: '^(?:, )?(.*)$', ignoreCase: false }
  }
]

function readVariable(session: Session, name: string, span: Span): Template {
  if (/^[1-9]/.test(name)) {
    session.usesCaptures = true
    return [{ kind: 'capture', group: Number(name.charAt(0)), from: 'last' }]
  }
  const source = session.captures.get(name)
  if (source !== undefined) return [{ kind: 'capture', group: name, from: source }]
  // A `map` or `set` of that name takes the place of the header, cookie or argument.
  if (families.test(name) && session.defined.has(name)) return [{ kind: 'user', name }]
  const part = builtIn(session, name, span)
  return session.assigned.has(name) ? [{ kind: 'user', name, otherwise: part }] : part
}

function builtIn(session: Session, name: string, span: Span): Template {
  const neutral = known.get(name)
  if (neutral !== undefined)
    return [{ kind: 'variable', name: neutral, ...(keptFromFirst.has(neutral) && { first: true }) }]
  if (name === 'proxy_add_x_forwarded_for') return forwardedFor
  if (name === 'nginx_version') return [{ kind: 'text', text: session.version }]
  const [, family, rest] = /^(http|arg|cookie)_(.+)$/.exec(name) ?? []
  if (rest !== undefined) {
    switch (family) {
      case 'http':
        return [requestHeader(session, name, rest.toLowerCase().replaceAll('_', '-'))]
      case 'arg':
        return [{ kind: 'argument', name: rest }]
      case 'cookie':
        return [{ kind: 'cookie', name: rest }]
      default:
        break
    }
  }
  const fact = answerFact(name)
  if (fact !== undefined)
    return [{ kind: 'answer', of: fact, ...(typeof fact === 'object' && 'sent' in fact && { first: true }) }]
  if (name.startsWith('ssl_') && isBuiltIn(name)) return [{ kind: 'tls', fact: name.slice('ssl_'.length) }]
  if (alwaysEmpty.test(name)) return []
  if (!isBuiltIn(name)) session.use(name, span)
  return [{ kind: 'user', name }]
}

function answerFact(name: string): AnswerFact | undefined {
  const [, family, rest = ''] = /^(upstream_http|upstream_cookie|sent_http)_(.+)$/.exec(name) ?? []
  const header = rest.toLowerCase().replaceAll('_', '-')
  switch (family) {
    case 'upstream_http':
      return { header }
    case 'upstream_cookie':
      return { cookie: rest.toLowerCase() }
    case 'sent_http':
      return joinedAnswers.has(header) ? { sent: header, join: ', ' } : { sent: header }
    default:
      return ofAnswers.get(name)
  }
}
