import { describe, expect, test } from 'vitest'
import { convert } from '../../src/convert/index.js'
import type { Conversion } from '../../src/convert/index.js'
import type { DialectName, ReadIo } from '../../src/dialects/index.js'
import { loadDialect } from '../../src/dialects/index.js'

async function converted(from: DialectName, text: string, to: DialectName): Promise<Conversion> {
  const missing = { kind: 'failed', why: 'missing', message: 'there is no such file' } as const
  const io: ReadIo = {
    readFile: (path) => (path === 'main.conf' ? { kind: 'text', text } : missing),
    glob: () => [],
    filesBelow: () => undefined,
    kind: () => 'missing',
    environment: () => undefined
  }
  const [source, target] = [await loadDialect(from), await loadDialect(to)]
  return convert(source.read('main.conf', io, { name: from }), { from, to, fragment: true }, [source, target])
}

const nginx = (http: string, server = ''): string =>
  `events {}\nhttp {\n${http}\nserver { listen 8080; root /srv/www;\n${server}\n}\n}\n`
const lighttpd = (text: string): string =>
  `server.port = 8080\nserver.modules = ( "mod_rewrite", "mod_fastcgi", "mod_setenv" )\n${text}\n`
const apache = (text: string): string => `Listen 8080\nDocumentRoot /srv/www\n${text}\n`

/** What of the source must be found again in the target's words, and what must not be there. */
interface Case {
  readonly from: DialectName
  readonly to: DialectName
  readonly source: string
  readonly holds: readonly RegExp[]
  readonly holdsNot?: readonly RegExp[]
}

