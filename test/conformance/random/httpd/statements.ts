import fc from 'fast-check'
import { line, mostly, one } from '../words.js'

/** Directives of httpd itself and of what every site uses, and how a module's own are put between them. */

export type Lines = fc.Arbitrary<string>

export const several = (...all: readonly Lines[]): Lines => fc.oneof(...all)

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

const login = fc.constant(
  'AuthType Basic\nAuthName "the realm"\nAuthUserFile @ROOT@/users\nRequire valid-user'
)

/** What may stand in sections alone, or means something only there. */
const inSection = several(
  line('SetHandler', one('None', 'default-handler')),
  line('CGIPassAuth', one('On', 'Off')),
  mostly(require, login, 4)
)

const mapping = several(
  line(
    'Alias',
    one('/alt/ @ROOT@/alt/', '/alt @ROOT@/alt', '/one @ROOT@/www/app.fcgi', '/private/ @ROOT@/alt/')
  ),
  line('ScriptAlias', one('/cgi/ @ROOT@/alt/', '/one @ROOT@/www/plain')),
  line('AliasMatch', one('"^/match/(.*)$" @ROOT@/www/app/$1')),
  line('Redirect', one('/old http://other.test/new', '301 /old /page.php'))
)

const ofServer = several(
  mapping,
  line('UseCanonicalName', one('On', 'Off')),
  line('UseCanonicalPhysicalPort', one('On', 'Off')),
  line('ServerAdmin', one('me@example.com', '"two words"')),
  line('AllowEncodedSlashes', one('On', 'NoDecode', 'Off')),
  line('MergeSlashes', one('Off', 'On'))
)

/** What httpd refuses to start on whatever is loaded. */
const refused = one(
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

/** What a module adds. */
export interface Added {
  readonly anywhere: Lines
  readonly inSection: Lines
  readonly ofServer: Lines
  readonly refused: Lines
}

const sectionHeads = one(
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
)

const conditions = one(
  'If "-f %{REQUEST_FILENAME}"',
  'If "%{QUERY_STRING} =~ /a=(.)/"',
  `If "%{HTTP_HOST} == 'example.com'"`,
  `If "%{REQUEST_METHOD} in { 'GET', 'POST' }"`,
  'If "! -d %{REQUEST_FILENAME}"',
  `If "req('X-Test') -eq 1"`,
  'If "%{REQUEST_URI} =~ m#^/app#"'
)

function block(head: Lines, body: Lines, maxLength: number): Lines {
  return fc
    .tuple(head, fc.array(body, { minLength: 1, maxLength }))
    .map(([head, body]) => `<${head}>\n${body.join('\n')}\n</${head.split(' ')[0] ?? ''}>`)
}

/** Statements of a whole configuration; one that is refused now and then. */
export function statementsOf(added: Added): fc.Arbitrary<readonly string[]> {
  const everywhere = several(added.anywhere, anywhere)
  const inner = several(everywhere, added.inSection, inSection)
  const conditional = block(conditions, inner, 2)
  const below = fc.oneof({ weight: 8, arbitrary: inner }, { weight: 1, arbitrary: conditional })
  const section = fc.oneof(
    { weight: 8, arbitrary: block(sectionHeads, below, 4) },
    { weight: 1, arbitrary: conditional }
  )
  const server = several(added.ofServer, ofServer, everywhere)
  const host = fc
    .tuple(
      one('example.com', 'www.example.com', 'other.test:99'),
      fc.array(fc.oneof({ weight: 3, arbitrary: server }, { weight: 1, arbitrary: section }), {
        maxLength: 4
      })
    )
    .map(([serverName, body]) =>
      ['<VirtualHost *:@PORT@>', `ServerName ${serverName}`, ...body, '</VirtualHost>'].join('\n')
    )
  const statement = fc.oneof(
    { weight: 3, arbitrary: server },
    { weight: 3, arbitrary: section },
    { weight: 1, arbitrary: host }
  )
  const odd = fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: several(added.refused, refused) }
  )
  return fc
    .tuple(fc.array(statement, { maxLength: 10 }), odd)
    .map(([all, odd]) => (odd === undefined ? all : [...all, odd]))
}
