import { later, outside, read } from '../../vocabulary.js'
import * as r from './row.js'

const env = r.inModule('mod_env', 'mod_env.html')
const setenvif = r.inModule('mod_setenvif', 'mod_setenvif.html')
const headers = r.inModule('mod_headers', 'mod_headers.html')
const rewrite = r.inModule('mod_rewrite', 'mod_rewrite.html')
const remoteip = r.inModule('mod_remoteip', 'mod_remoteip.html')
const expires = r.inModule('mod_expires', 'mod_expires.html')

/** Variables, headers and rewriting. */
export const environmentRows: r.Rows = [
  env('SetEnv', r.anywhereAndHtaccess, r.words(1, 2), read('environment'), 'Variable of the request.'),
  env(
    'PassEnv',
    r.anywhereAndHtaccess,
    r.atLeast(1),
    read('environment'),
    "Variables of the server's environment."
  ),
  env('UnsetEnv', r.anywhereAndHtaccess, r.atLeast(1), read('environment'), 'Take variables away.'),
  setenvif(
    'SetEnvIf',
    r.anywhereAndHtaccess,
    r.atLeast(3),
    read('environment'),
    'Variables for requests that look like this.'
  ),
  setenvif(
    'SetEnvIfNoCase',
    r.anywhereAndHtaccess,
    r.atLeast(3),
    read('environment'),
    'The same, without regard to case.'
  ),
  setenvif(
    'SetEnvIfExpr',
    r.anywhereAndHtaccess,
    r.atLeast(2),
    read('environment'),
    'Variables for requests that an expression holds for.'
  ),
  setenvif(
    'BrowserMatch',
    r.anywhereAndHtaccess,
    r.atLeast(2),
    read('environment'),
    'Variables by User-Agent.'
  ),
  setenvif(
    'BrowserMatchNoCase',
    r.anywhereAndHtaccess,
    r.atLeast(2),
    read('environment'),
    'The same, without regard to case.'
  ),
  headers(
    'Header',
    r.anywhereAndHtaccess,
    r.words(1, 5),
    read('headerChanges'),
    'Change headers of answers.'
  ),
  headers(
    'RequestHeader',
    r.anywhereAndHtaccess,
    r.words(1, 5),
    read('requestHeaders'),
    'Change headers of requests.'
  ),
  rewrite('RewriteEngine', r.anywhereAndHtaccess, r.flag, read('folderRules'), 'Turn rewriting on.', {
    default: 'Off'
  }),
  rewrite('RewriteRule', r.anywhereAndHtaccess, r.any, read('folderRules'), 'Change URLs that match.'),
  rewrite('RewriteCond', r.anywhereAndHtaccess, r.any, read('folderRules'), 'Condition of the next rule.'),
  rewrite(
    'RewriteBase',
    r.sectionsAndHtaccess,
    r.text,
    read('folderRules'),
    'URL of the folder that rules stand in.'
  ),
  rewrite('RewriteMap', r.servers, r.words(2, 3), read('folderRules'), 'Table that rules look things up in.'),
  rewrite(
    'RewriteOptions',
    r.anywhereAndHtaccess,
    r.atLeast(1),
    read('folderRules'),
    'How rules are inherited.'
  ),
  remoteip('RemoteIPHeader', r.servers, r.text, later('request.remote'), "Header with the client's address."),
  remoteip(
    'RemoteIPInternalProxy',
    r.servers,
    r.atLeast(1),
    later('request.remote'),
    'Proxies whose header is believed.'
  ),
  remoteip(
    'RemoteIPTrustedProxy',
    r.servers,
    r.atLeast(1),
    later('request.remote'),
    'Proxies whose header is believed.'
  ),
  expires(
    'ExpiresActive',
    r.anywhereAndHtaccess,
    r.flag,
    outside('caching headers'),
    'Turn Expires headers on.'
  ),
  expires(
    'ExpiresByType',
    r.anywhereAndHtaccess,
    r.words(2, 2),
    outside('caching headers'),
    'Expires by media type.'
  ),
  expires(
    'ExpiresDefault',
    r.anywhereAndHtaccess,
    r.text,
    outside('caching headers'),
    'Expires of everything else.'
  )
]
