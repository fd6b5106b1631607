import { later, outside, read } from '../../vocabulary.js'
import type { RowState, Shape } from '../../vocabulary.js'
import * as r from './row.js'

const proxy = r.inModule('mod_proxy', 'mod_proxy.html')
const fcgi = r.inModule('mod_proxy_fcgi', 'mod_proxy_fcgi.html')
const workers = ['ProxyPass', 'ProxyPassMatch', 'BalancerMember', 'ProxySet', 'Proxy'] as const

/** A `key=value` behind a worker's URL. Its row's name ends in `=`, as no directive's does. */
function worker(key: string, shape: Shape, state: RowState, doc: string, standard?: string) {
  return proxy(`${key}=`, workers, shape, state, doc, standard === undefined ? {} : { default: standard })
}

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
    r.block(1, 99),
    read('pool'),
    'Settings for requests to a server behind, and its parameters.'
  ),
  proxy('ProxyMatch', r.servers, r.block(1, 1), later('pool'), 'The same, by a regular expression.'),
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
    'Whether a host has the main server’s ProxyPass lines.',
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
  proxy('ProxyAddHeaders', r.anywhere, r.flag, later('params'), 'Add X-Forwarded headers.', {
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

  worker('min', r.number, outside('connection pools'), 'Connections kept at least.', '0'),
  worker('max', r.number, read('member.maxConnections'), 'Connections at most.'),
  worker('smax', r.number, outside('connection pools'), 'Connections kept when idle.'),
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
    later('response'),
    'Send each piece of an answer at once.',
    'off'
  ),
  worker('flushwait', r.number, outside('buffers'), 'Milliseconds to wait for more.', '10'),
  worker('iobuffersize', r.number, outside('buffers'), 'Bytes of a buffer.', '8192'),
  worker(
    'responsefieldsize',
    r.number,
    later('response.head.limit'),
    'Most bytes of a header of an answer.',
    '8192'
  ),
  worker('keepalive', r.flag, outside('connection pools'), 'TCP keep-alive.', 'Off'),
  worker('lbset', r.number, read('pool.members'), 'Group of members that is tried first.', '0'),
  worker('loadfactor', r.number, read('member.weight'), 'Share of the requests.', '1'),
  worker('ping', r.text, outside('connection pools'), 'Ask before sending a request.'),
  worker('receivebuffersize', r.number, outside('buffers'), 'Bytes of the receive buffer.', '0'),
  worker('redirect', r.text, later('pool.members'), 'Route to take when this one fails.'),
  worker('retry', r.seconds, read('member.failure'), 'Seconds that a failed server is left alone.', '60'),
  worker('route', r.text, read('member.route'), 'Name in session identifiers.'),
  worker('status', r.text, read('pool.members'), 'State at start.'),
  worker('timeout', r.seconds, read('pool.connection.readTimeout'), 'Seconds of silence until 504.'),
  worker('ttl', r.seconds, outside('connection pools'), 'Seconds that idle connections are kept.'),
  worker('secret', r.text, outside('AJP'), 'Shared secret.'),
  worker('upgrade', r.text, outside('WebSocket'), 'Protocol to change to.'),
  worker(
    'lbmethod',
    r.oneOf('byrequests', 'bytraffic', 'bybusyness', 'heartbeat'),
    read('pool.balance'),
    'How a member is chosen.',
    'byrequests'
  ),
  worker('maxattempts', r.number, read('pool.retry.tries'), 'Further members tried before giving up.'),
  worker('forcerecovery', r.flag, read('pool.allOut'), 'Try all members again when all have failed.', 'On'),
  worker('stickysession', r.text, later('pool.members'), 'Cookie or argument that names a route.'),
  worker('stickysessionsep', r.text, later('pool.members'), 'What stands between session and route.', '.'),
  worker(
    'scolonpathdelim',
    r.flag,
    later('pool.members'),
    'Look for the route behind a semicolon too.',
    'Off'
  ),
  worker('nofailover', r.flag, later('pool.members'), 'Break a session whose member is gone.', 'Off'),
  worker('failonstatus', r.text, later('pool.members'), 'Statuses that count as a failure.'),
  worker('failontimeout', r.flag, later('pool.members'), 'Whether silence counts as a failure.', 'Off'),
  worker('nonce', r.text, outside('balancer-manager'), 'Secret of the balancer-manager.'),
  worker('growth', r.number, outside('balancer-manager'), 'Members that may be added while it runs.', '5')
]
