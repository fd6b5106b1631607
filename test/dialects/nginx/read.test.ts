import { describe, expect, test } from 'vitest'
import { literal } from '../../../src/model/index.js'
import { readNginx } from '../../../src/dialects/nginx/index.js'
import { filesIo, found, inLocation, inServer, read, says, scope, shown } from './reading.js'

function bound(text: string, http = ''): unknown {
  const result = read(inLocation(text, http))
  const [binding] = says(scope(result, 'location /'), 'bindings') ?? []
  return binding?.target.kind === 'fastcgi' ? binding.target : binding?.target
}

function poolsOf(text: string, http = ''): ReturnType<typeof read>['site']['pools'] {
  return read(inLocation(text, http)).site.pools
}

describe('servers', () => {
  test('are chosen by listener and by every kind of name', () => {
    const result = read(
      inServer(
        'listen [::]:8080 default_server ssl;\nserver_name A.example *.b.example .c.example d.* ~^e\\d$;'
      )
    )
    const at = scope(result, 'server A.example')
    expect(at.host).toMatchObject({
      listeners: ['*:80', '[::]:8080'],
      isDefault: true,
      names: [
        { kind: 'exact', value: 'a.example' },
        { kind: 'leading-wildcard', value: '*.b.example', bare: false },
        { kind: 'leading-wildcard', value: '*.c.example', bare: true },
        { kind: 'trailing-wildcard', value: 'd.*' },
        { kind: 'regex', regex: { source: '^e\\d$', ignoreCase: false } }
      ]
    })
    expect(result.site.root.choose).toEqual({ kind: 'host', precedence: 'specific' })
    expect(says(at, 'serverName')).toEqual(literal('a.example'))
    expect(result.site.listeners).toMatchObject([
      { id: '*:80', address: { kind: 'tcp', host: '0.0.0.0', port: 80 }, tls: false },
      { id: '[::]:8080', address: { kind: 'tcp', host: '::', port: 8080 }, tls: true }
    ])
  })

  test.each([
    ['80', { kind: 'tcp', host: '0.0.0.0', port: 80 }],
    ['*:81', { kind: 'tcp', host: '0.0.0.0', port: 81 }],
    ['127.0.0.1', { kind: 'tcp', host: '127.0.0.1', port: 80 }],
    ['localhost:8080', { kind: 'tcp', host: 'localhost', port: 8080 }],
    ['unix:/run/http.sock', { kind: 'unix', path: '/run/http.sock' }]
  ])('listen on %s', (text, address) => {
    const result = read(`events { } http { server { listen ${text}; } }`)
    expect(result.site.listeners.map((each) => each.address)).toEqual([address])
  })

  test('listen on port 80 unless told otherwise', () => {
    expect(read('events { } http { server { } }').site.listeners.map(({ id }) => id)).toEqual(['*:80'])
  })
})

describe('locations', () => {
  test.each([
    ['= /a', { kind: 'exact', value: '/a' }],
    ['=/a', { kind: 'exact', value: '/a' }],
    ['/a', { kind: 'prefix', value: '/a', noRegex: false }],
    ['^~ /a', { kind: 'prefix', value: '/a', noRegex: true }],
    ['~ \\.php$', { kind: 'regex', regex: { source: '\\.php$', ignoreCase: false } }],
    ['~* "\\.(a|b){2}$"', { kind: 'regex', regex: { source: '\\.(a|b){2}$', ignoreCase: true } }],
    ['@a', { kind: 'named', name: '@a' }]
  ])('location %s', (head, match) => {
    const result = read(inServer(`location ${head} { }`))
    expect(found(result)).toEqual([])
    expect(scope(result, `location ${head}`).location).toEqual(match)
  })

  test('say root, alias and whole paths', () => {
    const result = read(
      inServer(
        'root /srv/;\nlocation /a/ { alias /b/; }\nlocation ~ ^/c(.*) { alias /d$1; }\nlocation /e { root f/$host; }'
      )
    )
    expect(says(scope(result, 'server'), 'root')).toEqual({ kind: 'root', path: literal('/srv') })
    expect(says(scope(result, 'location /a/'), 'root')).toEqual({
      kind: 'alias',
      path: literal('/b/'),
      prefixLength: 3
    })
    expect(says(scope(result, 'location ~ ^/c(.*)'), 'root')?.kind).toBe('whole')
    expect(shown(says(scope(result, 'location /e'), 'root')?.path)).toBe('/usr/share/nginx/f/<request.host>')
  })

  test('keep handlers, try lists and instructions to themselves', () => {
    const result = read(
      inServer(
        'location /a/ { try_files $uri $uri/ /x.php?$args; set $b c; fastcgi_pass 127.0.0.1:9; location /a/b { } }'
      )
    )
    const at = scope(result, 'location /a/')
    const own = at.settings.filter(({ reach }) => reach === 'own').map(({ key }) => key)
    expect(own).toEqual(['tryFiles', 'instructions', 'bindings', 'slashRedirect'])
    expect(scope(result, 'location /a/b').settings).toEqual([])
    expect(says(at, 'tryFiles')).toMatchObject({
      candidates: [{ what: 'file' }, { what: 'directory' }],
      last: { kind: 'uri' }
    })
  })

  test.each([
    ['=404', { kind: 'status', status: 404 }],
    ['@app', { kind: 'named', name: '@app' }]
  ])('end a try list with %s', (last, expected) => {
    expect(says(scope(read(inLocation(`try_files $uri ${last};`)), 'location /'), 'tryFiles')?.last).toEqual(
      expected
    )
  })
})

