import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readLighttpd } from '../../../src/dialects/lighttpd/index.js'
import type { ReadResult } from '../../../src/dialects/dialect.js'
import type { Binding, Scope, SettingKey, SettingOf } from '../../../src/model/index.js'
import { memory } from './memory.js'

const folder = new URL('../../../fixtures/lighttpd/site/', import.meta.url)
const names = ['lighttpd.conf', ...readdirSync(new URL('conf.d/', folder)).map((name) => `conf.d/${name}`)]
const siteFiles = Object.fromEntries(
  names.map((name) => [`/etc/lighttpd/${name}`, readFileSync(new URL(name, folder), 'utf8')])
)
const whole = readLighttpd('/etc/lighttpd/lighttpd.conf', memory(siteFiles), { name: 'lighttpd' })

/** A short text in the frame that every whole configuration needs. */
function read(text: string, files: Readonly<Record<string, string>> = {}): ReadResult {
  const frame =
    'server.document-root = "/www"\nserver.modules = ( "mod_access", "mod_alias", "mod_fastcgi" )\n'
  return readLighttpd('/etc/a.conf', memory({ '/etc/a.conf': frame + text, ...files }, { USER: 'www' }), {
    name: 'lighttpd'
  })
}

function setting<K extends SettingKey>(scope: Scope | undefined, key: K): SettingOf<K>['value'] | undefined {
  const found = scope?.settings.filter((one): one is SettingOf<K> & typeof one => one.key === key).at(-1)
  return found?.value
}

function bindings(scope: Scope | undefined): readonly Binding[] {
  return setting(scope, 'bindings') ?? []
}

function codes({ diagnostics }: ReadResult): readonly string[] {
  return diagnostics.map(({ code }) => code)
}

const { site } = whole

