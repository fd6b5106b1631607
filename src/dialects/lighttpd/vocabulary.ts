import { outside, read, structure, undecided } from '../vocabulary.js'
import type { Row, RowState, Shape } from '../vocabulary.js'
import { shapeOfOutside } from './outside-values.js'

/**
 * The directives of lighttpd 1.4 and the options of a `fastcgi.server` host, each once. Types, scopes and modules are those of the
 * tables that the server checks values against (`config_plugin_keys_t`).
 */

/** `server`: in the global scope only; `socket`: there and in `$SERVER["socket"]`; `any`: in every block. */
type Where = 'server' | 'socket' | 'any' | 'fastcgi.server'
type Extra = Partial<Pick<Row, 'default' | 'since' | 'deprecated' | 'module' | 'onBadValue' | 'link'>>

const flag: Shape = { kind: 'flag' }
const text: Shape = { kind: 'text' }
const path: Shape = { kind: 'path' }
const number: Shape = { kind: 'number', min: 0 }
const short: Shape = { kind: 'number', min: 0, max: 65535 }
const seconds: Shape = { kind: 'time', unit: 's' }
const texts: Shape = { kind: 'list', of: 'text' }
const pairs: Shape = { kind: 'list', of: 'pair' }
const hosts: Shape = { kind: 'list', of: 'host' }
const word = (...of: readonly string[]): Shape => ({ kind: 'word', of })

type Line = readonly [
  name: string,
  where: Where,
  shape: Shape,
  state: RowState,
  doc: string,
  extra?: Extra | undefined
]