describe('applications', () => {
  test('are told the params in order, then the headers', () => {
    const result = read(
      inLocation(
        'fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\nfastcgi_param HTTPS $https if_not_empty;\nfastcgi_param HTTP_PROXY "";\nfastcgi_param EMPTY "";\nfastcgi_param V a${arg_x}_$http_x_y$1;'
      )
    )
    const entries = says(scope(result, 'location /'), 'params')?.entries ?? []
    expect(
      entries.map((entry) =>
        entry.kind === 'param' ? [entry.name, shown(entry.value), entry.omit] : entry.kind
      )
    ).toEqual([
      ['SCRIPT_FILENAME', '<document-root><script.name>', 'never'],
      ['HTTPS', '<https>', 'empty'],
      ['HTTP_PROXY', '', 'empty'],
      ['EMPTY', '', 'never'],
      ['V', 'a<argument x>_<header x-y><last 1>', 'never'],
      'headers'
    ])
  })

  test('are told no headers where these are not passed', () => {
    const result = read(inServer('fastcgi_param A b;\nlocation / { fastcgi_pass_request_headers off; }'))
    const entries = says(scope(result, 'location /'), 'params')?.entries ?? []
    expect(entries.map(({ kind }) => kind)).toEqual(['param'])
  })

  test('get the script by the split and the index in force', () => {
    const http = 'fastcgi_index index.php; fastcgi_split_path_info ^(.+?\\.php)(/.*)$;'
    expect(bound('fastcgi_pass unix:/run/php.sock;', http)).toMatchObject({
      role: 'responder',
      pool: { kind: 'pool', id: 'unix:/run/php.sock' },
      script: {
        split: { kind: 'regex', regex: { source: '^(.+?\\.php)(/.*)$' } },
        index: literal('index.php')
      }
    })
  })

  test('are members of an upstream, which may stand behind its use', () => {
    const [pool] = poolsOf(
      'fastcgi_pass APP;',
      'upstream app { least_conn; server unix:/run/a.sock weight=3 max_fails=0; server b:9000 backup max_conns=4; server 10.0.0.1 down fail_timeout=1m; keepalive 8; }'
    )
    expect(pool).toMatchObject({
      id: 'app',
      name: 'app',
      balance: { kind: 'least-connections', ties: 'round-robin' },
      connection: { idle: 8, keep: false },
      members: [
        { address: { kind: 'unix', path: '/run/a.sock' }, weight: 3, failure: { kind: 'never' } },
        { address: { kind: 'tcp', host: 'b', port: 9000 }, backup: true, maxConnections: 4 },
        {
          address: { kind: 'tcp', host: '10.0.0.1', port: 80 },
          down: true,
          failure: { kind: 'count', failures: 1, seconds: 60 }
        }
      ]
    })
  })

  test('are talked to as their location says', () => {
    const ends = { endsWithClient: true }
    const result = read(
      inServer(
        'fastcgi_read_timeout 90;\nlocation /a { fastcgi_pass php; }\nlocation /b { fastcgi_keep_conn on; fastcgi_next_upstream error http_500 non_idempotent; fastcgi_connect_timeout 500ms; fastcgi_pass php; }\nlocation /c { fastcgi_pass php; }',
        'upstream php { server 127.0.0.1:9; }'
      )
    )
    expect(
      result.site.pools.map(({ id, name, connection, retry }) => ({ id, name, connection, retry }))
    ).toEqual([
      {
        id: 'php',
        name: 'php',
        connection: { connectTimeout: 60, sendTimeout: 60, readTimeout: 90, keep: false, idle: 0, ...ends },
        retry: { on: ['connect', 'closed', 'timeout'], tries: 0, within: 0, nonIdempotent: false }
      },
      {
        id: 'php~2',
        name: 'php',
        connection: { connectTimeout: 0.5, sendTimeout: 60, readTimeout: 90, keep: true, idle: 0, ...ends },
        retry: { on: ['connect', 'closed', 500], tries: 0, within: 0, nonIdempotent: true }
      }
    ])
  })

  test('may be named by a variable', () => {
    expect(bound('set $app unix:/run/a.sock; fastcgi_pass $app;')).toMatchObject({
      pool: { kind: 'computed', from: [{ kind: 'user', name: 'app' }] }
    })
  })

  test('of other protocols are no files', () => {
    expect(bound('uwsgi_pass 127.0.0.1:9000;')).toEqual({
      kind: 'unsupported',
      what: 'uwsgi_pass 127.0.0.1:9000'
    })
  })

  test('have their answers changed as the lists in force say', () => {
    const result = read(
      inServer(
        'fastcgi_hide_header X-A;\nlocation / { fastcgi_pass_header X-Accel-Expires; fastcgi_ignore_headers X-Accel-Redirect; fastcgi_intercept_errors on; fastcgi_buffer_size 8k; fastcgi_buffers 8 8k; }'
      )
    )
    const response = says(scope(result, 'location /'), 'response')
    expect(response).toMatchObject({ interceptFrom: 300, head: { limit: 8192 } })
    expect(response?.hide).toContain('x-a')
    expect(response?.hide).not.toContain('x-accel-expires')
    expect(response).not.toHaveProperty('redirectHeader')
  })

  test('have their answers collected, unless the list in force or the answer says otherwise', () => {
    const off = 'location / { fastcgi_buffering off; fastcgi_ignore_headers X-Accel-Buffering; }'
    const result = read(inServer(`${off}\nlocation /b { fastcgi_intercept_errors on; }`))
    expect(says(scope(result, 'location /'), 'response')?.gathers).toEqual({ bytes: 4096, byDefault: false })
    expect(says(scope(result, 'location /b'), 'response')?.gathers).toEqual({
      bytes: 4096,
      byDefault: true,
      header: 'x-accel-buffering'
    })
  })
})

