import fc from 'fast-check'
import { line, mostly, one } from '../words.js'

/** Directives of httpd's general part, and of mod_fcgid. */

type Lines = fc.Arbitrary<string>

const several = (...all: readonly Lines[]): Lines => fc.oneof(...all)

const name = one('A', 'B_C', 'd-e', 'QUERY_STRING', 'HTTP_X', '9n', 'server_name')
const value = one('1', '"two words"', '""', 'x%20y', "'q'")

const environment = several(
  line('SetEnv', name, value),
  line('SetEnv', name),
  line('SetEnvIf Request_URI', one('^/app', '\\.php$', '.'), one('A=1', 'A=$0', 'B_C', 'F=x G=y')),
  line('SetEnvIf X-Test', one('(.+)', '^1$', 'o(.)e'), one('T=$1', 'T')),
  line('SetEnvIfNoCase User-Agent', one('CURL', '^c'), 'UA=curl'),
  line('PassEnv', one('HOME', 'NO_SUCH'))
)

const errorDocument = line(
  'ErrorDocument',
  one('404', '403', '500', '401'),
  one('/err.txt', '/app.fcgi/error?e=1', '"in words"', '/none')
)

/** What may stand anywhere. */
const anywhere = several(
  environment,
  errorDocument,
  line('AddHandler fcgid-script', one('.fcgi', '.php', '.fcgi .php')),
  line('FcgidWrapper @ECHO@', one('.php', '', '.fcgi', '.txt'), mostly(fc.constant(''), one('virtual'), 3)),
  line('DirectoryIndex', one('index.html', 'index.fcgi', 'index.php index.html', 'disabled')),
  line(
    'Options',
    mostly(
      one('+ExecCGI', '+ExecCGI +FollowSymLinks'),
      one('-ExecCGI', 'ExecCGI', 'None', 'FollowSymLinks +ExecCGI'),
      4
    )
  ),
  line('DirectorySlash', one('Off', 'On')),
  line('RemoveHandler', one('.fcgi', '.php')),
  line('AddType', one('application/x-thing .php', 'text/css .txt')),
  line('CGIVar REQUEST_URI', one('current-uri', 'original-uri')),
  line('QualifyRedirectURL', one('On', 'Off'))
)

const require = line(
  'Require',
  one(
    'all granted',
    'all denied',
    'ip 127.0.0.1',
    'ip 10.0.0.0/8',
    'local',
    'method GET POST',
    'env A',
    'not ip 127.0.0.1'
  )
)

const guard = fc.constant('FcgidAccessChecker @ROOT@/bin/checker')

const login = fc.constant(
  'AuthType Basic\nAuthName "the realm"\nAuthUserFile @ROOT@/users\nRequire valid-user'
)

/** What may stand in sections alone, or means something only there. */
const inSection = several(
  anywhere,
  line('SetHandler', one('fcgid-script', 'None', 'default-handler')),
  line('CGIPassAuth', one('On', 'Off')),
  mostly(require, fc.oneof(guard, login), 2)
)

const section = fc
  .tuple(
    one(
      'Directory @ROOT@/www/app',
      'Directory @ROOT@/www',
      'Directory "@ROOT@/alt/"',
      'Directory "@ROOT@/w*"',
      'DirectoryMatch "/www/(?<part>[a-z]+)/"',
      'Files "*.php"',
      'Files app.fcgi',
      'FilesMatch "\\.(fcgi|php)$"',
      'Location /app',
      'Location /app/',
      'Location /private',
      'Location /',
      'Location "/a*"',
      'LocationMatch "^/(?<first>[^/]+)"'
    ),
    fc.array(inSection, { minLength: 1, maxLength: 4 })
  )
  .map(([head, body]) => `<${head}>\n${body.join('\n')}\n</${head.split(' ')[0] ?? ''}>`)