const core: readonly Line[] = [
  ['server.document-root', 'any', path, read('root'), 'Directory that URL paths are mapped to; required.'],
  [
    'server.port',
    'server',
    short,
    read('listeners'),
    'Port of the first listener.',
    { default: '80 (443 with ssl.engine)' }
  ],
  [
    'server.bind',
    'server',
    text,
    read('listeners'),
    'Address, host name or `/socket` of the first listener.',
    { default: 'every address' }
  ],
  [
    'server.systemd-socket-activation',
    'server',
    flag,
    read('activation'),
    'Whether sockets are taken that systemd hands over.',
    { default: 'disable', since: '1.4.53' }
  ],
  ['server.name', 'any', text, read('serverName'), 'SERVER_NAME in place of the Host header.'],
  ['server.tag', 'any', text, read('serverSoftware'), 'Server header and SERVER_SOFTWARE.'],
  [
    'server.modules',
    'server',
    texts,
    read('pipeline'),
    'Modules to load; their order is the order in which they see a request.'
  ],
  [
    'server.compat-module-load',
    'server',
    flag,
    read('pipeline'),
    'Load mod_indexfile, mod_dirlisting and mod_staticfile unasked where they are needed.',
    { default: 'enable' }
  ],
  [
    'server.max-request-size',
    'any',
    number,
    read('maxBodySize'),
    'Largest request body in KB; 0 is no limit.',
    { default: '0' }
  ],
  [
    'mimetype.assign',
    'any',
    pairs,
    read('mediaTypes'),
    'Content-Type by the end of the file name; `""` for all others.'
  ],
  [
    'server.range-requests',
    'any',
    flag,
    read('response'),
    'Answer Range requests, for complete answers of applications too.',
    { default: 'enable' }
  ],
  [
    'ssl.engine',
    'socket',
    flag,
    read('listeners'),
    'Speak TLS on the listener.',
    { module: 'mod_openssl', default: 'disable' }
  ],
  [
    'server.http-parseopts',
    'server',
    pairs,
    read('request'),
    'Switches for how a request line and its headers are checked and normalised.'
  ],
  ...['header-strict', 'host-strict', 'host-normalize'].map((name): Line => [
    `server.http-parseopt-${name}`,
    'server',
    flag,
    read('request'),
    'A switch of server.http-parseopts by itself.',
    { deprecated: { instead: 'server.http-parseopts' } }
  ]),
  [
    'server.stream-request-body',
    'any',
    short,
    read('streamsBody'),
    'Pass the body on while it comes in (1, 2) or read it whole first (0).',
    { default: '0' }
  ],
  [
    'server.stream-response-body',
    'any',
    short,
    read('response'),
    'Pass the answer on while it comes (1, 2) or buffer it (0).',
    { default: '0' }
  ],
  [
    'server.max-request-field-size',
    'server',
    number,
    read('request'),
    'Largest request head in bytes.',
    { default: '8192', since: '1.4.42' }
  ],
  ['server.error-handler-404', 'any', text, read('errorPages'), 'URL path that answers for 404 and 403.'],
  [
    'server.error-handler',
    'any',
    text,
    read('errorPages'),
    'URL path that answers for every status from 400 on.',
    { since: '1.4.40' }
  ],
  [
    'server.error-intercept',
    'any',
    flag,
    read('response'),
    'Send error answers of applications through the error handlers too.',
    { since: '1.4.46', default: 'disable' }
  ],
  [
    'server.errorfile-prefix',
    'any',
    text,
    read('errorFiles'),
    'File name without `STATUS.html` whose text is the body of error answers.'
  ],
  [
    'server.follow-symlink',
    'any',
    flag,
    read('symlinks'),
    'Follow symbolic links; off answers 403 for them.',
    { default: 'enable' }
  ],
  [
    'server.force-lowercase-filenames',
    'any',
    flag,
    read('lowerCaseFiles'),
    'Map URL paths to lower-case file names.',
    { default: 'disable' }
  ],
  [
    'server.max-worker',
    'server',
    short,
    read('member.process.adaptive'),
    'Worker processes, each with its own view of the backends; 0 is one process.',
    { default: '0' }
  ],
  ['server.use-ipv6', 'socket', flag, read('listeners'), 'Listen on IPv6 as well.', { default: 'disable' }],
  ['server.set-v6only', 'socket', flag, read('listeners'), 'IPv6 listeners take no IPv4 connections.'],
  ['server.v4mapped', 'socket', flag, read('listeners'), 'IPv6 listeners take IPv4 connections too.'],
  [
    'server.chroot',
    'server',
    path,
    read('changedRoot'),
    'Directory that becomes `/` for the server and its programs.'
  ],
  [
    'server.username',
    'server',
    text,
    read('member.process.user'),
    'User that the server and the programs it starts run as.'
  ],
  ['server.groupname', 'server', text, read('member.process.group'), 'Group of the server and its programs.'],
  [
    'server.feature-flags',
    'server',
    { kind: 'list', of: 'keyed' },
    outside('protocol'),
    'Switches of newer features.'
  ],
  [
    'server.dir-listing',
    'any',
    flag,
    read('bindings'),
    'Old name of dir-listing.activate.',
    { module: 'mod_dirlisting', deprecated: { instead: 'dir-listing.activate' } }
  ],
  [
    'server.indexfiles',
    'any',
    texts,
    read('index'),
    'Old name of index-file.names.',
    { module: 'mod_indexfile', deprecated: { instead: 'index-file.names' } }
  ]
]

const fastcgi: readonly Line[] = [
  ['fastcgi.server', 'any', hosts, read('bindings'), 'Applications by the end or the beginning of the path.'],
  [
    'fastcgi.map-extensions',
    'any',
    pairs,
    read('bindings'),
    'Suffixes that are answered as another key of fastcgi.server is.'
  ],
  [
    'fastcgi.balance',
    'any',
    word('least-connection', 'fair', 'round-robin', 'hash', 'sticky'),
    read('pool.balance'),
    'How one of several hosts is chosen.',
    { default: 'least-connection', since: '1.4.50', onBadValue: 'warns' }
  ],
  ['fastcgi.debug', 'any', number, read('toldOfApplications'), 'Log what the module does.', { default: '0' }]
]