describe('instructions', () => {
  test('are read in order', () => {
    const result = read(
      inLocation(
        'set $a b$uri;\nif ($request_method !~ ^(GET|HEAD)$) { return 405; }\nrewrite ^/a(.*)$ /b$1?c=d last;\nrewrite ^ https://x.example? permanent;\nif (!-f $request_filename) { rewrite ^ /x.php break; }\nbreak;\nreturn 200 "text";'
      )
    )
    expect(found(result)).toEqual([])
    expect(says(scope(result, 'location /'), 'instructions')).toMatchObject([
      { kind: 'set', name: 'a' },
      {
        kind: 'if',
        when: {
          kind: 'not',
          of: { subject: { of: 'method' }, test: { kind: 'regex', regex: { ignoreCase: false } } }
        },
        then: [{ kind: 'answer', target: { kind: 'status', status: 405 } }]
      },
      { kind: 'rewrite', rewrite: { then: 'scopes', query: 'appended' } },
      {
        kind: 'rewrite',
        rewrite: { then: { redirect: 301 }, query: 'replaced', to: literal('https://x.example') }
      },
      {
        kind: 'if',
        when: { kind: 'not', of: { test: { kind: 'exists', what: 'file' } } },
        then: [{ kind: 'rewrite' }]
      },
      { kind: 'stop' },
      { kind: 'answer', target: { kind: 'status', status: 200, body: literal('text') } }
    ])
  })

  test.each([
    ['return 301 /a;', { kind: 'redirect', status: 301, to: literal('/a') }],
    ['return https://a.example;', { kind: 'redirect', status: 302, to: literal('https://a.example') }],
    ['return 444;', { kind: 'status', status: 444 }]
  ])('%s', (text, target) => {
    expect(says(scope(read(inLocation(text)), 'location /'), 'instructions')).toMatchObject([
      { kind: 'answer', target }
    ])
  })

  test('an if of a location takes over with what it says, and without try_files', () => {
    const result = read(
      inLocation('try_files $uri =404; if ($arg_a) { fastcgi_pass 127.0.0.1:9; set $b c; }')
    )
    expect(says(scope(result, 'location /'), 'instructions')).toMatchObject([
      {
        kind: 'if',
        then: [{ kind: 'set', name: 'b' }],
        takesOver: [{ key: 'bindings', value: [{ target: { kind: 'fastcgi' } }] }]
      }
    ])
    expect(result.site.directives.filter(({ state }) => state.kind === 'not-read-yet')).toEqual([])
  })

  test('an if of a server takes over nothing', () => {
    const result = read(inServer('if ($arg_a) { set $b c; }'))
    const [instruction] = says(scope(result, 'server'), 'instructions') ?? []
    expect(instruction).not.toHaveProperty('takesOver')
  })
})