describe('a whole configuration', () => {
  test('is not refused', () => {
    expect(whole.refused).toBe(false)
    expect(codes(whole)).toEqual([])
  })

  test('its files are listed with where they were included', () => {
    expect(site.sources.map(({ file, includedFrom }) => [file, includedFrom?.file])).toEqual([
      ['/etc/lighttpd/lighttpd.conf', undefined],
      ['/etc/lighttpd/conf.d/10-fastcgi.conf', '/etc/lighttpd/lighttpd.conf']
    ])
  })

  test('variables and sums become values', () => {
    expect(setting(site.root, 'root')).toEqual({ kind: 'root', path: [{ kind: 'text', text: '/srv/www' }] })
  })

  test('SERVER_NAME has no port', () => {
    expect(setting(site.root, 'serverName')).toEqual([{ kind: 'text', text: 'example.org' }])
  })

  test('listeners are the first one and those of $SERVER["socket"]', () => {
    expect(site.listeners).toMatchObject([
      { id: '127.0.0.1:8080', address: { host: '127.0.0.1', port: 8080 }, tls: false },
      { id: '0.0.0.0:8443', address: { host: '0.0.0.0', port: 8443 }, tls: true }
    ])
  })

  test('what answers for files stands in the settings', () => {
    expect(setting(site.root, 'index')).toEqual({
      names: [[{ kind: 'text', text: 'index.php' }], [{ kind: 'text', text: 'index.html' }]],
      how: 'append'
    })
    expect(setting(site.root, 'aliases')).toMatchObject([
      { match: { kind: 'prefix', value: '/static', segments: false }, documentRoot: 'target' }
    ])
    expect(setting(site.root, 'staticRefused')).toEqual(['.php'])
    expect(setting(site.root, 'mediaTypes')).toEqual([
      { extension: '.html', type: 'text/html', anyEnd: true },
      { extension: '', type: 'application/octet-stream', anyEnd: true }
    ])
    expect(setting(site.root, 'access')).toMatchObject({
      rules: [{ allow: false }, { allow: false }],
      otherwise: 'allow'
    })
  })

  test('the pipeline follows the order of the modules, those loaded unasked included', () => {
    expect(site.pipeline.map((step) => ('at' in step ? `${step.step} ${step.at}` : step.step))).toEqual([
      ...['scopes', 'body-limit', 'access', 'bind url', 'asterisk', 'untaken-methods', 'map', 'locate'],
      ...['index', 'access', 'bind file', 'static', 'answer']
    ])
  })

  test('an else chain is one scope whose first branch that holds counts', () => {
    const [chain] = site.root.children
    expect(chain?.choose).toEqual({ kind: 'first' })
    expect(chain?.children.map(({ name, when }) => [name, when.kind])).toEqual([
      ['$HTTP["host"] == "admin.example.org"', 'test'],
      ['$HTTP["url"] =^ "/private/"', 'test'],
      ['else', 'always']
    ])
  })

  test('a spawned host becomes a member with a process plan', () => {
    const pool = site.pools.find(({ id }) => id === '.php')
    expect(pool?.members).toMatchObject([
      {
        address: { kind: 'unix', path: '/run/php.sock' },
        failure: { kind: 'disable', seconds: 1 },
        process: {
          command: ['/usr/bin/php-cgi', '-c', '/etc/php.ini'],
          minimum: 2,
          maximum: 2,
          sockets: 'own',
          inherit: { kind: 'names', names: ['PATH', 'USER'] },
          environment: [{ name: 'PHP_FCGI_CHILDREN', value: '4' }],
          killSignal: 15,
          backlog: 1024
        }
      }
    ])
  })

  test('hosts of one key have timeouts of their own', () => {
    const { site: two, diagnostics } = read(
      'fastcgi.server = ( ".php" => (( "socket" => "/a" ), ( "socket" => "/b", "read-timeout" => 3, "connect-timeout" => 1 )) )'
    )
    expect(diagnostics).toEqual([])
    expect(two.pools[0]?.connection).toMatchObject({ connectTimeout: 8, readTimeout: 0 })
    expect(two.pools[0]?.members.map(({ overrides }) => overrides)).toEqual([
      undefined,
      { connection: { connectTimeout: 1, readTimeout: 3, sendTimeout: 0 } }
    ])
  })

  test('map-extensions is tried before the keys', () => {
    expect(bindings(site.root).map(({ match }) => match)).toEqual([
      { kind: 'suffix', value: '.php3' },
      { kind: 'suffix', value: '.php' }
    ])
  })

  test('a copy made by += keeps the pools of the original', () => {
    const admin = bindings(site.root.children[0]?.children[0])
    expect(admin.map(({ match, target }) => [match, target.kind === 'fastcgi' && target.mustExist])).toEqual([
      [{ kind: 'suffix', value: '.php3' }, true],
      [{ kind: 'suffix', value: '.php' }, true],
      [{ kind: 'prefix', value: '/', segments: false }, false]
    ])
    const balanced = site.pools.find(({ id }) => id === '/')
    expect(balanced?.balance).toEqual({ kind: 'round-robin', variant: 'per-pass' })
    expect(balanced?.members.map(({ label, address }) => [label, address])).toEqual([
      ['one', { kind: 'tcp', host: '127.0.0.1', port: 9001 }],
      ['two', { kind: 'tcp', host: '127.0.0.1', port: 9002 }]
    ])
  })

  test('an authorizer says where allowed requests are mapped', () => {
    expect(bindings(site.root.children[0]?.children[1])).toMatchObject([
      {
        target: {
          kind: 'fastcgi',
          role: 'authorizer',
          mustExist: true,
          script: { split: { kind: 'whole' }, documentRootFollows: true },
          rootWhenAllowed: [{ kind: 'text', text: '/srv/private' }]
        }
      }
    ])
  })

  test('every directive and every host option is recorded once, with its comments', () => {
    const spans = site.directives.map(({ span }) => `${span.file}:${span.start}:${span.end}`)
    expect(new Set(spans).size).toBe(spans.length)
    expect(
      site.directives
        .filter(({ span }) => span.file.endsWith('10-fastcgi.conf'))
        .map(({ name, within, comments, state }) => [within ?? '', name, state.kind, ...comments])
    ).toEqual([
      ['', 'server.modules', 'read'],
      ['', 'fastcgi.map-extensions', 'read'],
      ['', 'fastcgi.server', 'read', '# PHP, started here'],
      ['fastcgi.server', 'socket', 'read'],
      ['fastcgi.server', 'bin-path', 'read'],
      ['fastcgi.server', 'max-procs', 'read', '# few'],
      ['fastcgi.server', 'bin-environment', 'read'],
      ['fastcgi.server', 'bin-copy-environment', 'read'],
      ['fastcgi.server', 'chek-local', 'unknown']
    ])
  })

  test('the span of an option begins with its name', () => {
    for (const { name, within, span } of site.directives) {
      if (within === undefined) continue
      expect(whole.texts.get(span.file)?.slice(span.start, span.start + name.length)).toBe(name)
    }
  })
})