const options: readonly Line[] = [
  [
    'host',
    'fastcgi.server',
    text,
    read('member.address'),
    'Address or name of the application, without a port.'
  ],
  ['port', 'fastcgi.server', short, read('member.address'), 'Port of the application.', { default: '80' }],
  ['socket', 'fastcgi.server', path, read('member.address'), 'Path of the application’s Unix socket.'],
  [
    'bin-path',
    'fastcgi.server',
    text,
    read('member.process.command'),
    'Program to start, with arguments split at every blank.'
  ],
  [
    'bin-environment',
    'fastcgi.server',
    pairs,
    read('member.process.environment'),
    'Variables added to the program’s environment.'
  ],
  [
    'bin-copy-environment',
    'fastcgi.server',
    texts,
    read('member.process.inherit'),
    'The only variables of the server’s environment that the program gets.'
  ],
  [
    'min-procs',
    'fastcgi.server',
    short,
    read('member.process.minimum'),
    'Processes at start.',
    { default: '4', since: '1.4.46' }
  ],
  [
    'max-procs',
    'fastcgi.server',
    short,
    read('member.process.maximum'),
    'Processes at most.',
    { default: '4' }
  ],
  [
    'max-load-per-proc',
    'fastcgi.server',
    short,
    read('member.process.adaptive'),
    'One more process is started when each has more requests than this.',
    { default: '1' }
  ],
  [
    'idle-timeout',
    'fastcgi.server',
    seconds,
    read('member.process.adaptive'),
    'Seconds after which an idle process above min-procs is ended.',
    { default: '60' }
  ],
  [
    'listen-backlog',
    'fastcgi.server',
    number,
    read('member.process.backlog'),
    'Connections that may wait at a socket the server makes.',
    { default: '1024' }
  ],
  [
    'kill-signal',
    'fastcgi.server',
    short,
    read('member.process.killSignal'),
    'Number of the signal that ends a program.',
    { default: '15', since: '1.4.14' }
  ],
  [
    'mode',
    'fastcgi.server',
    word('responder', 'authorizer'),
    read('binding.role'),
    'What the application is asked for.',
    { default: 'responder', onBadValue: 'warns' }
  ],
  [
    'docroot',
    'fastcgi.server',
    path,
    read('script.root'),
    'Document root on the application’s side; for an authorizer also that of allowed requests.'
  ],
  [
    'check-local',
    'fastcgi.server',
    flag,
    read('binding.mustExist'),
    'Ask the application only for files that exist.',
    { default: 'enable' }
  ],
  [
    'broken-scriptfilename',
    'fastcgi.server',
    flag,
    read('script.keepPathInfo'),
    'Leave PATH_INFO in SCRIPT_FILENAME.',
    { default: 'disable' }
  ],
  [
    'fix-root-scriptname',
    'fastcgi.server',
    flag,
    read('script.split'),
    'For the key `/`: all of the path is PATH_INFO.',
    { default: 'disable', since: '1.4.23' }
  ],
  [
    'strip-request-uri',
    'fastcgi.server',
    text,
    read('script.stripUri'),
    'Removed from the front of REQUEST_URI.',
    { since: '1.4.8' }
  ],
  [
    'disable-time',
    'fastcgi.server',
    seconds,
    read('member.failure'),
    'Seconds a host stays out that could not be reached.',
    { default: '1' }
  ],
  [
    'connect-timeout',
    'fastcgi.server',
    number,
    read('connection.connectTimeout'),
    'Seconds to wait for a connection.',
    { default: '8', since: '1.4.60' }
  ],
  [
    'read-timeout',
    'fastcgi.server',
    number,
    read('connection.readTimeout'),
    'Seconds without data from the application; 0 is no limit.',
    { default: '0', since: '1.4.60' }
  ],
  [
    'write-timeout',
    'fastcgi.server',
    number,
    read('connection.sendTimeout'),
    'Seconds in which the application takes no data; 0 is no limit.',
    { default: '0', since: '1.4.60' }
  ],
  [
    'x-sendfile',
    'fastcgi.server',
    flag,
    read('sendfile'),
    'Let the application name a file to be sent.',
    { default: 'disable', since: '1.4.40' }
  ],
  [
    'allow-x-send-file',
    'fastcgi.server',
    flag,
    read('sendfile'),
    'Old name of x-sendfile.',
    { default: 'disable', deprecated: { since: '1.4.40', instead: 'x-sendfile' } }
  ],
  [
    'x-sendfile-docroot',
    'fastcgi.server',
    texts,
    read('sendfile.roots'),
    'Directories that files may be sent from; none is no limit.',
    { since: '1.4.40' }
  ],
  [
    'tcp-fin-propagate',
    'fastcgi.server',
    flag,
    read('member.passesOnEnd'),
    'Tell a TCP backend that the client has closed its sending side.',
    { default: 'disable', since: '1.4.50' }
  ]
]