const mapping = several(
  line(
    'Alias',
    one('/alt/ @ROOT@/alt/', '/alt @ROOT@/alt', '/one @ROOT@/www/app.fcgi', '/private/ @ROOT@/alt/')
  ),
  line('ScriptAlias', one('/cgi/ @ROOT@/alt/', '/one @ROOT@/www/plain')),
  line('AliasMatch', one('"^/match/(.*)$" @ROOT@/www/app/$1')),
  line('Redirect', one('/old http://other.test/new', '301 /old /page.php'))
)

const ofFcgid = several(
  line('FcgidInitialEnv', one('I 1', 'PATH /own', 'J=2', 'K "a b"')),
  line('FcgidPassHeader', one('X-Test', 'Authorization', 'x-a.b')),
  line('FcgidMaxRequestLen', one('10', '1000', '0')),
  line(
    'FcgidCmdOptions',
    one('@ROOT@/www/app.fcgi', '@ECHO@'),
    one('InitialEnv O=1', 'MaxProcesses 2 InitialEnv P=q', 'IOTimeout 20')
  ),
  line('FcgidMaxRequestsPerProcess', one('0', '500')),
  line('FcgidMinProcessesPerClass', one('0', '1')),
  line('FcgidMaxProcessesPerClass', one('3', '5'))
)

const ofServer = several(
  ofFcgid,
  mapping,
  anywhere,
  line('UseCanonicalName', one('On', 'Off')),
  line('UseCanonicalPhysicalPort', one('On', 'Off')),
  line('ServerAdmin', one('me@example.com', '"two words"')),
  line('AllowEncodedSlashes', one('On', 'NoDecode', 'Off')),
  line('MergeSlashes', one('Off', 'On'))
)

/** What httpd refuses to start on. */
const refused = one(
  'FcgidWrapper @ROOT@/none .php',
  'FcgidWrapper @ECHO@ php',
  'FcgidWrapper @ECHO@ .php other',
  'FcgidMaxRequestLen 10k',
  'FcgidMaxRequestLen -1',
  'FcgidIOTimeout 0',
  'FcgidIOTimeout',
  'FcgidCmdOptions @ROOT@/none MaxProcesses 1',
  'FcgidCmdOptions @ROOT@/www/app.fcgi',
  'FcgidCmdOptions @ROOT@/www/app.fcgi BusyTimeout 1',
  'FcgidCmdOptions @ROOT@/www/app.fcgi MaxProcesses',
  'FcgidAccessChecker @ROOT@/none',
  'FcgidInitialEnv',
  'FcgidInitialEnv A b c',
  '<Directory @ROOT@/www>\nFcgidInitialEnv A b\n</Directory>',
  '<Directory @ROOT@/www>\nFcgidMaxProcesses 1\n</Directory>',
  '<VirtualHost *:@PORT@>\nFcgidMaxProcesses 1\n</VirtualHost>',
  'FastCgiServer @ROOT@/www/app.fcgi',
  'FastCgiConfig -restart',
  'FcgidWin32PreventOrphans On',
  'NoSuchDirective',
  'Options FollowSymLinks +ExecCGI',
  'SetEnv',
  'DocumentRoot',
  'Alias /a',
  '<Location /app>',
  '</Location>',
  'Require all granted # as it should be',
  'AllowEncodedSlashes Maybe',
  'CGIPassAuth On'
)

const host = fc
  .tuple(
    one('example.com', 'www.example.com', 'other.test:99'),
    fc.array(fc.oneof({ weight: 3, arbitrary: ofServer }, { weight: 1, arbitrary: section }), {
      maxLength: 4
    })
  )
  .map(([serverName, body]) =>
    ['<VirtualHost *:@PORT@>', `ServerName ${serverName}`, ...body, '</VirtualHost>'].join('\n')
  )

/** Statements of a whole configuration; one that is refused now and then. */
export const statements: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: ofServer },
        { weight: 3, arbitrary: section },
        { weight: 1, arbitrary: host }
      ),
      {
        maxLength: 10
      }
    ),
    fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: refused })
  )
  .map(([all, odd]) => (odd === undefined ? all : [...all, odd]))
