import { describe, expect, test } from 'vitest'
import { literal, literalText, type Binding, type Scope } from '../../../src/model/index.js'
import { read } from './memory.js'

const rootOf = (text: string): Scope => read(text).site.root

function bindingsOf(scope: Scope): readonly Binding[] {
  return scope.settings.flatMap((setting) => (setting.key === 'bindings' ? setting.value : []))
}

/** How each binding matches, in order. */
function matches(scope: Scope): readonly string[] {
  return bindingsOf(scope).map(
    ({ match, at }) => `${at.join()} ${match.kind} ${'value' in match ? match.value : ''}`
  )
}

describe('sections', () => {
  test('are ordered by kind, Directory by its depth, whatever the text’s order', () => {
    const text = [
      '<If "true">\n</If>',
      '<Location /l>\n</Location>',
      '<Files f>\n</Files>',
      '<DirectoryMatch m>\n</DirectoryMatch>',
      '<Directory /a/b>\n</Directory>',
      '<Directory /a>\n</Directory>'
    ].join('\n')
    expect(rootOf(text).children.map(({ name }) => name)).toEqual([
      '<Directory /a>',
      '<Directory /a/b>',
      '<DirectoryMatch m>',
      '<Files f>',
      '<Location /l>',
      '<If "true">'
    ])
  })

  test('of the main server come before those of a host within their rank', () => {
    const { children } = rootOf(
      '<VirtualHost *:80>\n<Directory /a>\n</Directory>\n</VirtualHost>\n<Directory /a>\n</Directory>'
    )
    const [directory, hosts] = children
    expect(directory?.rank).toBe(hosts?.children[0]?.children[0]?.rank)
    expect(hosts?.rank).toBe(0)
  })

  test.each([
    ['<Directory /srv/>', { kind: 'prefix', value: '/srv', segments: true }],
    ['<Directory />', { kind: 'prefix', value: '/', segments: false }],
    ['<Directory /a/*/c>', { kind: 'glob', pattern: '/a/*/c', crossesSlash: false, below: true }],
    ['<Directory ~ "^/a">', { kind: 'regex', regex: { source: '^/a', ignoreCase: false } }],
    ['<Location /a/>', { kind: 'prefix', value: '/a/', segments: false }],
    ['<Files "*.php">', { kind: 'glob', pattern: '*.php', crossesSlash: true, below: false }],
    ['<Files app>', { kind: 'equals', value: 'app' }]
  ])('%s asks %j', (head, asked) => {
    const [scope] = rootOf(`${head}\n</${/\w+/.exec(head)?.[0] ?? ''}>`).children
    expect(scope?.when.kind === 'test' ? scope.when.test : undefined).toEqual(asked)
  })

  test('If, ElseIf and Else are branches of one scope', () => {
    const [scope] = rootOf(
      `<If "%{QUERY_STRING} == 'a'">\n</If>\n<ElseIf "-f '/x'">\n</ElseIf>\n<Else>\n</Else>`
    ).children
    expect(scope?.choose.kind).toBe('first')
    expect(scope?.children.map(({ when }) => when.kind)).toEqual(['test', 'test', 'always'])
  })

  test('an expression that cannot be read yet is said, and nothing inside is taken for read', () => {
    const { site, diagnostics } = read('<If "%{TIME_HOUR} -gt 12">\nSetHandler none\n</If>')
    expect(diagnostics.map(({ code }) => code)).toEqual(['apache/expression-not-read'])
    expect(site.directives.map(({ state }) => state.kind)).toEqual(['not-read-yet', 'not-read-yet'])
  })

  test('named groups become variables', () => {
    const [scope] = rootOf('<LocationMatch "^/(?<site>[a-z]+)">\n</LocationMatch>').children
    expect(scope?.settings.map(({ value }) => value)).toEqual([
      [{ name: 'MATCH_SITE', value: [{ kind: 'capture', group: 'site', from: 'scope' }], early: true }]
    ])
  })
})

