import { describe, expect, test } from 'vitest'
import { convert } from '../../../src/convert/index.js'
import { compile } from '../../../src/decide/index.js'
import { apache, readApache } from '../../../src/dialects/apache/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { memory, read } from './memory.js'

const frame = 'Listen 80\nServerName a\nDocumentRoot /srv'

describe('a program that this machine does not have', () => {
  test.each([
    ['FastCgiServer /srv/none.fcgi'],
    [
      '<Directory /srv>\nOptions ExecCGI\nAddHandler fcgid-script .php\nFcgidWrapper /no/php .php\n</Directory>'
    ]
  ])('is a warning; httpd would not start, and the rest can be converted: %s', (text) => {
    const result = read(`${frame}\n${text}`)
    expect(result.diagnostics).toMatchObject([{ code: 'apache/no-program', severity: 'warning' }])
    expect(result.refused).toBe(true)
    const options = { from: 'apache', to: 'apache-fcgid', fragment: false } as const
    expect(convert(result, options, [apache]).files).toHaveLength(1)
  })

  test('is no excuse for other errors', () => {
    const result = read(`${frame}\nFastCgiServer /srv/none.fcgi\nFastCgiServer /srv/other.fcgi -processes 0`)
    const options = { from: 'apache', to: 'apache-fcgid', fragment: false } as const
    expect(convert(result, options, [apache]).files).toEqual([])
  })
})

describe('the file of a map', () => {
  test.each(['txt:/no/map', '/no/map', 'rnd:/no/map', 'prg:/no/map an-argument'])(
    'that is not there is refused: %s',
    (source) => {
      const result = read(`${frame}\nRewriteMap m "${source}"`)
      expect(result.diagnostics.map(({ code }) => code)).toContain('apache/no-map')
      expect(result.refused).toBe(true)
    }
  )

  test.each(['txt:/srv/map', 'rnd:/srv/map', 'prg:/srv/map an-argument'])(
    'that is there is not: %s',
    (source) => {
      const result = read(`${frame}\nRewriteMap m "${source}"`, { '/srv/map': 'a b' })
      expect(result.refused).toBe(false)
    }
  )
})

describe('FastCgiWrapper', () => {
  const outcomeFor = (wrapper: string, target: string): string => {
    const { site } = read(`${frame}\n${wrapper}\nFastCgiExternalServer /srv/app -socket s`)
    const asked = { ...request(target), listener: site.listeners[0]?.id ?? '' }
    return compile(site).decide(asked, surroundings(['/srv/app', '/srv/a.txt'])).outcome.kind
  }

  test.each([
    ['FastCgiWrapper /usr/lib/apache2/suexec', '/app', 'file'],
    ['FastCgiWrapper On', '/app', 'file'],
    ['FastCgiSuexec On\nSuexecUserGroup u g', '/app', 'unsupported'],
    ['FastCgiWrapper Off', '/app', 'fastcgi'],
    ['FastCgiWrapper On', '/a.txt', 'file']
  ])('%s, %s: %s', (wrapper, target, kind) => {
    expect(outcomeFor(wrapper, target)).toBe(kind)
  })
})

test.each([
  [
    'FastCgiWrapper On\nFastCgiExternalServer /srv/app -socket s',
    ['apache/no-program', 'apache/wrapper-hides']
  ],
  ['FastCgiWrapper On\nSuexecUserGroup u g\nFastCgiExternalServer /srv/app -socket s', ['apache/no-program']],
  ['FastCgiExternalServer /srv/app -socket s\nFastCgiWrapper On', ['apache/wrapper-order']]
])('a wrapper says of itself: %s', (text, codes) => {
  expect(read(`${frame}\n${text}`).diagnostics.map(({ code }) => code)).toEqual(codes)
})

describe('without ServerRoot relative paths lie in the folder of the main file', () => {
  test.each([
    ['a.conf', 'b.conf', 'b.conf'],
    ['a.conf', 'conf.d/../b.conf', 'b.conf'],
    ['conf/a.conf', 'b.conf', 'conf/b.conf'],
    ['../a.conf', 'b.conf', '../b.conf'],
    ['../conf/a.conf', '../b.conf', '../b.conf'],
    ['/etc/a.conf', 'b.conf', '/etc/b.conf']
  ])('%s includes %s', (main, included, path) => {
    const io = memory({ [main]: `Include ${included}`, [path]: 'Listen 8080' })
    const { site, diagnostics } = readApache(main, io, { name: 'apache' })
    expect(diagnostics).toEqual([])
    expect(site.listeners).toHaveLength(1)
  })

  test('and a file that includes itself is found out', () => {
    const io = memory({ 'circ.conf': 'Include circ.conf' })
    const { diagnostics } = readApache('circ.conf', io, { name: 'apache' })
    expect(diagnostics.map(({ code }) => code)).toEqual(['include/circular'])
  })
})

test.each([
  ['/etc/httpd.conf', 'RemoveHandler .php\nRemoveType .php'],
  ['.htaccess', 'RewriteEngine On\nRewriteBase /\nRemoveHandler .php'],
  ['site/.htaccess', 'RewriteEngine On\nRewriteBase /\nOptions +ExecCGI']
])('%s may say what httpd takes there', (main, text) => {
  const { diagnostics } = readApache(main, memory({ [main]: text }), { name: 'apache' })
  expect(diagnostics).toEqual([])
})