describe('maps', () => {
  const uses = (map: string): readonly unknown[] => {
    const result = read(inLocation('fastcgi_param A $x;', map))
    expect(found(result)).toEqual([])
    return says(scope(result, 'server'), 'instructions') ?? []
  }

  test('are computed before all else, what is tried first last', () => {
    const map = 'map $http_a$arg_b $x { default d; ~*^r(.)$ $1; "" e; Plain p; \\default q; }'
    expect(uses(map)).toMatchObject([
      { kind: 'set', name: 'x', value: literal('d') },
      { kind: 'if', when: { test: { kind: 'regex', regex: { source: '^r(.)$', ignoreCase: true } } } },
      { kind: 'if', when: { test: { kind: 'equals', value: '', ignoreCase: true } } },
      { kind: 'if', when: { test: { kind: 'equals', value: 'Plain', ignoreCase: true } } },
      { kind: 'if', when: { test: { kind: 'equals', value: 'default', ignoreCase: true } } }
    ])
  })

  test('come behind those they are made of', () => {
    const names = uses('map $y $x { default 1; a 2; } map $uri $y { default 2; }').map((each) =>
      typeof each === 'object' && each !== null && 'name' in each ? each.name : undefined
    )
    expect(names).toEqual(['y', 'x', undefined])
  })

  test('of addresses let the smallest network decide', () => {
    expect(uses('geo $x { 10.1.0.0/16 b; default d; 10.0.0.0/8 a; }')).toMatchObject([
      { kind: 'set', value: literal('d') },
      {
        kind: 'if',
        when: { subject: { of: 'remote-address' }, test: { kind: 'address', network: '10.0.0.0/8' } }
      },
      { kind: 'if', when: { test: { kind: 'address', network: '10.1.0.0/16' } } }
    ])
  })

  test.each([
    ['of what only an answer knows', 'map $upstream_connect_time $x { default 1; a 2; }'],
    ['of what only an answer knows, in a geo', 'geo $upstream_bytes_sent $x { default 1; 10.0.0.1 2; }'],
    ['of themselves', 'map $x $x { default 1; a 2; }'],
    ['of themselves through another', 'map $y $x { default 1; a 2; } map $x $y { default 3; 1 b; }'],
    ['of ranges', 'geo $x { ranges; 10.0.0.0-10.0.0.9 a; }']
  ])('%s are not read yet', (_name, map) => {
    const { directives } = read(inLocation('fastcgi_param A $x;', map)).site
    expect(directives.filter(({ state }) => state.kind === 'not-read-yet').map(({ name }) => name)).toEqual([
      map.split(' ')[0]
    ])
  })
})

