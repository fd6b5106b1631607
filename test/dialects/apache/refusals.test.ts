import { describe, expect, test } from 'vitest'
import { codes, read } from './memory.js'

const whole = 'ServerRoot /srv\nLoadModule fastcgi_module modules/mod_fastcgi.so\n'
const programs = { '/srv/app.fcgi': '#!/bin/sh', '/srv/wrap': '#!/bin/sh' }

describe('what httpd refuses', () => {
  test.each([
    [
      'a definition in a section',
      '<Directory /srv>\nFastCgiExternalServer /a -socket s\n</Directory>',
      'wrong-context'
    ],
    [
      'FastCgiConfig in a virtual host',
      '<VirtualHost *:80>\nFastCgiConfig -restart\n</VirtualHost>',
      'wrong-context'
    ],
    ['an authorizer at the top', 'FastCgiAuthorizer /srv/app.fcgi', 'wrong-context'],
    [
      'a definition given twice',
      'FastCgiExternalServer /a -socket s\nFastCgiExternalServer /a -socket t',
      'redefinition'
    ],
    [
      'a definition below another',
      'FastCgiExternalServer /a -socket s\nFastCgiExternalServer /a/b -socket t',
      'redefinition'
    ],
    ['an external server without address', 'FastCgiExternalServer /a', 'no-address'],
    ['two addresses', 'FastCgiExternalServer /a -socket s -host h:1', 'socket-and-host'],
    ['a socket and a port', 'FastCgiServer /srv/app.fcgi -socket s -port 9000', 'socket-and-port'],
    ['a host without port', 'FastCgiExternalServer /a -host localhost', 'bad-host'],
    ['a program that is not there', 'FastCgiServer /srv/none.fcgi', 'no-program'],
    [
      'a checker that is defined below',
      '<Location /x>\nFastCgiAuthorizer /c\n</Location>\nFastCgiExternalServer /c -socket s',
      'no-program'
    ],
    ['an option of another directive', 'FastCgiExternalServer /a -socket s -port 9000', 'unknown-option'],
    ['an option that is only documented', 'FastCgiConfig -priority 5', 'unknown-option'],
    ['no processes', 'FastCgiServer /srv/app.fcgi -processes 0', 'bad-option-value'],
    ['a number with a unit', 'FastCgiExternalServer /a -socket s -idle-timeout 30s', 'bad-option-value'],
    ['a gain above 1', 'FastCgiConfig -gainValue 1.5', 'bad-option-value'],
    ['more slack than processes', 'FastCgiConfig -maxProcesses 3', 'process-slack'],
    [
      'a user that changes behind a definition',
      'User www-data\nFastCgiExternalServer /a -socket s\nUser other\nFastCgiExternalServer /b -socket t',
      'user-order'
    ],
    [
      'a group that comes behind FastCgiWrapper',
      'FastCgiWrapper Off\nGroup other\nFastCgiExternalServer /b -socket t',
      'user-order'
    ],
    ['a socket with a long name', `FastCgiExternalServer /a -socket /${'s'.repeat(107)}`, 'socket-too-long'],
    [
      'a relative socket that becomes too long',
      `FastCgiExternalServer /a -socket ${'s'.repeat(84)}`,
      'socket-too-long'
    ],
    [
      'more variables than are kept',
      `FastCgiServer /srv/app.fcgi${' -initial-env A=1'.repeat(65)}`,
      'bad-option-value'
    ],
    ['a folder for sockets that is a file', 'FastCgiIpcDir /srv/app.fcgi', 'bad-ipc-dir'],
    [
      'FastCgiIpcDir behind a definition',
      'FastCgiExternalServer /a -socket s\nFastCgiIpcDir /run',
      'ipc-dir-order'
    ],
    ['FastCgiIpcDir twice', 'FastCgiIpcDir /run\nFastCgiIpcDir /run', 'ipc-dir-order'],
    ['a comment behind a definition', 'FastCgiExternalServer /a -socket s # x', 'trailing-comment'],
    [
      'options with and without sign',
      '<Directory /srv>\nOptions FollowSymLinks +ExecCGI\n</Directory>',
      'mixed-options'
    ],
    ['a name nobody knows', 'FastCgiServr /a', 'unknown-directive'],
    ['a directive of a module that is not loaded', 'FcgidMaxProcesses 10', 'module-not-loaded'],
    ['a flag that is neither', 'RewriteEngine yes', 'bad-arguments'],
    ['an Include that finds nothing', 'Include none/*.conf', 'include/missing'],
    ['an Else without If', '<Else>\n</Else>', 'else-without-if'],
    ['a macro nobody defined', 'Use Nothing', 'unknown-macro']
  ])('%s', (_, text, code) => {
    const result = read(whole + text, programs)
    expect(codes(result)).toContain(code.includes('/') ? code : `apache/${code}`)
    expect(result.refused).toBe(true)
  })

  test('what ProxyPass does not know', () => {
    const text = `${whole}LoadModule proxy_module m/mod_proxy.so\nProxyPass /a fcgi://h:1/ idle-timeout=5`
    expect(read(text).diagnostics.map(({ hint }) => hint)).toEqual(['did you mean `timeout=`?'])
  })
})

test('a relative Include of a part hangs on a ServerRoot that is not said: it may be there elsewhere', () => {
  const missing = (text: string): readonly unknown[] =>
    read(text).diagnostics.flatMap(({ code, severity }) => (code === 'include/missing' ? [severity] : []))
  expect(missing('<VirtualHost *:80>\nInclude sites/a.conf\n</VirtualHost>')).toEqual(['warning'])
  expect(missing('<VirtualHost *:80>\nInclude /sites/a.conf\n</VirtualHost>')).toEqual(['error'])
  expect(missing('ServerRoot /etc/httpd\nInclude sites/a.conf')).toEqual(['error'])
})

describe('what looks wrong and is accepted', () => {
  test.each([
    [
      'an inner definition before an outer one',
      'FastCgiExternalServer /a/b -socket s\nFastCgiExternalServer /a -socket t'
    ],
    ['options in any case', 'fastcgiexternalserver /a -HOST localhost:9000 -FLUSH'],
    ['a repeated option', 'FastCgiExternalServer /a -socket s -socket t'],
    ['a negative number for an unsigned option', 'FastCgiServer /srv/app.fcgi -restart-delay -1'],
    ['a threshold above 100', 'FastCgiConfig -singleThreshold 200'],
    ['-pass-header without a name', 'FastCgiExternalServer /a -socket s -pass-header'],
    ['words behind On', 'RewriteEngine On really'],
    ['IncludeOptional that finds nothing', 'IncludeOptional none/*.conf']
  ])('%s', (_, text) => {
    expect(read(whole + text, programs).refused).toBe(false)
  })

  test('a port above 65535 is cut, and that is said', () => {
    const { site, diagnostics } = read(`${whole}FastCgiExternalServer /a -host localhost:74536`)
    expect(site.pools[0]?.members[0]?.address).toEqual({ kind: 'tcp', host: 'localhost', port: 9000 })
    expect(diagnostics.map(({ code }) => code)).toEqual(['apache/port-cut'])
  })
})

test('in a fragment an unknown name is a warning, since its module may be loaded elsewhere', () => {
  const result = read('NoSuchThing 1')
  expect(result.refused).toBe(false)
  expect(codes(result)).toEqual(['apache/unknown-directive'])
  expect(result.site.directives.map(({ state }) => state.kind)).toEqual(['unknown'])
})
