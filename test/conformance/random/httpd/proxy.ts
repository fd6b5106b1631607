import fc from 'fast-check'
import type { Setup } from '../../cases.js'
import { backends, line, mostly, one } from '../words.js'
import { requests } from './requests.js'
import { several, statementsOf } from './statements.js'
import { files } from './words.js'

/** Sites of mod_proxy_fcgi. */

const tcp = 'fcgi://@TCPHOST:t@:@TCPPORT:t@'
/** Nobody listens there. */
const nobody = 'fcgi://127.0.0.1:@PORT2@'
const worker = mostly(
  one('unix:@UNIX:a@|fcgi://localhost', 'unix:@UNIX:b@|fcgi://bee', tcp),
  one('unix:@UNIX:c@|fcgi://localhost', 'unix:@UNIX:c@|fcgi://bee:8000', nobody, 'balancer://pair'),
  4
)

const handler = fc
  .tuple(worker, mostly(one(''), one('/', '/srv', '/srv/'), 4))
  .map((parts) => `SetHandler "proxy:${parts.join('')}"`)

const url = fc
  .tuple(worker, mostly(one('/', '@ROOT@/www/', '/srv/'), one('', '@ROOT@/www', '/srv/a%20b/', '/s.d/x.php')))
  .map((parts) => parts.join(''))

const parameter = mostly(
  one(''),
  one(
    'retry=0',
    'timeout=5',
    'enablereuse=on',
    'disablereuse=on max=4',
    'connectiontimeout=3',
    'keepalive=On',
    'nocanon'
  ),
  2
)

const passed = mostly(
  line(
    'ProxyPass',
    one('/p/', '/p', '/app/', '/app', '/app/run.fcgi', '/dir', '/none', '/private/', '/alt/', '/'),
    url,
    parameter
  ),
  line('ProxyPass', one('/app/data.txt', '/p/x', '/dir/sub', '/page.php', '/'), '!')
)

const matched = fc
  .tuple(
    one('^/(.*\\.php(/.*)?)$', '^/app/([a-z]+)\\.', '^/m/(.*)$', '"^/(dir|private)/"'),
    worker,
    one('@ROOT@/www/$1', '/srv/$1', '/', '', '/x/$1/$2'),
    parameter
  )
  .map(([pattern, where, path, more]) => `ProxyPassMatch ${pattern} ${where}${path} ${more}`.trim())

const changed = line(
  'ProxyFCGISetEnvIf',
  one(
    '"true"',
    '"false"',
    '"reqenv(\'SCRIPT_FILENAME\') =~ m#^proxy:fcgi://[^/]*(/.*)$#"',
    '"%{REQUEST_URI} =~ m#^/(app|dir)#"',
    '"-n reqenv(\'PATH_INFO\')"',
    '"%{QUERY_STRING} == \'a=1\'"'
  ),
  one(
    'SCRIPT_FILENAME "$1"',
    'APP_ENV production',
    '!SERVER_ADMIN',
    '!HTTP_HOST',
    'EMPTY',
    'path_info "x$1"',
    'N "%{REQUEST_METHOD} $0"'
  )
)

const anywhere = several(
  handler,
  line('ProxyFCGIBackendType', one('GENERIC', 'FPM')),
  changed,
  line('ProxyErrorOverride', one('On', 'Off')),
  line(
    'SetEnvIf Request_URI',
    one('.', '^/p', '\\.php'),
    one('first-dot', 'last-dot', 'full', 'unescape', '1').map((how) => `proxy-fcgi-pathinfo=${how}`)
  )
)

const inSection = several(
  line('SetHandler', one('fcgi-script', '"proxy:unix:@UNIX:a@"', '"proxy:fgci://localhost"')),
  handler
)

const defined = fc
  .tuple(
    one('unix:@UNIX:b@|fcgi://bee', tcp, 'unix:@UNIX:a@|fcgi://localhost/srv'),
    mostly(one(''), one('retry=0', 'enablereuse=on max=4')),
    mostly(
      one(''),
      one('ProxySet timeout=7', 'ProxyFCGIBackendType GENERIC', 'Require all granted', 'SetEnv IN_PROXY yes'),
      1
    )
  )
  .map(([where, more, body]) => `<Proxy "${where}"${more === '' ? '' : ` ${more}`}>\n${body}\n</Proxy>`)

const ofServer = several(
  passed,
  passed,
  matched,
  defined,
  line('ProxyTimeout', one('9', '60')),
  line('ProxyPassInherit', one('On', 'Off'))
)

const refused = one(
  'ProxyPass /a fcgi:127.0.0.1:9000',
  'ProxyPass /a',
  'ProxyPass /a fcgi://localhost/ timeout=0',
  'ProxyPass /a fcgi://localhost/ timeout',
  'ProxyPass /a fcgi://localhost/ idle-timeout=5',
  'ProxyPass /a fcgi://localhost/ enablereuse=maybe',
  'ProxyPass /a fcgi://localhost/ flushpackets=maybe',
  'ProxyPass /a fcgi://localhost/ ping=x',
  'ProxyPass /a fcgi://localhost/ max=x',
  'ProxyPassMatch ^/(.*$ fcgi://localhost/$1',
  '<Directory @ROOT@/www>\nProxyPass fcgi://localhost/\n</Directory>',
  '<Location /a>\nProxyPass /b fcgi://localhost/\n</Location>',
  'ProxyFCGIBackendType php-fpm',
  'ProxyFCGISetEnvIf "true"',
  'ProxyFCGISetEnvIf "true" !A b',
  'ProxyFCGISetEnvIf "%{SCRIPT_NAME} == 1" A b',
  'ProxyErrorOverride',
  'ProxyErrorOverride Maybe',
  'ProxyTimeout',
  'ProxyTimeout x',
  'BalancerMember fcgi://localhost',
  '<Proxy "balancer://x">\nBalancerMember fcgi://localhost loadfactor=0\n</Proxy>',
  '<Proxy "balancer://x">\nProxySet lbmethod=none\n</Proxy>',
  '<Proxy>\n</Proxy>'
)

const statements = statementsOf({ anywhere, inSection, ofServer, refused })

/** What every configuration begins with: a balancer of two, and a site that mostly hands PHP over. */
const head = [
  // The name is that of a build.
  'ServerTokens Prod',
  'DocumentRoot @ROOT@/www',
  '<Proxy "balancer://pair">\nBalancerMember unix:@UNIX:a@|fcgi://one\nBalancerMember unix:@UNIX:b@|fcgi://two loadfactor=2\n</Proxy>'
]
const php = '<FilesMatch "\\.php$">\nSetHandler "proxy:unix:@UNIX:a@|fcgi://localhost"\n</FilesMatch>'

export const setups: fc.Arbitrary<Setup> = fc
  .tuple(fc.boolean(), statements, requests, fc.subarray([...files.keys()], { maxLength: 2 }))
  .map(([bare, own, asked, missing]) => ({
    server: 'mod_proxy_fcgi',
    files: new Map([...files].filter(([name]) => !missing.includes(name))),
    config: `${[...head, ...(bare ? [] : [php]), ...own].join('\n')}\n`,
    configs: new Map(),
    backends,
    requests: asked
  }))