describe('virtual hosts', () => {
  const hostsOf = (text: string) => rootOf(text).children[0]?.children ?? []

  test('an exact address is asked before any other', () => {
    const text =
      'Listen 10.0.0.1:80\nListen 10.0.0.2:80\n<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost 10.0.0.1:80>\n</VirtualHost>'
    expect(hostsOf(text).map(({ host }) => host?.listeners)).toEqual([['10.0.0.2:80'], ['10.0.0.1:80']])
  })

  test('have the names of ServerName and ServerAlias', () => {
    const [host] = hostsOf('<VirtualHost *:80>\nServerName A.test:80\nServerAlias *.a.test b\n</VirtualHost>')
    expect(host?.host?.names.map((name) => [name.kind, 'value' in name ? name.value : ''])).toEqual([
      ['exact', 'a.test'],
      ['glob', '*.a.test'],
      ['exact', 'b']
    ])
  })

  test('bring their listeners along where nothing says Listen', () => {
    const { site } = read('<VirtualHost *:8080>\n</VirtualHost>')
    expect(site.listeners.map(({ id }) => id)).toEqual(['*:8080'])
  })

  test('have their aliases in front of the main server’s', () => {
    const [host] = hostsOf('Alias /a /1\n<VirtualHost *:80>\nAlias /a /2\n</VirtualHost>')
    const aliases = host?.settings.flatMap((setting) => (setting.key === 'aliases' ? setting.value : []))
    expect(aliases?.map(({ to }) => literalText(to))).toEqual(['/2', '/1'])
  })
})

describe('who answers', () => {
  test('definitions hold for all hosts, the newest first, then handlers', () => {
    const text = [
      'FastCgiExternalServer /a/b -socket s',
      '<VirtualHost *:80>\nFastCgiExternalServer /a -socket t\n</VirtualHost>',
      '<Directory /d>\nSetHandler fastcgi-script\n</Directory>'
    ].join('\n')
    expect(matches(rootOf(text))).toEqual([
      'content file-prefix /a',
      'content file-prefix /a/b',
      'content label fastcgi-script'
    ])
  })

  test('a relative socket lies in FastCgiIpcDir', () => {
    const { site } = read('FastCgiIpcDir /run/f/\nFastCgiExternalServer /a -socket s')
    expect(site.pools[0]?.members[0]?.address).toEqual({ kind: 'unix', path: '/run/f/s' })
  })

  test('ProxyPass is asked before any file is looked at: sections first, the last of them before the others', () => {
    const text = [
      'ProxyPass /b fcgi://h:1/',
      'ProxyPass /a !',
      '<Location /c>\nProxyPass fcgi://h:2/\n</Location>',
      '<Location /c/d>\nProxyPass !\n</Location>'
    ].join('\n')
    expect(matches(rootOf(text))).toEqual([
      'url prefix /c/d',
      'url prefix /c',
      'url prefix /b',
      'url prefix /a'
    ])
    expect(bindingsOf(rootOf(text)).map(({ target }) => target.kind)).toEqual([
      'none',
      'fastcgi',
      'fastcgi',
      'none'
    ])
  })

  test('two sockets under one URL share the first one’s', () => {
    const { site } = read('ProxyPass /a unix:/1|fcgi://l/s/\nProxyPass /b unix:/2|fcgi://l/s/')
    expect(site.pools.map(({ members }) => members[0]?.address)).toEqual([{ kind: 'unix', path: '/1' }])
  })

  test.each([
    ['proxy:unix:/s|fcgi://l', 'proxy:fcgi://l', { kind: 'unix', path: '/s' }],
    ['Proxy:FCGI://h:9000/x', 'proxy:fcgi://h:9000/x', { kind: 'tcp', host: 'h', port: 9000 }],
    ['proxy:fcgi://h', 'proxy:fcgi://h', { kind: 'tcp', host: 'h', port: 8000 }]
  ])('the handler %s', (handler, prefix, address) => {
    const { site } = read(`SetHandler "${handler}"`, {}, 'apache-proxy-fcgi')
    const [binding] = bindingsOf(site.root)
    const script = binding?.target.kind === 'fastcgi' ? binding.target.script : undefined
    expect(literalText(script?.filenamePrefix ?? [])).toBe(prefix)
    expect(site.pools[0]?.members[0]?.address).toEqual(address)
  })

  test.each(['proxy:unix:/s', 'proxy:nonsense', 'proxy:fgci://h:1'])(
    '%s is no handler: nobody takes it',
    (handler) => {
      expect(bindingsOf(rootOf(`SetHandler ${handler}`))).toEqual([])
    }
  )

  test('a scheme that is not read yet does not let the source through', () => {
    const [binding] = bindingsOf(rootOf('SetHandler proxy:http://h/'))
    expect(binding?.target).toEqual({ kind: 'unsupported', what: 'the handler `proxy:http://h/`' })
  })

  test('ProxyFCGIBackendType GENERIC takes the prefix off where it holds', () => {
    const text = 'SetHandler proxy:fcgi://h\n<Location /g>\nProxyFCGIBackendType GENERIC\n</Location>'
    const scripts = bindingsOf(rootOf(text)).map(({ when, target }) => [
      when.kind,
      target.kind === 'fastcgi' ? target.script.filenamePrefix : undefined
    ])
    expect(scripts).toEqual([
      ['test', undefined],
      ['always', literal('proxy:fcgi://h')]
    ])
  })

  test('wrappers of mod_fcgid: by extension, then for all, then the file itself', () => {
    const text =
      '<Directory /d>\nSetHandler fcgid-script\nFcgidWrapper /w\nFcgidWrapper /p .php\n</Directory>'
    const { site } = read(text, { '/w': '', '/p': '' }, 'apache-fcgid')
    expect(site.pools.map(({ members }) => members[0]?.process?.command)).toEqual([['/w'], ['/p'], []])
    const pools = bindingsOf(site.root).map(({ target }) =>
      target.kind === 'fastcgi' && target.pool.kind === 'pool' ? target.pool.id : ''
    )
    expect(pools).toEqual(['/p', '/w', 'fcgid'])
  })
})