describe('how the path is taken apart', () => {
  test.each([
    ['a suffix', '".php"', '', { kind: 'whole' }],
    ['a prefix', '"/app"', '', { kind: 'after-prefix' }],
    ['the root', '"/"', '', { kind: 'after-prefix' }],
    [
      'the root with fix-root-scriptname',
      '"/"',
      '"fix-root-scriptname" => "enable",',
      { kind: 'all-path-info' }
    ],
    [
      'another prefix with fix-root-scriptname',
      '"/a"',
      '"fix-root-scriptname" => 1,',
      { kind: 'after-prefix' }
    ],
    ['an authorizer', '"/app"', '"mode" => "authorizer",', { kind: 'whole' }]
  ])('%s', (_name, key, option, split) => {
    const result = read(`fastcgi.server = ( ${key} => (( ${option} "socket" => "/s" )) )\n`)
    expect(bindings(result.site.root)[0]?.target).toMatchObject({ script: { split } })
  })

  test('broken-scriptfilename has no effect beside docroot', () => {
    const options = '"socket" => "/s", "broken-scriptfilename" => "enable"'
    const alone = read(`fastcgi.server = ( ".php" => (( ${options} )) )\n`)
    const beside = read(`fastcgi.server = ( ".php" => (( ${options}, "docroot" => "/d" )) )\n`)
    expect(bindings(alone.site.root)[0]?.target).toMatchObject({ script: { keepPathInfo: true } })
    expect(bindings(beside.site.root)[0]?.target).toMatchObject({ script: { keepPathInfo: false } })
  })
})

describe('addresses', () => {
  test.each([
    ['a socket', '"socket" => "/run/a"', { kind: 'unix', path: '/run/a' }],
    ['a path as host', '"host" => "/run/a", "port" => 9', { kind: 'unix', path: '/run/a' }],
    ['a host without port', '"host" => "127.0.0.1"', { kind: 'tcp', host: '127.0.0.1', port: 80 }],
    ['a program alone', '"bin-path" => "/bin/app"', { kind: 'tcp', host: '127.0.0.1', port: 80 }],
    ['IPv6', '"host" => "::1", "port" => 9000', { kind: 'tcp', host: '::1', port: 9000 }]
  ])('%s', (_name, options, address) => {
    const { site: one } = read(`fastcgi.server = ( ".php" => (( ${options} )) )\n`)
    expect(one.pools[0]?.members[0]?.address).toEqual(address)
  })
})

describe('conditions', () => {
  const whenOf = (head: string): unknown => read(`${head} { server.tag = "x" }\n`).site.root.children[0]?.when

  test.each([
    ['$HTTP["host"] == "a"', { of: 'host', port: 'if-both-have-one' }, { kind: 'equals', value: 'a' }],
    ['$HTTP["host"] =~ "^a$"', { of: 'host', port: 'if-both-have-one' }, { kind: 'equals', value: 'a' }],
    [
      '$HTTP["host"] =^ "a"',
      { of: 'host', port: 'unless-default' },
      { kind: 'prefix', value: 'a', segments: false }
    ],
    ['$HTTP["url"] =~ "\\.php$"', { of: 'path' }, { kind: 'suffix', value: '.php' }],
    ['$HTTP["url"] =~ "^/a"', { of: 'path' }, { kind: 'prefix', value: '/a', segments: false }],
    [
      '$HTTP["url"] =~ "^/a.b"',
      { of: 'path' },
      { kind: 'regex', regex: { source: '^/a.b', ignoreCase: false } }
    ],
    ['$HTTP["remoteip"] == "[::1]/64"', { of: 'remote-address' }, { kind: 'address', network: '::1/64' }],
    ['$HTTP["language"] == "de"', { of: 'header', name: 'accept-language' }, { kind: 'equals', value: 'de' }],
    ['$REQUEST_HEADER["X-A"] == ""', { of: 'header', name: 'x-a' }, { kind: 'equals', value: '' }],
    ['$SERVER["socket"] == ":81"', { of: 'listener' }, { kind: 'equals', value: '0.0.0.0:81' }]
  ])('%s', (head, subject, expected) => {
    expect(whenOf(head)).toEqual({ kind: 'test', subject, test: expected })
  })

  test('!= and !~ hold where the test does not', () => {
    expect(whenOf('$HTTP["scheme"] != "https"')).toMatchObject({
      kind: 'not',
      of: { test: { value: 'https' } }
    })
    expect(whenOf('$HTTP["url"] !~ "a|b"')).toMatchObject({ kind: 'not', of: { test: { kind: 'regex' } } })
  })

  test('the same condition twice is one block', () => {
    const { site: one } = read(
      '$HTTP["host"] == "a" { server.tag = "x" }\n$HTTP["host"] == "a" { server.name = "y" }\n'
    )
    expect(one.root.children.map(({ settings }) => settings.map(({ key }) => key))).toEqual([
      ['serverName', 'serverSoftware']
    ])
  })
})