describe('limit_except', () => {
  const notGet = {
    kind: 'not',
    of: { kind: 'any', of: [{ test: { value: 'GET' } }, { test: { value: 'HEAD' } }] }
  }

  test('puts its rules before those around it, for all other methods', () => {
    const result = read(
      inServer('deny 10.0.0.1;\nlocation / { limit_except GET { allow 10.0.0.2; deny all; } }')
    )
    expect(says(scope(result, 'location /'), 'access')?.rules).toMatchObject([
      { when: { kind: 'all', of: [notGet, { test: { network: '10.0.0.2' } }] }, allow: true },
      { when: { kind: 'all', of: [notGet, { kind: 'always' }] }, allow: false },
      { when: notGet, allow: true },
      { when: { test: { network: '10.0.0.1' } }, allow: false }
    ])
  })

  test('may ask for a login', () => {
    const result = read(inLocation('limit_except GET { auth_basic x; auth_basic_user_file /f; }'))
    expect(says(scope(result, 'location /'), 'authentication')).toMatchObject({
      method: 'basic',
      when: notGet
    })
  })

  test('with another handler is not read yet', () => {
    const { directives } = read(inLocation('limit_except GET { proxy_pass http://127.0.0.1; }')).site
    expect(directives.find(({ name }) => name === 'limit_except')?.state.kind).toBe('not-read-yet')
  })
})

describe('the rest of a level', () => {
  test('is read', () => {
    const result = read(
      inLocation(
        'internal; client_max_body_size 2m; default_type text/plain; types { text/html html htm; } allow 10.0.0.0/8; deny all; error_page 404 500 =200 /e.html; error_page 403 = @f; add_header X-A b$host always; index a.php /b.php; auth_basic x; auth_basic_user_file users;'
      )
    )
    const at = scope(result, 'location /')
    expect(found(result)).toEqual([])
    expect(says(at, 'internalOnly')).toBe(true)
    expect(says(at, 'maxBodySize')).toBe(2 * 1024 * 1024)
    expect(says(at, 'mediaTypes')).toEqual([
      { extension: '.html', type: 'text/html' },
      { extension: '.htm', type: 'text/html' }
    ])
    expect(says(at, 'access')).toMatchObject({
      otherwise: 'allow',
      rules: [{ allow: true }, { allow: false, when: { kind: 'always' } }]
    })
    expect(says(at, 'errorPages')).toMatchObject([
      { statuses: [404, 500], status: { kind: 'fixed', status: 200 }, to: { kind: 'uri' } },
      { statuses: [403], status: { kind: 'of-answer' }, to: { kind: 'named', name: '@f' } }
    ])
    expect(says(at, 'responseHeaders')).toMatchObject([{ name: 'X-A', always: true }])
    expect(says(at, 'index')?.names.map(shown)).toEqual(['a.php', '/b.php'])
    expect(says(at, 'authentication')).toMatchObject({
      method: 'basic',
      logins: { path: literal('/etc/nginx/users'), missing: 403, unreadable: 500 }
    })
  })
})

describe('includes', () => {
  test('are read in their places, relative to the main file, globs in order', () => {
    const result = read(inServer('include sites/*.conf;\ninclude /etc/b.conf;'), {
      '/etc/nginx/sites/2.conf': 'location /2 { include params; }',
      '/etc/nginx/sites/1.conf': 'location /1 { include params; }',
      '/etc/nginx/params': 'fastcgi_param A b; # note\n',
      '/etc/b.conf': 'location /3 { }'
    })
    expect(found(result)).toEqual([])
    expect(scope(result, 'server').children.map(({ name }) => name)).toEqual([
      'location /1',
      'location /2',
      'location /3'
    ])
    expect(result.site.sources.map(({ file }) => file)).toEqual([
      '/etc/nginx/nginx.conf',
      '/etc/nginx/sites/1.conf',
      '/etc/nginx/sites/2.conf',
      '/etc/b.conf',
      '/etc/nginx/params'
    ])
    const params = result.site.directives.filter(({ name }) => name === 'fastcgi_param')
    expect(params).toMatchObject([
      { comments: ['# note'], span: { file: '/etc/nginx/params', start: 0, end: 18 } }
    ])
  })

  test('that lead in a circle are refused once', () => {
    const result = read(inServer('include a;'), {
      '/etc/nginx/a': 'include b;',
      '/etc/nginx/b': 'include a;'
    })
    expect(result.diagnostics.map(({ code, span }) => `${span?.file ?? ''} ${code}`)).toEqual([
      '/etc/nginx/b include/circular'
    ])
  })
})