const around: readonly Line[] = [
  [
    'index-file.names',
    'any',
    texts,
    read('index'),
    'Files that answer for their directory, the first that exists.',
    { module: 'mod_indexfile' }
  ],
  [
    'alias.url',
    'any',
    pairs,
    read('aliases'),
    'Prefixes of the URL path that are mapped elsewhere.',
    { module: 'mod_alias' }
  ],
  [
    'url.access-deny',
    'any',
    texts,
    read('access'),
    'Ends of the URL path that are answered with 403.',
    { module: 'mod_access' }
  ],
  [
    'url.access-allow',
    'any',
    texts,
    read('access'),
    'The only ends of the URL path that are not answered with 403.',
    { module: 'mod_access' }
  ],
  [
    'static-file.exclude-extensions',
    'any',
    texts,
    read('staticRefused'),
    'Ends of file names that are not sent as static files.',
    { module: 'mod_staticfile' }
  ],
  [
    'static-file.disable-pathinfo',
    'any',
    flag,
    read('pathInfoTaken'),
    'Answer 404 for static files with further path.',
    { module: 'mod_staticfile', default: 'disable' }
  ],
  [
    'static-file.etags',
    'any',
    flag,
    outside('caching'),
    'Send ETag with static files.',
    { module: 'mod_staticfile' }
  ],
  [
    'url.redirect',
    'any',
    pairs,
    read('redirects'),
    'Regular expressions on path and query, with where to send the client.',
    { module: 'mod_redirect' }
  ],
  [
    'url.redirect-code',
    'any',
    short,
    read('redirects'),
    'Status of redirects.',
    { module: 'mod_redirect', default: '301' }
  ],
  ...(
    [
      ['url.rewrite-once', 'Rewrite the target; the first rule that fits is the last.'],
      ['url.rewrite', 'Old name of url.rewrite-once.'],
      ['url.rewrite-final', 'Old name of url.rewrite-once.'],
      ['url.rewrite-repeat', 'Rewrite the target again and again until no rule fits.']
    ] as const
  ).map(([name, doc]): Line => [name, 'any', pairs, read('rewrites'), doc, { module: 'mod_rewrite' }]),
  ...(
    [
      ['url.rewrite-if-not-file', 'Rewrite targets that are no file.'],
      ['url.rewrite-repeat-if-not-file', 'Rewrite targets that are no file, again and again.']
    ] as const
  ).map(([name, doc]): Line => [name, 'any', pairs, read('missingRewrites'), doc, { module: 'mod_rewrite' }]),
  ...(
    [
      ['setenv.add-environment', 'environment', 'Params appended to those of every request.'],
      ['setenv.set-environment', 'environment', 'Params appended, replacing those set before.'],
      ['setenv.add-request-header', 'requestHeaders', 'Request headers added.'],
      ['setenv.set-request-header', 'requestHeaders', 'Request headers set or removed.'],
      ['setenv.add-response-header', 'responseHeaders', 'Headers added to the answer.'],
      ['setenv.set-response-header', 'responseHeaders', 'Headers of the answer set or removed.']
    ] as const
  ).map(([name, as, doc]): Line => [name, 'any', pairs, read(as), doc, { module: 'mod_setenv' }]),
  [
    'auth.require',
    'any',
    { kind: 'list', of: 'options' },
    read('authentication'),
    'Paths that need a password.',
    { module: 'mod_auth' }
  ],
  [
    'auth.backend',
    'any',
    text,
    read('authentication'),
    'Where users and passwords are kept.',
    { module: 'mod_auth' }
  ],
  [
    'auth.backend.plain.userfile',
    'any',
    path,
    read('authentication'),
    'File with lines `name:password`.',
    { module: 'mod_authn_file' }
  ],
  [
    'auth.backend.htpasswd.userfile',
    'any',
    path,
    read('authentication'),
    'File with lines `name:hash`.',
    { module: 'mod_authn_file' }
  ],
  [
    'auth.extern-authn',
    'any',
    flag,
    read('authentication'),
    'Take REMOTE_USER as set.',
    { module: 'mod_auth' }
  ],
  [
    'evhost.path-pattern',
    'any',
    text,
    read('root'),
    'Document root made of the host name.',
    { module: 'mod_evhost' }
  ],
  [
    'simple-vhost.server-root',
    'any',
    path,
    read('root'),
    'Directory with one directory a host.',
    { module: 'mod_simple_vhost' }
  ],
  [
    'simple-vhost.document-root',
    'any',
    path,
    read('root'),
    'Directory below that of the host.',
    { module: 'mod_simple_vhost' }
  ],
  [
    'simple-vhost.default-host',
    'any',
    text,
    read('root'),
    'Host used for unknown names.',
    { module: 'mod_simple_vhost' }
  ],
  [
    'userdir.path',
    'any',
    path,
    undecided,
    'Directory of users that `/~user/` shows.',
    { module: 'mod_userdir' }
  ],
  ['cgi.assign', 'any', pairs, undecided, 'Programs that answer as CGI by extension.', { module: 'mod_cgi' }],
  ['scgi.server', 'any', hosts, undecided, 'SCGI applications.', { module: 'mod_scgi' }],
  [
    'proxy.server',
    'any',
    hosts,
    undecided,
    'HTTP servers that requests are passed on to.',
    { module: 'mod_proxy' }
  ],
  [
    'dir-listing.activate',
    'any',
    flag,
    undecided,
    'List directories without an index file.',
    { module: 'mod_dirlisting', default: 'disable' }
  ],
  ['status.statistics-url', 'any', text, read('bindings'), 'Path of the counters.', { module: 'mod_status' }],
  [
    'magnet.attract-raw-url-to',
    'any',
    texts,
    undecided,
    'Lua scripts run before the path is mapped.',
    { module: 'mod_magnet' }
  ],
  [
    'magnet.attract-physical-path-to',
    'any',
    texts,
    undecided,
    'Lua scripts run after the path is mapped.',
    { module: 'mod_magnet' }
  ],
  ['ssi.extension', 'any', texts, undecided, 'Files with server-side includes.', { module: 'mod_ssi' }],
  ...(
    [
      [
        'scgi.map-extensions',
        pairs,
        'Suffixes that are answered as another key of scgi.server is.',
        'mod_scgi'
      ],
      [
        'proxy.map-extensions',
        pairs,
        'Suffixes that are answered as another key of proxy.server is.',
        'mod_proxy'
      ],
      ['ajp13.server', hosts, 'AJP servers that requests are passed on to.', 'mod_ajp13'],
      [
        'ajp13.map-extensions',
        pairs,
        'Suffixes that are answered as another key of ajp13.server is.',
        'mod_ajp13'
      ],
      ['sockproxy.server', hosts, 'Servers that whole connections are passed on to.', 'mod_sockproxy'],
      ['wstunnel.server', hosts, 'Servers that WebSockets are passed on to.', 'mod_wstunnel'],
      [
        'wstunnel.map-extensions',
        pairs,
        'Suffixes that are answered as another key of wstunnel.server is.',
        'mod_wstunnel'
      ],
      ['cgi.execute-x-only', flag, 'Only run CGI programs that are executable.', 'mod_cgi'],
      ['webdav.activate', flag, 'Answer the methods of WebDAV.', 'mod_webdav'],
      ['vhostdb.backend', text, 'Database that knows the document root of each host.', 'mod_vhostdb'],
      ['status.status-url', text, 'Path of a page on the connections.', 'mod_status'],
      ['status.config-url', text, 'Path of a page on the modules.', 'mod_status'],
      ['extforward.hap-proxy', flag, 'Take the client’s address from the PROXY protocol.', 'mod_extforward'],
      ['userdir.active', flag, 'Whether `/~user/` shows a user’s directory.', 'mod_userdir']
    ] as const
  ).map(([name, shape, doc, module]): Line => [name, 'any', shape, undecided, doc, { module }]),
  [
    'extforward.forwarder',
    'any',
    pairs,
    undecided,
    'Proxies whose word on the client is taken.',
    { module: 'mod_extforward' }
  ],
  [
    'extforward.headers',
    'any',
    texts,
    undecided,
    'Headers in which they say it.',
    { module: 'mod_extforward' }
  ]
]