describe('includes', () => {
  test('names are relative to the folder of the main file, in included files too', () => {
    const result = read('include "d/one.conf"\n', {
      '/etc/d/one.conf': 'include "two.conf"\n',
      '/etc/two.conf': 'server.tag = "two"\n'
    })
    expect(setting(result.site.root, 'serverSoftware')).toBe('two')
  })

  test('a pattern that matches nothing is fine', () => {
    expect(codes(read('include "none/*.conf"\n'))).toEqual([])
  })

  test('a circle is told', () => {
    const result = read('include "b.conf"\n', { '/etc/b.conf': 'include "a.conf"\n' })
    expect(codes(result)).toEqual(['include/circular'])
    expect(result.refused).toBe(true)
  })

  test('a file included twice is recorded once', () => {
    const result = read(
      '$HTTP["host"] == "a" { include "b.conf" }\n$HTTP["host"] == "b" { include "b.conf" }\n',
      {
        '/etc/b.conf': 'server.tag = "t"\n'
      }
    )
    expect(result.site.directives.filter(({ name }) => name === 'server.tag')).toHaveLength(1)
    expect(result.site.root.children.map((scope) => setting(scope, 'serverSoftware'))).toEqual(['t', 't'])
  })

  test('commands are not run unless that is allowed', () => {
    const result = read('include_shell "echo hello"\n')
    expect(codes(result)).toEqual(['lighttpd/include-shell'])
    // What was read can be converted, with a line in the ledger; it is not the whole, and must not be served.
    expect(result).toMatchObject({ refused: true, refusedHere: true })
    expect(result.site.directives.at(-1)?.state).toEqual({ kind: 'not-run' })
    const texts = memory({ '/etc/a.conf': 'server.document-root = "/w"\ninclude_shell "x"\n' })
    const run = (command: string, folder: string): ReturnType<typeof texts.readFile> =>
      folder === '/etc' && command === 'x'
        ? { kind: 'text', text: 'server.tag = "printed"\n' }
        : { kind: 'failed', why: 'unreadable', message: 'no such command' }
    const allowed = readLighttpd('/etc/a.conf', { ...texts, run }, { name: 'lighttpd' })
    expect(codes(allowed)).toEqual([])
    expect(allowed).toMatchObject({ refused: false })
    expect(setting(allowed.site.root, 'serverSoftware')).toBe('printed')
    const other = memory({ '/etc/a.conf': 'include_shell "y"\n' })
    const refused = readLighttpd('/etc/a.conf', { ...other, run }, { name: 'lighttpd' })
    expect(refused.diagnostics).toMatchObject([
      {
        code: 'lighttpd/include-shell-failed',
        severity: 'error',
        message: 'Unexpected end of `y`: no such command'
      }
    ])
  })

  test('a command that prints something else each time is read each time', () => {
    const texts = memory({
      '/etc/a.conf': 'server.document-root = "/w"\ninclude_shell "x"\ninclude_shell "x"\n'
    })
    const printed = ['server.tag = "a"\n', 'server.name = "b"\n']
    const run = (): ReturnType<typeof texts.readFile> => ({ kind: 'text', text: printed.shift() ?? '' })
    const { site } = readLighttpd('/etc/a.conf', { ...texts, run }, { name: 'lighttpd' })
    expect(setting(site.root, 'serverSoftware')).toBe('a')
    expect(setting(site.root, 'serverName')).toEqual([{ kind: 'text', text: 'b' }])
  })
})

