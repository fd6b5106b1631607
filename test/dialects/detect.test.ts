import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { detect, likelyLanguage } from '../../src/dialects/detect.js'
import { detectLanguage, variantOf } from '../../src/dialects/index.js'
import type { Detection, Dialect, Evidence } from '../../src/dialects/index.js'

function saying(language: Dialect['language'], score: number): Dialect {
  const evidence: Evidence = { score, because: [`it looks like ${language}`] }
  return {
    language,
    follows: '0',
    spawning: [],
    contexts: [],
    names: [language],
    vocabulary: new Map(),
    detect: () => evidence,
    including: () => ({ indent: 0, line: (path) => path }),
    read: () => {
      throw new Error('nothing is read here')
    },
    write: () => []
  }
}

function said(detection: Detection): string {
  return detection.kind === 'found' ? detection.dialect.language : detection.kind
}

test.each([
  [0.9, 0.1, 'nginx'],
  [0.9, 0.45, 'ambiguous'],
  [0.5, 0.5, 'ambiguous'],
  [0.1, 0, 'nginx'],
  [0, 0, 'unknown']
])('evidence of %d against %d: %s', (nginx, apache, verdict) => {
  expect(said(detect('x', '', [saying('nginx', nginx), saying('apache', apache)]))).toBe(verdict)
})

describe('the form of a file', () => {
  test.each(['lighttpd', 'nginx', 'apache'])('of %s is seen before anything is loaded', (language) => {
    const file = join(import.meta.dirname, `../../fixtures/bench/${language}-20.conf`)
    expect(likelyLanguage(readFileSync(file, 'utf8'))).toBe(language)
  })

  test.each([
    '',
    '# only a comment\n',
    '[section]\na = b\nc = d\n[x]\ny\nz\n',
    '{ "a": 1 }',
    'just some\nwords of\nprose.\n'
  ])('of %j says nothing', (text) => {
    expect(likelyLanguage(text)).toBeUndefined()
  })
})

describe('real texts', () => {
  test.each([
    ['a lone location', 'location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; }', 'nginx'],
    ['a lone server', 'server { listen 80; root /srv; }', 'nginx'],
    ['a lone virtual host', '<VirtualHost *:80>\nDocumentRoot /srv\n</VirtualHost>', 'apache'],
    ['a lone fastcgi.server', 'fastcgi.server = ( ".php" => (( "port" => 9000 )) )', 'lighttpd'],
    ['an .htaccess', 'AddHandler fcgid-script .fcgi\nOptions +ExecCGI', 'apache'],
    ['an include that lighttpd and httpd would read', 'include "x.conf"', 'ambiguous'],
    ['several of them', '# all\ninclude "a.conf"\ninclude "b.conf"\ninclude "c.conf"\n', 'ambiguous'],
    ['such an include beside a directive of httpd', 'include "x.conf"\nServerName x', 'apache'],
    ['such an include beside variables', 'var.x = "y"\nvar.z = 1\ninclude "x.conf"', 'lighttpd'],
    ['an include without quotes', 'Include foo', 'apache'],
    ['an include with a semicolon', 'include foo;', 'nginx'],
    ['a quoted include with a semicolon', 'include "foo";', 'nginx'],
    ['one assignment', 'server.port = 80', 'lighttpd'],
    ['one variable', 'var.x = 1', 'lighttpd'],
    ['one directive of nginx', 'root /x;', 'nginx'],
    ['one alias', 'Alias /a /b', 'apache'],
    ['one handler', 'SetHandler x', 'apache'],
    ['one option', 'Options +ExecCGI', 'apache'],
    ['a file of another program', '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/x\n', 'unknown'],
    ['prose', 'Dear reader,\n\nthis is a letter.\n', 'unknown']
  ])('%s', async (_name, text, verdict) => {
    expect(said(await detectLanguage('conf', text))).toBe(verdict)
  })
})

test.each([
  ['FastCgiServer /srv/a.fcgi', 'apache'],
  ['AddHandler fcgid-script .fcgi', 'apache-fcgid'],
  ['SetHandler "proxy:unix:/run/a|fcgi://localhost/"', 'apache-proxy-fcgi'],
  ['DocumentRoot /srv', 'apache']
])('%s is written for %s', (text, name) => {
  const dialect = { ...saying('apache', 1), names: ['apache', 'apache-fcgid', 'apache-proxy-fcgi'] as const }
  expect(variantOf(dialect, text)).toBe(name)
})
