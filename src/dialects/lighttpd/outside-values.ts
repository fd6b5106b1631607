import type { Shape } from '../vocabulary.js'

/**
 * What the server wants as values of directives that are only known by name (the tables `config_plugin_keys_t` of its modules). Those of
 * modules that 1.4.69 no longer has stand in none of them.
 */
const types: readonly (readonly [shape: Shape, names: string])[] = [
  [
    { kind: 'text' },
    'server.pid-file server.event-handler server.network-backend server.stat-cache-engine mimetype.xattr-name server.socket-perms server.bsd-accept-filter server.errorlog server.breakagelog server.syslog-facility ssl.pemfile ssl.privkey ssl.ca-file ssl.ca-dn-file ssl.ca-crl-file ssl.cipher-list ssl.verifyclient.username ssl.verifyclient.ca-file ssl.verifyclient.ca-dn-file ssl.verifyclient.ca-crl-file ssl.acme-tls-1 ssl.stapling-file ssl.stek-file accesslog.filename accesslog.format accesslog.escaping deflate.max-loadavg deflate.cache-dir compress.cache-dir compress.max-loadavg dir-listing.external-css dir-listing.external-js dir-listing.encoding dir-listing.show-readme dir-listing.show-header dir-listing.set-footer rrdtool.binary rrdtool.db-name ssi.content-type userdir.basepath webdav.sqlite-db-name auth.backend.plain.groupfile auth.backend.htdigest.userfile auth.backend.gssapi.keytab auth.backend.gssapi.principal auth.backend.ldap.hostname auth.backend.ldap.base-dn auth.backend.ldap.filter auth.backend.ldap.ca-file auth.backend.ldap.bind-dn auth.backend.ldap.bind-pw auth.backend.ldap.groupmember auth.backend.ldap.timeout scgi.balance scgi.protocol proxy.balance ajp13.balance sockproxy.balance wstunnel.balance wstunnel.frame-type maxminddb.db'
  ],
  [
    { kind: 'flag' },
    'server.reject-expect-100-with-417 server.core-files server.systemd-socket-activation server.defer-accept server.protocol-http11 debug.log-condition-handling debug.log-file-not-found debug.log-request-handling debug.log-request-header debug.log-response-header debug.log-timeouts debug.log-state-handling server.errorlog-use-syslog debug.log-request-header-on-error mimetype.use-xattr etag.use-inode etag.use-mtime etag.use-size ssl.read-ahead ssl.verifyclient.activate ssl.verifyclient.enforce ssl.verifyclient.exportcert accesslog.use-syslog dir-listing.hide-dotfiles dir-listing.hide-readme-file dir-listing.hide-header-file dir-listing.encode-readme dir-listing.encode-header dir-listing.auto-layout status.enable-sort ssi.conditional-requests ssi.exec userdir.letterhomes webdav.is-readonly webdav.log-xml auth.backend.gssapi.store-creds auth.backend.ldap.starttls auth.backend.ldap.allow-empty-pw cgi.x-sendfile cgi.local-redir cgi.upgrade proxy.replace-http-host extforward.hap-proxy-ssl-client-verify maxminddb.activate'
  ],
  [
    { kind: 'number', min: 0, max: 65535 },
    'server.max-fds server.max-connections server.max-keep-alive-requests server.max-keep-alive-idle server.max-read-idle server.max-write-idle server.kbytes-per-second connection.kbytes-per-second ssl.verifyclient.depth accesslog.syslog-level deflate.min-compress-size deflate.compression-level deflate.output-buffer-size deflate.work-block-size ssi.recursion-max wstunnel.ping-interval simple-vhost.debug'
  ],
  [
    { kind: 'number', min: 0 },
    'server.chunkqueue-chunk-sz server.upload-temp-file-size server.listen-backlog deflate.max-compress-size compress.max-filesize scgi.debug proxy.debug ajp13.debug sockproxy.debug wstunnel.debug'
  ],
  [
    { kind: 'list', of: 'text' },
    'server.upload-dirs deflate.mimetypes deflate.allowed-encodings compress.filetype compress.allowed-encodings dir-listing.exclude userdir.exclude-user userdir.include-user cgi.x-sendfile-docroot wstunnel.origins magnet.attract-response-start-to'
  ],
  [
    { kind: 'list', of: 'pair' },
    'ssl.openssl.ssl-conf-cmd expire.url expire.mimetypes auth.backend.pam.opts auth.backend.sasl.opts maxminddb.env vhostdb.ldap vhostdb.mysql vhostdb.pgsql'
  ],
  [
    { kind: 'list', of: 'keyed' },
    'deflate.params dir-listing.cache webdav.opts auth.backend.dbi cgi.limits proxy.forwarded proxy.header extforward.params vhostdb.dbi'
  ]
]

const byName = new Map(
  types.flatMap(([shape, names]) => names.split(' ').map((name) => [name, shape] as const))
)

/** By lower-case name. */
export function shapeOfOutside(name: string): Shape {
  return byName.get(name) ?? { kind: 'arguments', min: 1, max: 1 }
}