describe('what the server takes no notice of is told', () => {
  test.each([
    ['a dropped token', 'alias.url = ( "/a" => "/b" "/c" => "/d" )\n', 'lighttpd/missing-comma'],
    ['if', 'if $HTTP["host"] == "a" { server.tag = "x" }\n', 'lighttpd/no-such-word'],
    [
      'a directive of the server in a condition',
      '$HTTP["host"] == "a" { server.port = 81 }\n',
      'lighttpd/ignored-in-condition'
    ],
    ['a directive whose module is not loaded', 'url.redirect = ( "a" => "b" )\n', 'lighttpd/module-missing'],
    [
      'an unknown mode',
      'fastcgi.server = ( ".php" => (( "socket" => "/s", "mode" => "Authorizer" )) )\n',
      'lighttpd/unknown-mode'
    ],
    ['an unknown balance', 'fastcgi.balance = "Hash"\n', 'lighttpd/unknown-balance'],
    ['a number that does not fit', 'server.port = 70000\n', 'lighttpd/number-cut']
  ])('%s', (_name, text, code) => {
    const result = read(text)
    expect(result.refused).toBe(false)
    expect(codes(result)).toContain(code)
  })

  test.each([
    ['a list of files that is off', 'dir-listing.activate = "disable"\n'],
    [
      'a module that a file may load that is not there',
      'include "modules.conf"\nurl.redirect = ( "a" => "b" )\n'
    ],
    ['a module that a command may load that is not run', 'include_shell "x"\nurl.redirect = ( "a" => "b" )\n']
  ])('not %s', (_name, text) => {
    expect(codes(read(text))).not.toContain('lighttpd/module-missing')
  })
})

describe('switches of server.http-parseopts', () => {
  const state = (result: ReadResult): unknown =>
    result.site.directives.find(({ name }) => name === 'server.http-parseopts')?.state.kind

  test('those that the model knows change how requests are read', () => {
    const result = read(
      'server.http-parseopts = ( "host-strict" => "disable", "method-get-body" => "enable" )\n'
    )
    expect(result.site.request).toMatchObject({ host: { strict: false }, body: { withGet: 'accepted' } })
    expect(state(result)).toBe('read')
  })
})

describe('a piece of a configuration', () => {
  const piece = (text: string): ReadResult =>
    readLighttpd('/etc/conf.d/fastcgi.conf', memory({ '/etc/conf.d/fastcgi.conf': text }), {
      name: 'lighttpd'
    })

  test('is read without a document root', () => {
    const result = piece('fastcgi.server = ( ".php" => (( "socket" => "/s" )) )\n')
    expect(result.refused).toBe(false)
    expect(result.diagnostics).toEqual([])
    expect(bindings(result.site.root)).toHaveLength(1)
  })

  test('may use variables that the file around it sets', () => {
    const result = piece('fastcgi.server = ( ".php" => (( "socket" => socket_dir + "/s" )) )\n')
    expect(result.refused).toBe(false)
    expect(codes(result)).toContain('lighttpd/undefined-variable')
  })
})

test('a main file that cannot be read is told', () => {
  const result = readLighttpd('/etc/none.conf', memory({}), { name: 'lighttpd' })
  expect(result.refused).toBe(true)
  expect(codes(result)).toEqual(['input/missing'])
})

test('what the environment here lacks is a warning, refused all the same, and blamed once', () => {
  const text =
    'var.home = env.APP_HOME + "/www"\nserver.document-root = home\nserver.upload-dirs = ( home )\n'
  const result = readLighttpd('/etc/a.conf', memory({ '/etc/a.conf': text }), { name: 'lighttpd' })
  expect(result.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ['lighttpd/undefined-environment', 'warning']
  ])
  expect(result.refused).toBe(true)
})

test('one key in many blocks makes pools of different names', () => {
  const blocks = ['a', 'b', 'c'].map(
    (host) => `$HTTP["host"] == "${host}" { fastcgi.server = ( ".x" => (( "socket" => "/run/${host}" )) ) }\n`
  )
  expect(read(blocks.join('')).site.pools.map(({ id }) => id)).toEqual(['.x', '.x-2', '.x-3'])
})