/** Known by name, and not about how a request reaches its application. */
const others: readonly (readonly [module: string, topic: string, where: Where, names: string])[] = [
  [
    '',
    'process',
    'server',
    'server.pid-file server.core-files server.event-handler server.network-backend server.max-fds server.max-connections server.stat-cache-engine server.chunkqueue-chunk-sz server.upload-dirs server.upload-temp-file-size server.reject-expect-100-with-417 mimetype.xattr-name'
  ],
  [
    '',
    'sockets',
    'socket',
    'server.listen-backlog server.socket-perms server.bsd-accept-filter server.defer-accept'
  ],
  [
    '',
    'connections',
    'any',
    'server.max-keep-alive-requests server.max-keep-alive-idle server.max-read-idle server.max-write-idle server.kbytes-per-second connection.kbytes-per-second server.protocol-http11'
  ],
  [
    '',
    'logging',
    'any',
    'server.errorlog server.breakagelog debug.log-condition-handling debug.log-file-not-found debug.log-request-handling debug.log-request-header debug.log-response-header debug.log-timeouts debug.log-state-handling debug.log-ssl-noise'
  ],
  [
    '',
    'logging',
    'server',
    'server.errorlog-use-syslog server.syslog-facility debug.log-request-header-on-error'
  ],
  ['', 'caching', 'any', 'mimetype.use-xattr etag.use-inode etag.use-mtime etag.use-size'],
  [
    'mod_openssl',
    'TLS',
    'any',
    'ssl.pemfile ssl.privkey ssl.ca-file ssl.ca-dn-file ssl.ca-crl-file ssl.cipher-list ssl.openssl.ssl-conf-cmd ssl.read-ahead ssl.disable-client-renegotiation ssl.verifyclient.activate ssl.verifyclient.enforce ssl.verifyclient.depth ssl.verifyclient.username ssl.verifyclient.exportcert ssl.verifyclient.ca-file ssl.verifyclient.ca-dn-file ssl.verifyclient.ca-crl-file ssl.acme-tls-1 ssl.stapling-file ssl.stek-file ssl.honor-cipher-order ssl.use-sslv2 ssl.use-sslv3 ssl.dh-file ssl.ec-curve'
  ],
  [
    'mod_accesslog',
    'logging',
    'any',
    'accesslog.filename accesslog.format accesslog.use-syslog accesslog.syslog-level accesslog.escaping'
  ],
  [
    'mod_deflate',
    'compression',
    'any',
    'deflate.mimetypes deflate.allowed-encodings deflate.max-compress-size deflate.min-compress-size deflate.compression-level deflate.output-buffer-size deflate.work-block-size deflate.max-loadavg deflate.cache-dir deflate.params compress.filetype compress.allowed-encodings compress.cache-dir compress.max-filesize compress.max-loadavg'
  ],
  ['mod_expire', 'caching', 'any', 'expire.url expire.mimetypes'],
  [
    'mod_dirlisting',
    'directory listings',
    'any',
    'dir-listing.exclude dir-listing.hide-dotfiles dir-listing.external-css dir-listing.external-js dir-listing.encoding dir-listing.show-readme dir-listing.hide-readme-file dir-listing.show-header dir-listing.hide-header-file dir-listing.set-footer dir-listing.encode-readme dir-listing.encode-header dir-listing.auto-layout dir-listing.cache'
  ],
  ['mod_status', 'status pages', 'any', 'status.enable-sort'],
  ['mod_rrdtool', 'monitoring', 'server', 'rrdtool.binary rrdtool.db-name'],
  [
    'mod_ssi',
    'server-side includes',
    'any',
    'ssi.content-type ssi.conditional-requests ssi.exec ssi.recursion-max'
  ],
  [
    'mod_userdir',
    'user directories',
    'any',
    'userdir.exclude-user userdir.include-user userdir.basepath userdir.letterhomes '
  ],
  ['mod_webdav', 'WebDAV', 'any', 'webdav.sqlite-db-name webdav.is-readonly webdav.log-xml webdav.opts'],
  [
    'mod_auth',
    'authentication',
    'any',
    'auth.cache auth.debug auth.backend.plain.groupfile auth.backend.htdigest.userfile auth.backend.dbi auth.backend.gssapi.keytab auth.backend.gssapi.principal auth.backend.gssapi.store-creds auth.backend.ldap.hostname auth.backend.ldap.base-dn auth.backend.ldap.filter auth.backend.ldap.ca-file auth.backend.ldap.starttls auth.backend.ldap.bind-dn auth.backend.ldap.bind-pw auth.backend.ldap.allow-empty-pw auth.backend.ldap.groupmember auth.backend.ldap.timeout auth.backend.pam.opts auth.backend.sasl.opts'
  ],
  ['mod_cgi', 'CGI', 'any', 'cgi.x-sendfile cgi.x-sendfile-docroot cgi.local-redir cgi.upgrade cgi.limits'],
  ['mod_scgi', 'SCGI', 'any', 'scgi.balance scgi.debug scgi.protocol'],
  [
    'mod_proxy',
    'HTTP proxy',
    'any',
    'proxy.balance proxy.debug proxy.forwarded proxy.header proxy.replace-http-host'
  ],
  ['mod_ajp13', 'AJP', 'any', 'ajp13.balance ajp13.debug '],
  ['mod_sockproxy', 'socket proxy', 'any', 'sockproxy.balance sockproxy.debug'],
  [
    'mod_wstunnel',
    'WebSocket',
    'any',
    'wstunnel.balance wstunnel.debug wstunnel.frame-type wstunnel.origins wstunnel.ping-interval'
  ],
  [
    'mod_extforward',
    'forwarded addresses',
    'any',
    'extforward.params extforward.hap-PROXY-ssl-client-verify'
  ],
  ['mod_magnet', 'Lua scripts', 'any', 'magnet.attract-response-start-to'],
  ['mod_maxminddb', 'geolocation', 'any', 'maxminddb.activate maxminddb.db maxminddb.env'],
  ['mod_simple_vhost', 'logging', 'any', 'simple-vhost.debug'],
  [
    'mod_vhostdb',
    'virtual hosts in a database',
    'any',
    'vhostdb.cache vhostdb.dbi vhostdb.ldap vhostdb.mysql vhostdb.pgsql'
  ],
  ['mod_h264_streaming', 'media streaming', 'any', 'h264-streaming.extensions'],
  ['mod_flv_streaming', 'media streaming', 'any', 'flv-streaming.extensions'],
  ['mod_evasive', 'limits', 'any', 'evasive.max-conns-per-ip evasive.silent evasive.location'],
  [
    'mod_secdownload',
    'signed links',
    'any',
    'secdownload.secret secdownload.document-root secdownload.uri-prefix secdownload.timeout secdownload.algorithm'
  ],
  [
    'mod_usertrack',
    'cookies',
    'any',
    'usertrack.cookie-name usertrack.cookie-max-age usertrack.cookie-domain'
  ],
  [
    'mod_trigger_b4_dl',
    'signed links',
    'any',
    'trigger-before-download.gdbm-filename trigger-before-download.memcache-hosts trigger-before-download.trigger-url trigger-before-download.download-url trigger-before-download.deny-url trigger-before-download.trigger-timeout'
  ],
  [
    'mod_cml',
    'cache scripts',
    'any',
    'cml.extension cml.memcache-hosts cml.memcache-namespace cml.power-magnet'
  ]
]