describe('parts of a configuration', () => {
  test.each([
    ['a location', 'location ~ \\.php$ { fastcgi_pass php; }', 'location ~ \\.php$'],
    ['a server', 'server { server_name a; }', 'server a'],
    ['an upstream', 'upstream app { server 127.0.0.1:9000; }', 'http'],
    ['directives of a server', 'listen 81;\nserver_name a;\nroot /srv;', 'server a'],
    ['params', 'fastcgi_param A b;\nfastcgi_param C $d;', 'http']
  ])('%s is read in the context it belongs in', (_name, text, name) => {
    const result = read(text)
    expect(result.refused).toBe(false)
    expect(scope(result, name).name).toBe(name)
    expect(result.site.directives.filter(({ state }) => state.kind === 'unknown')).toEqual([])
  })

  test('directives of a location answer in a server of their own', () => {
    const result = read('include fastcgi_params;\nfastcgi_pass unix:/run/a.sock;\nalias /b/;', {
      '/etc/nginx/fastcgi_params': 'fastcgi_param A b;'
    })
    expect(result.refused).toBe(false)
    expect(says(scope(result, 'server'), 'bindings')).toHaveLength(1)
  })

  test('include what stands beside the main file, in the folder above', () => {
    const files = {
      '/etc/nginx/sites-available/a': 'server { location / { include snippets/b.conf; include near.conf; } }',
      '/etc/nginx/snippets/b.conf': 'root /b;',
      '/etc/nginx/sites-available/near.conf': 'index a;'
    }
    const result = readNginx('/etc/nginx/sites-available/a', filesIo(files), { name: 'nginx' })
    expect(found(result)).toEqual([])
    expect(result.site.sources.map(({ file }) => file)).toEqual([
      '/etc/nginx/sites-available/a',
      '/etc/nginx/snippets/b.conf',
      '/etc/nginx/sites-available/near.conf'
    ])
  })

  test.each([
    ['conf/nginx.conf', 'conf/apps/shop/a.conf', 'conf/apps/shop/b.conf'],
    ['nginx.conf', 'apps/shop/a.conf', 'apps/shop/b.conf'],
    ['../nginx.conf', 'a.conf', '../apps/shop/b.conf']
  ])('include what hangs on the folder of the nearest nginx.conf above: %s', (main, part, included) => {
    const files = { [main]: '', [part]: 'location / { include apps/shop/b.conf; }', [included]: 'root /b;' }
    const result = readNginx(part, filesIo(files), { name: 'nginx' })
    expect(found(result)).toEqual([])
    expect(result.site.sources.map(({ file }) => file)).toEqual([part, included])
  })

  test('may name an upstream that stands elsewhere', () => {
    const result = read('server { location / { fastcgi_pass php; } }')
    expect(found(result)).toEqual(['1 nginx/upstream-elsewhere'])
    expect(result.site.pools).toMatchObject([{ id: 'php', members: [] }])
  })
})

test('every directive is recorded once, with what became of it', () => {
  const text = inLocation(
    'root /a; gzip on; secure_link b; nonsense x; include c;',
    'upstream u { server 127.0.0.1:9; } map $uri $m { a b; }'
  )
  const { directives } = read(text, { '/etc/nginx/c': 'index d;' }).site
  expect(
    directives.map(({ name, within, state }) => [within, name, state.kind].filter(Boolean).join(' '))
  ).toEqual([
    'events structure',
    'http structure',
    'upstream structure',
    'map read',
    'server structure',
    'upstream server read',
    'listen read',
    'location structure',
    'root read',
    'gzip outside',
    'secure_link not-read-yet',
    'nonsense unknown',
    'include structure',
    'index read'
  ])
})

test('a file that cannot be read is said so', () => {
  const result = readNginx('/none.conf', filesIo({}), { name: 'nginx' })
  expect(result.refused).toBe(true)
  expect(result.diagnostics).toMatchObject([{ code: 'input/unreadable' }])
})