const cases: Readonly<Record<string, Case>> = {
  'what httpd tells by itself, without a line for it': {
    from: 'nginx',
    to: 'apache-proxy-fcgi',
    source: nginx(
      '',
      'location / { fastcgi_pass unix:/run/a.sock; fastcgi_param REMOTE_ADDR $remote_addr; fastcgi_param REMOTE_PORT $remote_port; fastcgi_param HTTPS $https if_not_empty; }'
    ),
    holds: [/SetHandler "proxy:unix:\/run\/a\.sock/],
    holdsNot: [/ProxyFCGISetEnvIf .*(?:REMOTE_|HTTPS)/]
  },
  'rules that rewrite some URLs, in place of those of the server and once': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www"\nurl.rewrite-once = ( "^/a$" => "/b" )\n# the blog\n$HTTP["url"] =^ "/blog/" { url.rewrite-once = ( "^/blog/(.*)" => "/i.php?q=$1" ) }\n$HTTP["url"] =~ "\\.gif$" { url.rewrite-once = () }\nfastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" )) )'
    ),
    holds: [
      /if \(\$uri ~ \\\.gif\$\) \{\s+break;\s+\}\s+# the blog\s+if \(\$uri ~ \^\/blog\/\) \{\s+rewrite \^\/blog\/\(\.\*\)\$ \/i\.php\?q=\$1\S* last;\s+break;\s+\}\s+rewrite \^\/a\$ \/b\? last;/
    ],
    holdsNot: [/location \^~ \/blog\//, /location ~ \\\.gif/]
  },
  'what an authorizer is asked with, where a condition leaves its URLs to files': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www"\n$HTTP["url"] =~ "^/in[/]" { fastcgi.server = ( "/" => (( "socket" => "/run/a.sock", "mode" => "authorizer" )) ) }'
    ),
    holds: [/set \$asked_args \$args;/]
  },
  'an application for one ending, where a condition asks for another': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www"\n$HTTP["url"] =~ "\\.gif$" { server.max-request-size = 1 }\nfastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" )) )'
    ),
    holds: [/location ~ \\\.gif\$ \{\s+client_max_body_size 1024;\s+location ~ \\\.php\(\/\|\$\) \{/]
  },
  'request headers that are set and added to, as the application is told of them': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www"\nsetenv.set-request-header = ( "X-Set" => "s" )\nsetenv.add-request-header = ( "X-Add" => "a" )\nfastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" )) )'
    ),
    holds: [
      /fastcgi_param HTTP_X_SET +s;/,
      /map \$http_x_add (\$added_http_x_add) \{\s+"" "?a"?;\s+default "\$http_x_add, a";/,
      /fastcgi_param HTTP_X_ADD +\$added_http_x_add;/
    ]
  },
  'the final slash of the root that an application is told': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www/"\nfastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" )) )'
    ),
    holds: [/root \/srv\/www;/, /fastcgi_param DOCUMENT_ROOT +\$document_root\/;/]
  },
  'members that are out for a second at most, which nginx finds out by asking': {
    from: 'lighttpd',
    to: 'nginx',
    source: lighttpd(
      'server.document-root = "/srv/www"\nfastcgi.server = ( ".php" => (( "socket" => "/run/a.sock" ), ( "socket" => "/run/b.sock", "disable-time" => 30 )) )'
    ),
    holds: [/server unix:\/run\/a\.sock max_fails=0;/, /server unix:\/run\/b\.sock fail_timeout=30s;/]
  },
  'a path that is parted at the segment behind a prefix, as a key of lighttpd parts it': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location /cgi/ { fastcgi_split_path_info ^(/cgi/[^/]+)(/.*)$; fastcgi_param PATH_INFO $fastcgi_path_info; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/"\/cgi\/" => \(\(/]
  },
  'a path whose parts have names in the pattern of the location': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      String.raw`location ~ ^(?<script>/index\.php)(?<info>/.*)?$ { fastcgi_param SCRIPT_NAME $script; fastcgi_param PATH_INFO $info; fastcgi_pass unix:/run/a.sock; }`
    ),
    holds: [/"\/index\.php" => \(\(/],
    holdsNot: [/"(?:SCRIPT_NAME|PATH_INFO)" => ""/]
  },
  'path info alone, with no name of a script': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location / { fastcgi_split_path_info ^()(.*)$; fastcgi_param PATH_INFO $fastcgi_path_info; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/"\/" => \(\(/, /"fix-root-scriptname" => "enable"/]
  },
  'a folder of programs that is not the root of the server': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location /cgi/ { fastcgi_param SCRIPT_FILENAME /usr/lib$fastcgi_script_name; fastcgi_param DOCUMENT_ROOT $document_root; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/"docroot" => "\/usr\/lib"/, /"DOCUMENT_ROOT" => "\/srv\/www"/]
  },
  'a length that a table makes 0 where there is none, as lighttpd tells it': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      'map $content_length $length { "" 0; default $content_length; }',
      'location / { fastcgi_param CONTENT_LENGTH $length; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/"socket" => "\/run\/a\.sock"/],
    holdsNot: [/CONTENT_LENGTH/]
  },
  'a rewrite whose pattern has groups with names': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx('', 'location /wiki/ { rewrite ^/wiki/(?<page>.*)$ /w/index.php; }'),
    holds: [/url\.rewrite-once = \( "\^\/wiki\/\(\?<page>/]
  },
  'the name and port of the server, where nginx has nothing that is just the same': {
    from: 'apache',
    to: 'nginx',
    source: apache('<Location /a>\nSetHandler "proxy:fcgi://127.0.0.1:9000/"\n</Location>'),
    holds: [/fastcgi_param SERVER_NAME +\$host;/, /fastcgi_param SERVER_PORT +\$server_port;/],
    holdsNot: [/fastcgi_param PATH /]
  },
  'those whom their address lets in': {
    from: 'apache',
    to: 'nginx',
    source: apache('<Location /a>\nRequire local\n</Location>'),
    holds: [/allow 127\.0\.0\.0\/8;\s+allow ::1;\s+deny all;/]
  },
  'a backend that a map chooses, and the upstream it names': {
    from: 'nginx',
    to: 'nginx',
    source: nginx(
      'upstream blue { server unix:/run/blue.sock; }\nmap $cookie_v $backend { default unix:/run/a.sock; blue blue; ~^b(.) x$1; }',
      'location / { fastcgi_pass $backend; }'
    ),
    holds: [
      /map \$cookie_v \$backend \{\s+blue blue;\s+~\^b\(\.\) x\$1;\s+default unix:\/run\/a\.sock;\s+\}/,
      /upstream blue \{/,
      /fastcgi_pass \$backend;/
    ],
    holdsNot: [/\bif\b/]
  },
  'all URLs of a host sent to the same elsewhere': {
    from: 'nginx',
    to: 'apache-proxy-fcgi',
    source: nginx('', 'return 301 https://h$request_uri;'),
    holds: [/^ {4}Redirect 301 \/ https:\/\/h\/$/m],
    holdsNot: [/<Location/]
  },
  'URLs of a place, and of whatever name was asked for, sent to the same elsewhere': {
    from: 'nginx',
    to: 'apache-fcgid',
    source: nginx('', 'location /x/ { return 302 https://$host$request_uri; }'),
    holds: [/Redirect 302 "https:\/\/%\{SERVER_NAME\}%\{REQUEST_URI\}"/]
  },
  'statuses, redirects and rewrites of a place, each with its code': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location /a/ { rewrite ^/a/b/(.*)$ /c/$1 last; rewrite ^/a/d$ /e? redirect; return 410; } location /c/ { }'
    ),
    holds: [
      /=\^ "\/a\/" \{\s+url\.rewrite-once = \( "\^\/a\/b\/\(\[\^\?\]\*\)" => "\/c\/\$1\$\{qsa\}" \)\s+url\.redirect = \( "" => "\/" \)\s+url\.redirect-code = 410/,
      /=~ "\^\/a\/d\$" \{[^}]*\$1\$\{qsa\}" \)\s+url\.redirect = \( "\^\/a\/d\(\?=\\\?\|\$\)" => "\/e" \)\s+url\.redirect-code = 302/
    ],
    holdsNot: [/access-deny/]
  },
  'answers where an argument is given, and the rest where it is not': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location / { set $to /v; if ($arg_v ~ "^(\\w+)-(.)$") { return 302 $to/$1/$2; } if (!-f $request_filename) { rewrite ^/(.*)$ /index.php?q=$1; } }'
    ),
    holds: [
      /url\.rewrite-if-not-file = \( "\^\/\(\[\^\?\]\*\)" => "\/index\.php\?q=\$\{escpsnde:1\}\$\{qsa\}" \)/,
      /\$HTTP\["query-string"\] =~ "\(\?:\^\|&\)\(\?i:v\)=\(\\w\+\)-\(\[\^&\]\)\(\?:&\|\$\)" \{\s+url\.rewrite-if-not-file = \(\)\s+url\.redirect = \( "" => "\/v\/%\{escpsnde:1\}\/%\{escpsnde:2\}" \)/
    ]
  },
  'what a host answers for some requests, behind what its places do': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'if ($request_method = POST) { return 405; } location /a/ { rewrite ^/a/(.*)$ /b/$1 last; }'
    ),
    holds: [
      /=\^ "\/a\/" \{[^{]*\{qsa\}" \)\s+\}\s+\$HTTP\["request-method"\] == "POST" \{\s+url\.rewrite-once = \(\)\s+url\.redirect = \( "" => "\/" \)\s+url\.redirect-code = 405\s+\}\s+$/
    ]
  },
  'places within others that do not do what those around them do': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location /a/ { fastcgi_pass unix:/run/a.sock; location /a/files/ { } } location /b { return 404; } location /b/open { }'
    ),
    holds: [/=\^ "\/a\/files\/" \{\s+fastcgi\.server = \(\)/, /=\^ "\/b\/open" \{\s+url\.redirect = \(\)/]
  },
  'lists of files to try that end in the path, or in a named place that rewrites': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location /a/ { try_files $uri /index.php$uri?$args; } location /b/ { try_files $uri @b; } location @b { rewrite ^/(.*)$ /c.php?q=$1 last; }'
    ),
    holds: [
      /=\^ "\/a\/" \{\s+url\.rewrite-if-not-file = \( "\^\(\?!\/index\\\.php\(\?:\[\?\/\]\|\$\)\)" => "\/index\.php\$\{url\.path\}\$\{qsa\}" \)/,
      /=\^ "\/b\/" \{\s+url\.rewrite-if-not-file = \( "\^\/\(\[\^\?\]\*\)" => "\/c\.php\?q=\$\{escpsnde:1\}\$\{qsa\}" \)/
    ]
  },
  'a place that is asked for without its final slash': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx('', 'location /a/ { fastcgi_pass unix:/run/a.sock; }'),
    holds: [/== "\/a" \{\s+url\.redirect = \( "" => "\/a\/\$\{qsa\}" \)/]
  },
  'a text that is answered, as a file': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location = /ping { return 200 "pong\\n"; } location / { fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [
      /== "\/ping" \{\s+(?:[^}]*\s+)?url\.rewrite-once = \( "" => "\/\.texts\/pong\.txt" \)/,
      /=\^ "\/\.texts\/" \{\s+alias\.url = \( "\/\.texts\/" => "\/etc\/lighttpd\/texts\/" \)[^}]*fastcgi\.server = \(\)[^}]*\}/
    ]
  },
  'room for a large head, and as much in the buffers behind it as nginx asks for': {
    from: 'nginx',
    to: 'nginx',
    source: nginx(
      'fastcgi_buffer_size 128k; fastcgi_buffers 4 256k;',
      'location / { fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/fastcgi_buffer_size +131072;\s+fastcgi_buffers +8 131072;/]
  },
  'room for a head that fits the buffers there are': {
    from: 'nginx',
    to: 'nginx',
    source: nginx('fastcgi_buffer_size 8k;', 'location / { fastcgi_pass unix:/run/a.sock; }'),
    holds: [/fastcgi_buffer_size 8192;/],
    holdsNot: [/fastcgi_buffers/]
  },
  'shares of clients, and networks': {
    from: 'nginx',
    to: 'nginx',
    source: nginx(
      'split_clients $remote_addr $half { 50% a; * b; }\ngeo $near { default 0; 10.0.0.0/8 1; }',
      'location / { fastcgi_param HALF $half; fastcgi_param NEAR $near; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [
      /split_clients \$remote_addr \$half \{\s+50% a;\s+\* b;/,
      /geo \$near \{\s+10\.0\.0\.0\/8 1;\s+default 0;/
    ]
  },
  'one upstream of locations with rules of their own, whose members take turns together': {
    from: 'nginx',
    to: 'nginx',
    source: nginx(
      'upstream app { server unix:/run/a.sock; server unix:/run/b.sock; }',
      'location /a/ { fastcgi_pass app; } location /b/ { fastcgi_next_upstream off; fastcgi_pass app; }'
    ),
    holds: [/upstream app \{/],
    holdsNot: [/app_2/]
  },
  'answers that error pages replace': {
    from: 'nginx',
    to: 'nginx',
    source: nginx(
      '',
      'location / { fastcgi_intercept_errors on; fastcgi_hide_header X-Secret; error_page 404 /404.html; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [/fastcgi_intercept_errors on;/, /fastcgi_hide_header x-secret;/]
  },
  'everybody let in, where that or a login is enough': {
    from: 'nginx',
    to: 'nginx',
    source: nginx('', 'location / { satisfy any; allow all; auth_request /no; }'),
    holds: [/allow all;/, /satisfy any;/]
  },
  'a file that stands for a URL made of what a pattern found': {
    from: 'nginx',
    to: 'nginx',
    source: nginx('', 'location ~ ^/~(?<who>[a-z]+)/(?<path>.*)$ { alias /home/$who/www/$path; }'),
    holds: [/alias \/home\/\$who\/www\/\$path;/]
  },
  'no length where none was sent, nor names that the source does not tell': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx(
      '',
      'location / { fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param QUERY_STRING $query_string; fastcgi_pass unix:/run/a.sock; }'
    ),
    holds: [
      /"SCRIPT_FILENAME" => ""/,
      /\$REQUEST_HEADER\["Content-Length"\] == "" \{\s+setenv\.add-environment \+= \( "CONTENT_LENGTH" => "" \)/
    ]
  },
  'headers kept from applications': {
    from: 'apache',
    to: 'lighttpd',
    source: apache('FastCgiExternalServer /srv/www/app.fcgi -host 127.0.0.1:9000'),
    holds: [/"HTTP_AUTHORIZATION" => ""/, /"HTTP_PROXY_AUTHORIZATION" => ""/]
  },
  'a name from a login only where one is asked for': {
    from: 'apache',
    to: 'nginx',
    source: apache('FastCgiExternalServer /srv/www/app.fcgi -host 127.0.0.1:9000'),
    holds: [/fastcgi_pass/],
    holdsNot: [/REMOTE_USER +\$remote_user/]
  },
  'names that would hide what says which request it is': {
    from: 'apache',
    to: 'lighttpd',
    source: apache(
      'SetEnv query_string forged\nSetEnv Content-Type forged\nSetEnv OWN x\nFastCgiExternalServer /srv/www/app.fcgi -host 127.0.0.1:9000'
    ),
    holds: [/"OWN" => "x"/],
    holdsNot: [/forged/]
  },
  'one URL that stands for one file': {
    from: 'nginx',
    to: 'lighttpd',
    source: nginx('', 'location = /favicon.ico { alias /srv/icon.png; } location / { }'),
    holds: [
      /\$HTTP\["url"\] == "\/favicon\.ico" \{\s+alias\.url = \( "\/favicon\.ico" => "\/srv\/icon\.png" \)/
    ]
  },
  'handler names that an action hands on': {
    from: 'apache',
    to: 'apache-proxy-fcgi',
    source: apache(
      'AddHandler php-fcgi .php\nAction php-fcgi /php-fcgi\nAlias /php-fcgi /srv/bin/php\nFastCgiExternalServer /srv/bin/php -host 127.0.0.1:9000'
    ),
    holds: [/AddHandler "php-fcgi" \.php/, /Action "php-fcgi" "\/php-fcgi"/]
  },
  'programs that only an alias for programs lets run': {
    from: 'apache',
    to: 'apache-fcgid',
    source: apache(
      'ScriptAlias /bin/ /srv/bin/\nAlias /other/ /srv/bin/\n<Directory /srv/bin>\nOptions None\nSetHandler fastcgi-script\n</Directory>'
    ),
    holds: [/ScriptAlias "\/bin\/" "\/srv\/bin\/"/],
    holdsNot: [/\+ExecCGI/]
  },
  'hosts by a pattern of plain characters': {
    from: 'lighttpd',
    to: 'apache-proxy-fcgi',
    source:
      'server.port = 8080\nserver.document-root = "/srv/www"\n$HTTP["host"] =~ "^(www)?.a.test$" {}\n$HTTP["host"] =~ "shop.test" { server.document-root = "/srv/shop" }\n',
    holds: [/ServerAlias \*shop\?test\*/]
  },
  'what holds at one address alone': {
    from: 'lighttpd',
    to: 'nginx',
    source:
      'server.port = 8080\nserver.document-root = "/srv/www"\nserver.modules = ( "mod_fastcgi" )\n$SERVER["socket"] == "127.0.0.1:8081" { fastcgi.server = ( "/api/" => (( "socket" => "/run/api", "check-local" => "disable" )) ) }\n',
    holds: [/listen 127\.0\.0\.1:8081;[\s\S]*location \^~ \/api\/ \{[\s\S]*fastcgi_pass unix:\/run\/api;/]
  },
  'files that one application takes and no other where they are missing': {
    from: 'lighttpd',
    to: 'apache-proxy-fcgi',
    source:
      'server.port = 8080\nserver.document-root = "/srv/www"\nserver.modules = ( "mod_fastcgi" )\nfastcgi.server = ( ".php" => (( "socket" => "/a" )), "/app/" => (( "socket" => "/b", "check-local" => "disable" )) )\n',
    holds: [/<Location "\/app\/">\s+<If "!\(%\{REQUEST_URI\} =~ m#\\\.php\$#\)">/]
  }
}

describe.each(Object.entries(cases))('%s', (_name, { from, to, source, holds, holdsNot = [] }) => {
  test(`${from} to ${to}`, async () => {
    const { files, diagnostics } = await converted(from, source, to)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const text = files[0]?.text ?? ''
    for (const each of holds) expect(text).toMatch(each)
    for (const each of holdsNot) expect(text).not.toMatch(each)
  })
})
