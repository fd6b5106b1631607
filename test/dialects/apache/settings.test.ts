import { describe, expect, test } from 'vitest'
import { memory, read } from './memory.js'
import { readApache } from '../../../src/dialects/apache/read.js'
import type { Access, Scope } from '../../../src/model/index.js'

const childrenOf = (text: string): readonly Scope[] => read(text).site.root.children

function accessOf(lines: string): Access | undefined {
  const [scope] = childrenOf(`<Directory /a>\n${lines}\n</Directory>`)
  const last = scope?.settings.findLast(({ key }) => key === 'access')
  return last?.key === 'access' ? last.value : undefined
}

describe('Order, Allow and Deny', () => {
  test.each([
    ['Order allow,deny\nAllow from all', [true], 'deny'],
    ['Order deny,allow\nDeny from all', [false], 'allow'],
    ['Order deny,allow\nDeny from all\nAllow from 10.0.0.1', [true, false], 'allow'],
    ['Order allow,deny\nAllow from all\nDeny from env=REDIRECT_STATUS', [false, true], 'deny']
  ])('%s', (lines, allows, otherwise) => {
    const access = accessOf(lines)
    expect(access?.rules.map(({ allow }) => allow)).toEqual(allows)
    expect(access?.otherwise).toBe(otherwise)
  })

  test('a host name is not looked up', () => {
    const { site } = read('<Directory /a>\nAllow from example.test\n</Directory>')
    expect(site.directives.at(-1)?.state.kind).toBe('not-read-yet')
  })
})

describe('SetEnvIf', () => {
  test('is a scope ahead of what SetEnv says', () => {
    const [scope] = childrenOf('SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1 SEEN')
    expect(scope?.rank).toBeLessThan(0)
    expect(scope?.when).toMatchObject({ subject: { of: 'header', name: 'authorization' } })
    expect(scope?.settings.map(({ value }) => value)).toEqual([
      [
        {
          name: 'HTTP_AUTHORIZATION',
          value: [{ kind: 'capture', group: 1, from: 'scope' }],
          early: true,
          ofRequest: true
        },
        { name: 'SEEN', value: [{ kind: 'text', text: '1' }], early: true, ofRequest: true }
      ]
    ])
  })

  test.each([
    ['SetEnvIf ^X-.* x A', { kind: 'header-like', name: { source: '^X-.*', ignoreCase: false } }],
    ['SetEnvIfNoCase ^X-.* x A', { kind: 'header-like', name: { source: '^X-.*', ignoreCase: true } }],
    ['SetEnvIf Remote_Host x A', { kind: 'variable', name: 'remote.address' }],
    ['SetEnvIf Request_URI x A', { kind: 'variable', name: 'uri.path' }]
  ])('%s looks at what httpd looks at', (line, part) => {
    const [scope] = childrenOf(line)
    expect(scope?.when).toMatchObject({ subject: { of: 'text', template: [part] } })
  })

  test.each([
    ['SetEnvIf Host example A=$0', 'text'],
    ['SetEnvIf Host ex.mple A=$0', 'capture'],
    [String.raw`SetEnvIf Host ex\.mple A=$0`, 'text']
  ])('%s: a pattern that means nothing but itself captures nothing', (line, kind) => {
    const [scope] = childrenOf(line)
    expect(scope?.settings[0]?.value).toMatchObject([{ name: 'A', value: [{ kind }] }])
  })
})

describe('workers', () => {
  test('a Proxy section gives its parameters to those who use its URL', () => {
    const text =
      '<Proxy "unix:/s|fcgi://php/" timeout=7>\nProxySet enablereuse=on\n</Proxy>\nSetHandler "proxy:unix:/s|fcgi://php/"'
    const [pool, ...others] = read(text, {}, 'apache-proxy-fcgi').site.pools
    expect(others).toEqual([])
    expect(pool?.connection).toMatchObject({ readTimeout: 7, keep: true })
  })

  test('what else stands there is for requests that are passed on there', () => {
    const { site } = read('<Proxy "unix:/s|fcgi://h:1">\nRequire all denied\n</Proxy>')
    expect(site.root.children.map(({ when, settings }) => [when, settings.map(({ key }) => key)])).toEqual([
      [
        {
          kind: 'test',
          subject: { of: 'passed-to' },
          test: { kind: 'prefix', value: 'fcgi://h:1', segments: false }
        },
        expect.arrayContaining(['access'])
      ]
    ])
  })
})

