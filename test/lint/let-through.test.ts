import { describe, expect, test } from 'vitest'
import { folderWith } from '../cli/temporary.js'
import { fcgiConf } from '../cli/terminal.js'

/** A server of nginx with these lines, that answers scripts of PHP as it should. */
const nginx = (lines: string, around = ''): string =>
  `events {}\nhttp {\n${around}\nserver {\nlisten 8080;\nroot /srv/www;\n${lines}\n}\n}\n`

const php = (lines: string): string => `location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; ${lines} }`
const script = 'fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;'

const lighttpd = (lines: string): string =>
  `server.document-root = "/srv/www"\nserver.modules = ( "mod_rewrite", "mod_fastcgi" )\n${lines}\n`

const host = (options: string): string =>
  lighttpd(`fastcgi.server = ( "/app" => (( "socket" => "/run/app.sock", ${options} )) )`)

const httpd = (lines: string): string =>
  [
    'ServerRoot /etc/apache2',
    ...['mpm_event', 'authz_core', 'proxy', 'proxy_fcgi'].map(
      (name) => `LoadModule ${name}_module modules/mod_${name}.so`
    ),
    'Listen 8080',
    'DocumentRoot /srv/www',
    lines,
    ''
  ].join('\n')

/** Mistakes that the servers' own checks let through, or refuse, each with the finding that tells of it. */
const mistakes: Readonly<
  Record<string, readonly (readonly [mistake: string, text: string, code: string])[]>
> = {
  'nginx.conf': [
    [
      'a PHP location without SCRIPT_FILENAME',
      nginx(php('include fastcgi_params;')),
      'fastcgi/missing-script-filename'
    ],
    ['the same param twice', nginx(php(`${script} ${script}`)), 'fastcgi/duplicate-param'],
    [
      'a param in a location that wipes the list of the server',
      nginx(`fastcgi_param APP_ENV production; ${script} ${php(script)}`),
      'fastcgi/params-lost'
    ],
    [
      'try_files before the path info is used',
      nginx(
        `location ~ \\.php(/|$) { fastcgi_split_path_info ^(.+?\\.php)(/.*)$; try_files $fastcgi_script_name =404; fastcgi_pass unix:/run/php.sock; ${script} fastcgi_param PATH_INFO $fastcgi_path_info; }`
      ),
      'fastcgi/path-info-reset'
    ],
    [
      'keepalive without fastcgi_keep_conn',
      nginx(
        `location / { fastcgi_pass app; ${script} }`,
        'upstream app { server 127.0.0.1:9000; keepalive 8; }'
      ),
      'pool/keepalive-without-keep-conn'
    ],
    [
      'an upstream that is never used',
      nginx(php(script), 'upstream app { server 127.0.0.1:9000; }'),
      'pool/unused'
    ],
    [
      'a pattern of a location shadowed by an earlier one',
      nginx(`${php(script)} location ~ /admin\\.php$ { deny all; }`),
      'routing/unreachable-location'
    ],
    [
      'fastcgi_index where no folder comes',
      nginx(php(`fastcgi_index index.php; ${script}`)),
      'fastcgi/useless-index'
    ],
    [
      'a split with one group',
      nginx(php(`fastcgi_split_path_info ^(.+\\.php); ${script}`)),
      'nginx/invalid-value'
    ]
  ],
  'lighttpd.conf': [
    ['a misspelt option of a host', host('"chek-local" => "disable"'), 'config/unknown-key'],
    ['an option that is obsolete', host('"min-procs" => 1'), 'config/option-without-effect'],
    [
      'a rewrite that can never fit',
      lighttpd('url.rewrite-once = ( "^index.php$" => "/x.php" )'),
      'routing/never-matches'
    ],
    ['a misspelt directive', lighttpd('fastcgi.servr = ( )'), 'config/unknown-key'],
    ['a role that is not there', host('"mode" => "filter"'), 'lighttpd/unknown-mode'],
    [
      'neither host nor socket nor program',
      lighttpd('fastcgi.server = ( "/app" => (( "check-local" => "disable" )) )'),
      'lighttpd/no-address'
    ],
    ['a value of the wrong kind', host('"check-local" => "off"'), 'lighttpd/value']
  ],
  'httpd.conf': [
    [
      'a proxy handler without its URL',
      httpd('<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/php.sock|fcgi:"\n</FilesMatch>'),
      'fastcgi/proxy-handler-incomplete'
    ],
    [
      'ProxyPassMatch without $1',
      httpd('ProxyPassMatch "^/(.*\\.php)$" "fcgi://127.0.0.1:9000/srv/www/"'),
      'fastcgi/proxy-match-ignores-groups'
    ],
    [
      'IfModule of a module that does not exist',
      httpd('<IfModule mod_fcgi.c>\nAddHandler x .php\n</IfModule>'),
      'config/module-unknown'
    ],
    [
      'a handler without its module',
      httpd('<FilesMatch "\\.fcgi$">\nSetHandler fcgid-script\n</FilesMatch>'),
      'fastcgi/handler-without-module'
    ],
    [
      'ProxyPass of everything before an exception',
      httpd('ProxyPass / fcgi://127.0.0.1:9000/srv/www/\nProxyPass /static !'),
      'routing/shadowed-handler'
    ],
    ['a directive without its module', httpd('FcgidMaxRequestLen 1000000'), 'apache/module-not-loaded']
  ]
}

describe.each(Object.entries(mistakes))('in %s', (name, table) => {
  test.each(table)('%s is found', async (_mistake, text, code) => {
    const { out } = await fcgiConf(['lint', '-f', 'compact', '--no-config', name], {
      cwd: folderWith({ [name]: text })
    })
    expect(out.split('\n').map((line) => /\[([\w/-]+)\]$/.exec(line)?.[1])).toContain(code)
  })
})