/** What holds others together. */
const constructs: readonly Line[] = [
  ['include', 'any', path, structure, 'Read further files; a pattern may name several.'],
  ['include_shell', 'any', text, structure, 'Read what a command prints, where commands are run.'],
  [
    'global',
    'any',
    { kind: 'block', arguments: [0, 0] },
    structure,
    'Settings for the global scope, wherever it stands.'
  ],
  [
    '$HTTP',
    'any',
    { kind: 'block', arguments: [1, 1] },
    structure,
    'Settings for requests that a test holds for.'
  ],
  [
    '$REQUEST_HEADER',
    'any',
    { kind: 'block', arguments: [1, 1] },
    structure,
    'Settings for requests with such a header.',
    { since: '1.4.46' }
  ],
  [
    '$SERVER',
    'any',
    { kind: 'block', arguments: [1, 1] },
    structure,
    'A further listener, and settings for it.'
  ],
  [
    'else',
    'any',
    { kind: 'block', arguments: [0, 1] },
    structure,
    'Settings for requests that no condition before it in the chain holds for.'
  ]
]

const row = ([, where, shape, state, doc, extra]: Line): Row<Where> => ({
  where: [where],
  shape,
  state,
  doc,
  onBadValue: 'refuses',
  ...extra
})

const lines = (all: readonly Line[], module?: string): [string, Row<Where>][] =>
  all.map((line) => [line[0], { ...(module === undefined ? {} : { module }), ...row(line) }])