test('FallbackResource answers for what is no file, and not for itself', () => {
  const [scope] = childrenOf('FallbackResource /index.php')
  expect(scope?.when.kind).toBe('all')
  expect(scope?.settings.map(({ key }) => key)).toEqual(['tryFiles'])
})

test('a lone .htaccess is read as the settings of a folder', () => {
  const io = memory({ '/srv/.htaccess': 'SetHandler fastcgi-script\nRewriteBase /' })
  const result = readApache('/srv/.htaccess', io, { name: 'apache' })
  expect(result.diagnostics).toEqual([])
  expect(
    result.site.root.children.map(({ name, settings }) => [name, settings.map(({ key }) => key)])
  ).toEqual([['.htaccess', ['label', 'folderRules']]])
})

test('macros that double again and again come to an end', () => {
  const doubling = Array.from(
    { length: 40 },
    (_, index) => `<Macro M${index + 1}>\nUse M${index}\nUse M${index}\n</Macro>`
  )
  const result = read(['<Macro M0>\nSetEnv A 1\n</Macro>', ...doubling, 'Use M40'].join('\n'))
  expect(result.diagnostics.map(({ code }) => code)).toEqual(['apache/too-many-lines'])
})

test('the params of the three modules end as each of them ends them', () => {
  const last = (text: string, files = {}): string | undefined => {
    const bindings = read(text, files).site.root.settings.findLast(({ key }) => key === 'bindings')
    const target = bindings?.key === 'bindings' ? bindings.value[0]?.target : undefined
    const entry = target?.kind === 'fastcgi' ? target.params?.entries.at(-1) : undefined
    return entry?.kind === 'param' ? entry.name : undefined
  }
  expect(last('FastCgiExternalServer /a -socket s')).toBe('PATH_TRANSLATED')
  expect(last('SetHandler fcgid-script')).toBe('CONTENT_LENGTH')
  expect(last('SetHandler proxy:fcgi://h:1')).toBe('PATH_TRANSLATED')
})

describe('FastCgiAccessChecker', () => {
  const checkers = (text: string) => {
    const bindings = read(text).site.root.settings.findLast(({ key }) => key === 'bindings')
    const all = bindings?.key === 'bindings' ? bindings.value : []
    return all.filter(({ target }) => target.kind === 'fastcgi' && target.role === 'access-checker')
  }
  const defined = 'FastCgiExternalServer /c -socket s\n'

  test('is asked before everybody else, in its section only', () => {
    const [checker, ...others] = checkers(`${defined}<Location /x>\nFastCgiAccessChecker /c\n</Location>`)
    expect(others).toEqual([])
    expect(checker?.when).toMatchObject({ subject: { of: 'path' }, test: { value: '/x' } })
  })

  test('is dropped by an inner section that holds any of its kin', () => {
    const inner = '<Location /x/y>\nFastCgiAuthorizerAuthoritative On\n</Location>'
    const [checker] = checkers(`${defined}<Location /x>\nFastCgiAccessChecker /c\n</Location>\n${inner}`)
    expect(checker?.when.kind === 'all' ? checker.when.of.map(({ kind }) => kind) : []).toEqual([
      'test',
      'not'
    ])
  })

  test('with -compat takes prefixed variables alone', () => {
    const text = `${defined}<Location /x>\nFastCgiAccessChecker /c -compat\n</Location>`
    const { site } = read(text)
    const [checker] = checkers(text)
    expect(checker?.target).toMatchObject({ verdict: { variables: 'prefixed' } })
    expect(site.directives.map(({ name, within }) => [name, within]).at(-1)).toEqual([
      '-compat',
      'FastCgiAccessChecker'
    ])
  })
})