describe('the processes of a definition', () => {
  test('are told of by its options', () => {
    const text =
      'FastCgiServer /p -processes 3 -initial-env A=1 -initial-env HOME -port 9000 -restart-delay 7 -idle-timeout 9'
    const [pool] = read(text, { '/p': '' }).site.pools
    const plan = pool?.members[0]?.process
    expect(pool?.connection.readTimeout).toBe(9)
    expect(pool?.members[0]?.address).toEqual({ kind: 'tcp', host: '0.0.0.0', port: 9000 })
    expect(plan).toMatchObject({
      command: ['/p'],
      minimum: 3,
      maximum: 3,
      sockets: 'shared',
      when: 'at-start'
    })
    expect(plan?.inherit).toEqual({ kind: 'names', names: ['HOME'] })
    expect(plan?.environment.map(({ name, value }) => `${name}=${value}`)).toEqual(['A=1'])
    expect(plan?.restart.delay).toBe(7)
  })

  test('the list of -initial-env is that of the last FastCgiConfig', () => {
    const text = 'FastCgiConfig -initial-env A=1\nFastCgiConfig -initial-env B=1\nSetHandler fastcgi-script'
    const plan = read(text).site.pools[0]?.members[0]?.process
    expect(plan?.environment.map(({ name }) => name)).toEqual(['B'])
  })

  test.each([
    ['A=1', 'A', '1='],
    ['A 1', 'A', '1'],
    ['A', 'A', ''],
    [`A ${'v'.repeat(200)}`, 'A', 'v'.repeat(127)]
  ])('FcgidInitialEnv %s', (words, name, value) => {
    const { site } = read(`FcgidInitialEnv ${words}\nSetHandler fcgid-script`, {}, 'apache-fcgid')
    expect(site.pools[0]?.members[0]?.process?.environment).toMatchObject([{ name, value }])
  })
})