const outsiders: [string, Row<Where>][] = others.flatMap(([module, topic, where, names]) =>
  names.split(' ').map((name): [string, Row<Where>] => [
    name.toLowerCase(),
    {
      where: [where],
      shape: shapeOfOutside(name.toLowerCase()),
      onBadValue: 'refuses',
      ...(module === '' ? {} : { module }),
      state: outside(topic),
      doc: `Not about how a request reaches its application (${topic}).`
    }
  ])
)

/** By lower-case name; an option of a host is called `fastcgi.server OPTION`. */
export const lighttpdVocabulary: ReadonlyMap<string, Row<Where>> = new Map([
  ...lines(core),
  ...lines(fastcgi, 'mod_fastcgi'),
  ...lines(
    options.map((line): Line => [`fastcgi.server ${line[0]}`, line[1], line[2], line[3], line[4], line[5]]),
    'mod_fastcgi'
  ),
  ...lines(around),
  ...outsiders,
  ...lines(constructs)
])

/** Modules that 1.4.69 comes with, in its own packages or others. */
export const knownModules: ReadonlySet<string> = new Set(
  'access accesslog ajp13 alias auth authn_dbi authn_file authn_gssapi authn_ldap authn_pam authn_sasl cgi deflate dirlisting evhost expire extforward fastcgi gnutls h2 indexfile magnet maxminddb mbedtls nss openssl proxy redirect rewrite rrdtool scgi setenv simple_vhost sockproxy ssi staticfile status userdir vhostdb vhostdb_dbi vhostdb_ldap vhostdb_mysql vhostdb_pgsql webdav wolfssl wstunnel compress authn_mysql cml evasive evhost flv_streaming geoip secdownload trigger_b4_dl uploadprogress usertrack h264_streaming mysql_vhost'
    .split(' ')
    .map((name) => `mod_${name}`)
)