describe('what the corpus of real configurations asks for', () => {
  const unread = (text: string): readonly string[] =>
    read(text).site.directives.flatMap(({ name, state }) => (state.kind === 'not-read-yet' ? [name] : []))

  test.each([
    '<Location /a>\nOrder deny,allow\nDeny from all\nAllow from localhost 127.0.0.0/8\n</Location>',
    'ServerSignature Off',
    'ServerSignature On',
    'AcceptPathInfo On',
    'UserDir disabled',
    '<Directory /a>\nFallbackResource disabled\nDirectoryCheckHandler On\n</Directory>',
    'SetEnvIfNoCase ^Authorization$ "(.+)" HTTP_AUTHORIZATION=$1',
    'RewriteMap lowercase int:tolower\nRewriteEngine On\nRewriteRule ^/(.*)$ /${lowercase:%{HTTP_HOST}}/${lowercase:$1}',
    'RewriteEngine On\nRewriteRule ^(.*)$ fcgi://127.0.0.1:9000$1 [P]'
  ])('%s is read whole', (text) => {
    expect(unread(text)).toEqual([])
  })

  test.each([
    'RewriteMap names rnd:/names',
    'RewriteEngine On\nRewriteRule ^/(.*)$ /${later:$1}\nRewriteMap later int:tolower',
    'RewriteEngine On\nRewriteRule ^/a(.*)$ fcgi://127.0.0.1:9000$1 [P]'
  ])('%s is said not to be read', (text) => {
    expect(unread(text)).toHaveLength(1)
  })
})

describe('mod_xsendfile', () => {
  const sendfileOf = (text: string) =>
    read(text).site.root.settings.findLast(({ key }) => key === 'sendfile')?.value

  test('is on with the paths of the whole server, wherever they stand', () => {
    expect(
      sendfileOf('XSendFile On\n<Directory /a>\nXSendFilePath /files AllowFileDelete\n</Directory>')
    ).toMatchObject({
      headers: ['x-sendfile'],
      roots: [{ path: '/files', temporary: true }],
      named: 'in-folder'
    })
  })

  test.each([
    ['XSendFile Off', { headers: [] }],
    ['XSendFile On\nXSendFileUnescape Off', { undecoded: true }],
    [
      'XSendFile On\nXSendFileIgnoreEtag On\nXSendFileIgnoreLastModified On',
      { givesWay: ['accept-ranges', 'content-range', 'etag', 'last-modified'] }
    ]
  ])('%s', (text, expected) => {
    expect(sendfileOf(text)).toMatchObject(expected)
  })
})

describe('what httpd refuses of headers, redirects and maps', () => {
  test.each([
    'Header',
    'Header put X-A b',
    'Header set X-A',
    'Header set X-A %q',
    'Header set X-A b c',
    'Header edit X-A b',
    'RequestHeader echo X-A',
    'Redirect /a',
    'Redirect 404 /a http://b/',
    'Redirect 301 /a b',
    'Redirect odd /a http://b/',
    'RewriteMap a int:none',
    'RewriteMap a txt:/none',
    'RewriteOptions Everything'
  ])('%s', (text) => {
    expect(read(text).refused).toBe(true)
  })

  test.each([
    'Header always set X-A "%{FOO}e" env=!BAR',
    'Header edit* X-A b c "expr=-T reqenv(\'A\')"',
    '<Location /a>\nRedirect http://b/\n</Location>',
    '<Location /a>\nRedirect gone\n</Location>',
    'Redirect gone /a'
  ])('and not %s', (text) => {
    const { refused, site } = read(text)
    expect([refused, site.directives.at(-1)?.state.kind]).toEqual([false, 'read'])
  })
})
