import { describe, expect, test } from 'vitest'
import { found, inLocation, inServer, read } from './reading.js'

const pass = 'fastcgi_pass 127.0.0.1:9000;'

describe('what nginx refuses is refused, with the place', () => {
  test.each([
    ['a directive in the wrong block', inServer(pass), '4 nginx/wrong-context'],
    ['a zone that nothing defines', inLocation('limit_req zone=a;'), '5 nginx/unknown-zone'],
    ['a TLS listener without certificate', inServer('listen 443 ssl;'), '4 nginx/no-certificate'],
    ['an odd word of another method', inLocation('limit_except any { }'), '5 nginx/invalid-value'],
    ['a number that no word holds', inLocation('max_ranges 99999999999999999999;'), '5 nginx/invalid-value'],
    [
      'a value twice in a map that nothing uses',
      inServer('', 'map $uri $a { b 1; B 2; }'),
      '2 nginx/invalid-value'
    ],
    ['a status that is none', inLocation('limit_req_status 200;'), '5 nginx/invalid-value'],
    ['a block where none is due', inLocation('root /a { }'), '5 nginx/wrong-form'],
    ['no block where one is due', inServer('location /;'), '4 nginx/wrong-form'],
    ['too many arguments', inLocation('root /a b;'), '5 nginx/argument-count'],
    ['a missing semicolon that makes too many', inLocation('root /a\nindex b;'), '5 nginx/missing-semicolon'],
    ['a directive twice', inLocation('root /a;\nroot /b;'), '6 nginx/duplicate-directive'],
    ['root and alias together', inLocation('root /a;\nalias /b;'), '6 nginx/duplicate-directive'],
    ['a flag that is neither on nor off', inLocation('fastcgi_keep_conn yes;'), '5 nginx/invalid-value'],
    ['a size with a wrong unit', inLocation('client_max_body_size 10MB;'), '5 nginx/invalid-value'],
    ['a plain size in gigabytes', inLocation('fastcgi_buffer_size 1g;'), '5 nginx/invalid-value'],
    ['a time from small to large', inLocation('fastcgi_read_timeout 30s1m;'), '5 nginx/invalid-value'],
    ['a time with a fraction', inLocation('fastcgi_read_timeout 1.5s;'), '5 nginx/invalid-value'],
    ['an event of another protocol', inLocation('fastcgi_next_upstream http_502;'), '5 nginx/invalid-value'],
    ['a param with a wrong third word', inLocation('fastcgi_param A b c;'), '5 nginx/invalid-parameter'],
    ['a variable without a name', inLocation('fastcgi_param A a$;'), '5 nginx/invalid-variable'],
    ['a variable that is not closed', inLocation('fastcgi_param A ${a;'), '5 nginx/invalid-variable'],
    [
      'a variable that nobody defines',
      inLocation('fastcgi_param A $fastcgi_scriptname;'),
      '5 nginx/unknown-variable'
    ],
    ['a built-in variable set', inServer('set $uri /a;'), '4 nginx/duplicate-variable'],
    ['a header with a row of its own set', inServer('set $http_host a;'), '4 nginx/duplicate-variable'],
    ['a condition without blanks', inServer('if ($uri=a) { }'), '4 nginx/unknown-variable'],
    [
      'an upstream zone that is too small',
      inServer('', 'upstream u { zone u 1k; server unix:/a; }'),
      '2 nginx/invalid-value'
    ],
    [
      'an upstream zone without a size',
      inServer('', 'upstream u { zone u; server unix:/a; }'),
      '2 nginx/unknown-zone'
    ],
    ['a folder level of 0', inServer('fastcgi_temp_path a 0;'), '4 nginx/invalid-value'],
    ['a pass without a port', inLocation('fastcgi_pass 127.0.0.1;'), '5 nginx/no-port'],
    ['a pass to no upstream', inLocation('fastcgi_pass php;'), '5 nginx/no-port'],
    ['a pass to a bare path', inLocation('fastcgi_pass /run/a.sock;'), '5 nginx/invalid-address'],
    ['a port out of range', inLocation('fastcgi_pass 127.0.0.1:99999;'), '5 nginx/invalid-address'],
    ['another scheme than HTTP', inLocation('proxy_pass ftp://127.0.0.1;'), '5 nginx/invalid-address'],
    [
      'a URI that stands for no prefix',
      inServer('location ~ a { proxy_pass http://127.0.0.1/b; }'),
      '4 nginx/invalid-address'
    ],
    ['a socket without a path', inLocation('fastcgi_pass unix:;'), '5 nginx/invalid-address'],
    [
      'a port behind an upstream',
      inLocation('fastcgi_pass app:9000;', 'upstream app { server 127.0.0.1:9; }'),
      '5 nginx/invalid-address'
    ],
    ['an upstream without servers', inServer('', 'upstream app { }'), '2 nginx/empty-upstream'],
    [
      'an upstream of backups',
      inServer('', 'upstream app { server 127.0.0.1:9 backup; }'),
      '2 nginx/empty-upstream'
    ],
    [
      'an upstream twice',
      inServer('', 'upstream a { server 127.0.0.1:9; } upstream A { server 127.0.0.1:9; }'),
      '2 nginx/duplicate-upstream'
    ],
    [
      'a backup with a hash',
      inServer('', 'upstream a { ip_hash; server 127.0.0.1:9; server 127.0.0.1:8 backup; }'),
      '2 nginx/invalid-parameter'
    ],
    [
      'a weight of zero',
      inServer('', 'upstream a { server 127.0.0.1:9 weight=0; }'),
      '2 nginx/invalid-parameter'
    ],
    ['a server name with a star inside', inServer('server_name *a.example;'), '4 nginx/invalid-server-name'],
    ['an address listened to twice', inServer('listen 80;'), '4 nginx/duplicate-listen'],
    [
      'two default servers',
      'events { }\nhttp {\nserver { listen 80 default_server; }\nserver { listen 80 default; }\n}',
      '4 nginx/duplicate-default'
    ],
    ['an unknown option of listen', inServer('listen 81 82;'), '4 nginx/invalid-parameter'],
    ['a location twice', inServer('location /a { }\nlocation ^~ /a { }'), '5 nginx/duplicate-location'],
    [
      'a location outside of its parent',
      inServer('location /a/ {\nlocation /b/ { }\n}'),
      '5 nginx/wrong-nesting'
    ],
    [
      'a location in an exact one',
      inServer('location = /a {\nlocation /a/b { }\n}'),
      '5 nginx/wrong-nesting'
    ],
    [
      'a named location inside another',
      inServer('location / {\nlocation @a { }\n}'),
      '5 nginx/wrong-nesting'
    ],
    ['an unknown modifier', inServer('location ! /a { }'), '4 nginx/invalid-value'],
    ['alias in a named location', inServer('location @a { alias /a; }'), '4 nginx/wrong-context'],
    ['a regular expression with an open group', inServer('location ~ \\.(php$ { }'), '4 nginx/invalid-regex'],
    [
      'a split without two groups',
      inLocation(`fastcgi_split_path_info ^(.+)$; ${pass}`),
      '5 nginx/invalid-value'
    ],
    ['a root made of itself', inLocation('root $document_root/a;'), '5 nginx/invalid-value'],
    ['an empty index', inLocation('index "";'), '5 nginx/invalid-value'],
    ['a status that is no error', inLocation('error_page 200 /a;'), '5 nginx/invalid-value'],
    [
      'two tests in an if',
      inServer('if ($a = b && $c = d) { return 403; }', 'map $uri $a { } map $uri $c { }'),
      '4 nginx/invalid-condition'
    ],
    ['a wrong operator in an if', inServer('if ($uri == b) { return 403; }'), '4 nginx/invalid-condition'],
    ['text in place of a status', inLocation('return abc;'), '5 nginx/invalid-value'],
    ['an address that is none', inLocation('deny localhost;'), '5 nginx/invalid-value'],
    ['one large buffer among small ones', inLocation('fastcgi_buffer_size 16k;'), '5 nginx/buffer-sizes'],
    ['too few buffers', inLocation('fastcgi_buffers 2 4k;'), '5 nginx/buffer-sizes'],
    ['no events', 'http { }', '1 nginx/no-events'],
    ['two http blocks', 'events { }\nhttp { }\nhttp { }', '3 nginx/duplicate-directive'],
    ['a byte order mark', '\ufeffevents { }', '1 nginx/byte-order-mark'],
    ['a missing include', inServer('include none.conf;'), '4 include/missing']
  ])('%s', (_name, text, expected) => {
    const result = read(text)
    expect(found(result)).toEqual([expected])
    expect(result.refused).toBe(true)
    for (const { message, hint } of result.diagnostics)
      expect(`${message}${hint ?? ''}`).not.toMatch(/undefined|\.$/)
  })

  test.each([
    ['a name that is not known', inLocation('fastcgi_read_timout 60;')],
    ['a name in the wrong case', inLocation('Fastcgi_pass 127.0.0.1:9000;')]
  ])('%s is left to the rule for unknown keys', (_name, text) => {
    const result = read(text)
    expect(result.refused).toBe(true)
    expect(result.diagnostics).toEqual([])
    expect(result.site.directives.filter(({ state }) => state.kind === 'unknown')).toHaveLength(1)
  })
})

