import { later, outside, read } from '../../vocabulary.js'
import type { RowState, Shape } from '../../vocabulary.js'
import * as r from './row.js'

const proxy = r.inModule('mod_proxy', 'mod_proxy.html')
const fcgi = r.inModule('mod_proxy_fcgi', 'mod_proxy_fcgi.html')
/** Read by C's atoi. */
const range = (min: number, max?: number): Shape => ({
  kind: 'number',
  min,
  ...(max !== undefined && { max })
})

const named = ['ProxyPass', 'ProxyPassMatch', 'ProxySet', 'Proxy'] as const
/** Behind the URL of an application, and behind that of a balancer (mod_proxy: `set_worker_param`, `set_balancer_param`). */
const workers = [...named, 'BalancerMember', 'application'] as const
const balancers = [...named, 'balancer'] as const

/** A `key=value` behind a URL. Its row's name ends in `=`, as no directive's does. */
function parameter(where: readonly string[]) {
  return (key: string, shape: Shape, state: RowState, doc: string, standard?: string) =>
    proxy(`${key}=`, where, shape, state, doc, standard === undefined ? {} : { default: standard })
}

const worker = parameter(workers)
const balancer = parameter(balancers)

export const proxyRows: r.Rows = [
  proxy(
    'ProxyPass',
    [...r.servers, 'location'],
    r.atLeast(1),
    read('bindings'),
    'Hand URLs below a path to another server.'
  ),
  proxy(
    'ProxyPassMatch',
    [...r.servers, 'location'],
    r.atLeast(1),
    read('bindings'),
    'Hand URLs that match a regular expression to another server.'
  ),
  proxy(
    'Proxy',
    r.servers,
    r.block(0, 99),
    read('pool'),
    'Settings for requests to a server behind, and its parameters.'
  ),
  proxy('ProxyMatch', r.servers, r.block(1, 1), read('pool'), 'The same, by a regular expression.'),
  proxy(
    'ProxySet',
    [...r.servers, 'proxy', 'location', 'directory'],
    r.atLeast(1),
    read('pool'),
    'Parameters of a server behind.'
  ),
  proxy(
    'BalancerMember',
    [...r.servers, 'proxy', 'location', 'directory'],
    r.atLeast(1),
    read('pool.members'),
    'One of several servers behind a name.'
  ),
  proxy(
    'ProxyErrorOverride',
    r.anywhere,
    r.atLeast(1),
    read('ownErrors'),
    'Error pages of this server for errors of applications.',
    { default: 'Off' }
  ),
  proxy(
    'ProxyTimeout',
    r.servers,
    r.seconds,
    read('pool.connection.readTimeout'),
    'Seconds of silence until 504.'
  ),
  proxy(
    'ProxyPassInherit',
    r.servers,
    r.flag,
    read('bindings'),
    'With BalancerInherit off as well, a host does not have the main server’s workers; its ProxyPass lines it has anyway.',
    { default: 'On' }
  ),
  proxy(
    'BalancerInherit',
    r.servers,
    r.flag,
    read('pool'),
    'With ProxyPassInherit off as well, a host does not have the main server’s workers.',
    { default: 'On' }
  ),
  proxy('ProxyRequests', r.servers, r.flag, later('bindings'), 'Be a proxy for anybody.', { default: 'Off' }),
  proxy(
    'ProxyPreserveHost',
    r.anywhere,
    r.flag,
    outside('HTTP proxying'),
    'Tell the Host header as it came.'
  ),
  proxy('ProxyVia', r.servers, r.text, outside('HTTP proxying'), 'The Via header.'),
  proxy(
    'ProxyPassReverse',
    r.anywhere,
    r.atLeast(1),
    outside('HTTP proxying'),
    'Change Location headers of answers.'
  ),
  proxy(
    'ProxyPassReverseCookieDomain',
    r.anywhere,
    r.atLeast(1),
    outside('HTTP proxying'),
    'Change cookies of answers.'
  ),
  proxy(
    'ProxyPassReverseCookiePath',
    r.anywhere,
    r.atLeast(1),
    outside('HTTP proxying'),
    'Change cookies of answers.'
  ),
  proxy('ProxyPassInterpolateEnv', r.anywhere, r.flag, later('bindings'), 'Replace variables in ProxyPass.', {
    default: 'Off'
  }),
  proxy('ProxyAddHeaders', r.anywhere, r.flag, outside('HTTP proxying'), 'Add X-Forwarded headers.', {
    default: 'On'
  }),
  fcgi(
    'ProxyFCGIBackendType',
    r.anywhereAndHtaccess,
    r.oneOf('FPM', 'GENERIC'),
    read('bindings'),
    'Whether SCRIPT_FILENAME keeps `proxy:fcgi://`.',
    { default: 'FPM' }
  ),
  fcgi(
    'ProxyFCGISetEnvIf',
    r.anywhereAndHtaccess,
    r.words(2, 3),
    read('paramChanges'),
    'Change params by an expression.'
  ),

  worker('min', range(0), outside('connection pools'), 'Connections kept at least.', '0'),
  worker('max', range(0), read('member.maxConnections'), 'Connections at most.'),
  worker('smax', range(0), outside('connection pools'), 'Connections kept when idle.'),
  worker('acquire', r.number, later('pool.connection'), 'Milliseconds to wait for a free connection.'),
  worker('connectiontimeout', r.seconds, read('pool.connection.connectTimeout'), 'Seconds to connect.'),
  worker(
    'disablereuse',
    r.flag,
    read('pool.connection.keep'),
    'Close connections after each request.',
    'Off'
  ),
  worker('enablereuse', r.flag, read('pool.connection.keep'), 'Keep connections.'),
  worker(
    'flushpackets',
    r.oneOf('on', 'off', 'auto'),
    read('target.response'),
    'Send each piece of an answer at once.',
    'off'
  ),
  worker('flushwait', range(0, 1000), outside('buffers'), 'Milliseconds to wait for more.', '10'),
  worker('iobuffersize', r.number, outside('buffers'), 'Bytes of a buffer.', '8192'),
  worker(
    'responsefieldsize',
    r.number,
    later('response.head.limit'),
    'Most bytes of a header of an answer.',
    '8192'
  ),
  worker('keepalive', r.flag, outside('connection pools'), 'TCP keep-alive.', 'Off'),
  worker('lbset', range(0, 99), read('pool.members'), 'Group of members that is tried first.', '0'),
  worker('loadfactor', range(1, 100), read('member.weight'), 'Share of the requests.', '1'),
  worker('ping', r.text, outside('connection pools'), 'Ask before sending a request.'),
  worker('receivebuffersize', r.number, outside('buffers'), 'Bytes of the receive buffer.', '0'),
  worker('redirect', r.text, read('member.standIn'), 'Route to take when this one fails.'),
  worker('retry', range(0), read('member.failure'), 'Seconds that a failed server is left alone.', '60'),
  worker('route', r.text, read('member.route'), 'Name in session identifiers.'),
  worker('status', r.text, read('pool.members'), 'State at start.'),
  parameter([...workers, 'balancer'])(
    'timeout',
    range(1),
    read('pool.connection.readTimeout'),
    'Seconds of silence until 504.'
  ),
  worker('ttl', range(1), outside('connection pools'), 'Seconds that idle connections are kept.'),
  worker('secret', r.text, outside('AJP'), 'Shared secret.'),
  worker('upgrade', r.text, outside('WebSocket'), 'Protocol to change to.'),
  balancer(
    'lbmethod',
    r.oneOf('byrequests', 'bytraffic', 'bybusyness', 'heartbeat'),
    read('pool.balance'),
    'How a member is chosen.',
    'byrequests'
  ),
  balancer('maxattempts', range(0), read('pool.retry.tries'), 'Further members tried before giving up.'),
  balancer('forcerecovery', r.flag, read('pool.allOut'), 'Try all members again when all have failed.', 'On'),
  balancer('stickysession', r.text, read('pool.sessions'), 'Cookie or argument that names a route.'),
  balancer('stickysessionsep', r.text, read('pool.sessions'), 'What stands between session and route.', '.'),
  balancer(
    'scolonpathdelim',
    r.flag,
    read('pool.sessions'),
    'Look for the route behind a semicolon too.',
    'Off'
  ),
  balancer('nofailover', r.flag, read('pool.sessions'), 'Break a session whose member is gone.', 'Off'),
  balancer('failonstatus', r.text, read('member.failure'), 'Statuses that count as a failure.'),
  balancer('failontimeout', r.flag, read('member.failure'), 'Whether silence counts as a failure.', 'Off'),
  balancer('nonce', r.text, outside('balancer-manager'), 'Secret of the balancer-manager.'),
  balancer(
    'growth',
    range(1, 100),
    outside('balancer-manager'),
    'Members that may be added while it runs.',
    '5'
  )
]