describe('access', () => {
  test.each([
    ['Require all granted', ['always']],
    ['Require all denied', ['never']],
    ['Require ip 10.0.0.0/8\nRequire local', ['any', 'any']]
  ])('%s', (text, kinds) => {
    const [scope] = rootOf(`<Location />\n${text}\n</Location>`).children
    const last = scope?.settings.findLast(({ key }) => key === 'access')
    const conditions = last?.key === 'access' ? last.value.rules.map(({ when }) => when.kind) : []
    expect(conditions.map((kind) => (kind === 'test' ? 'any' : kind))).toEqual(kinds)
  })

  const scopeOf = (lines: string) => rootOf(`<Location /x>\n${lines}\n</Location>`).children[0]
  const settingOf = (lines: string, key: string) =>
    scopeOf(lines)?.settings.findLast((each) => each.key === key)?.value
  const login = 'AuthType Basic\nAuthName R\nAuthUserFile /etc/users\n'

  test('a login has its realm, its file and its users', () => {
    expect(settingOf(`${login}Require user bob eve`, 'authentication')).toMatchObject({
      method: 'basic',
      realm: [{ text: 'R' }],
      logins: { path: [{ text: '/etc/users' }], forms: ['apr1', 'sha1', 'crypt'] },
      users: ['bob', 'eve']
    })
  })

  test.each([
    ['Require valid-user'],
    [`${login}AuthBasicProvider dbm\nRequire valid-user`],
    ['Require group admins'],
    ['Require all granted\nRequire host example.org'],
    ['Require not valid-user'],
    ['Satisfy Any\nRequire all granted'],
    ['Order allow,deny\nDeny from example.org'],
    ['<If "%{nonsense:x}">\nRequire all denied\n</If>']
  ])('what is not understood lets nobody in: %s', (lines) => {
    const { site } = read(`<Location /x>\n${lines}\n</Location>`)
    const bindings = site.root.settings.findLast(({ key }) => key === 'bindings')
    const [first] = bindings?.key === 'bindings' ? bindings.value : []
    expect(first).toMatchObject({ match: { kind: 'any' }, target: { kind: 'unsupported' } })
    expect(settingOf(lines, 'access')).toMatchObject({ rules: [], otherwise: 'deny' })
  })

  test.each([
    ['<RequireAll>\nRequire all granted\nRequire not ip 10.0.0.1\n</RequireAll>', ['not']],
    ['<RequireNone>\nRequire ip 10.0.0.1\n</RequireNone>', ['never']],
    ['<RequireAny>\nRequire ip 10.0.0.1\nRequire env A\n</RequireAny>', ['any']],
    ['<Limit POST>\nRequire all denied\n</Limit>', ['not']],
    ['<LimitExcept GET>\nRequire all denied\n</LimitExcept>', ['any']],
    ['Order deny,allow\nDeny from 10.0.0.1\nRequire all granted', ['always']]
  ])('%s', (lines, kinds) => {
    const access = settingOf(lines, 'access')
    const { rules = [] } = access as {
      readonly rules?: readonly { readonly when: { readonly kind: string } }[]
    }
    expect(rules.map(({ when }) => when.kind)).toEqual(kinds)
  })
})

test('a host knows the handlers that it or the main server gives, not those of other hosts', () => {
  const host = (name: string): string =>
    `<VirtualHost *:80>\nServerName ${name}\nSetHandler "proxy:fcgi://${name}:9000"\n</VirtualHost>\n`
  const all = 'LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so\n'
  const main = '<Files x.php>\nSetHandler "proxy:fcgi://main:9000"\n</Files>\n'
  const root = rootOf(`${all}${main}${host('a')}${host('b')}`)
  const hosts = root.children.find(({ name }) => name === 'virtual hosts')?.children ?? []
  const known = (scope: Scope): readonly string[] => [
    ...new Set(bindingsOf(scope).flatMap(({ match }) => (match.kind === 'label' ? [match.value] : [])))
  ]
  expect(hosts.map(known)).toEqual([
    ['proxy:fcgi://main:9000', 'proxy:fcgi://a:9000'],
    ['proxy:fcgi://main:9000', 'proxy:fcgi://b:9000']
  ])
  expect(known(root)).toEqual(['proxy:fcgi://main:9000'])
})