describe('what nginx accepts is not refused', () => {
  test.each([
    ['a map called like a cookie', inServer('', 'map $uri $cookie_a { default 1; }')],
    ['a variable called like a header', inServer('set $sent_http_x 1;')],
    ['an empty server', inServer('')],
    [
      'conditions with and without spaces',
      inServer(
        'if ( $arg_a ) { return 403; }\nif ($arg_a){ return 403; }\nif (!-f $request_filename) { break; }'
      )
    ],
    [
      'glued modifiers',
      inServer('location =/a { }\nlocation ^~/b { }\nlocation ~\\.php$ { }\nlocation ~*\\.jpg$ { }')
    ],
    [
      'a map behind its use',
      inLocation('fastcgi_param A $a;').replace('} }', '} map $uri $a { default b; } }')
    ],
    ['named groups as variables', inServer('server_name ~^(?<site>.+)\\.example$;\nroot /srv/$site;')],
    ['flags and words in any case', inLocation('fastcgi_keep_conn ON; fastcgi_next_upstream ERROR;')],
    ['composed times', inLocation('fastcgi_read_timeout "1h 30m";')],
    ['a socket path with a second colon', inLocation('fastcgi_pass unix:/run/a.sock:/b;')],
    ['split twice', inLocation('fastcgi_split_path_info ^(a)(b)$; fastcgi_split_path_info ^(c)(d)$;')],
    ['a param twice', inLocation('fastcgi_param A b; fastcgi_param A c;')],
    ['a glob that matches nothing', inServer('include sites/*.conf;')],
    ['exact and prefix location of one name', inServer('location = /a { }\nlocation /a { }')]
  ])('%s', (_name, text) => {
    const result = read(text)
    expect(found(result)).toEqual([])
    expect(result.refused).toBe(false)
  })

  test('a directive of another module is a warning', () => {
    const result = read(inLocation('more_set_headers "A: b";'))
    expect(found(result)).toEqual(['5 nginx/foreign-directive'])
    expect(result.refused).toBe(false)
  })
})
