import { describe, expect, test } from 'vitest'
import { detectNginx, nginxVocabulary } from '../../../src/dialects/nginx/index.js'

describe('what looks like nginx', () => {
  test.each([
    ['a whole configuration', 'events { }\nhttp { server { listen 80; location / { root /srv; } } }'],
    ['a lone location', 'location ~ \\.php$ {\n  fastcgi_pass unix:/run/php.sock;\n}'],
    ['params', 'fastcgi_param A b;\nfastcgi_param C d;']
  ])('%s does', (_name, text) => {
    expect(detectNginx('a.conf', text).score).toBeGreaterThan(0.8)
  })

  test.each([
    ['lighttpd', 'server.port = 80\n$HTTP["host"] == "a" { server.document-root = "/srv" }\n'],
    [
      'Apache',
      '<VirtualHost *:80>\n  DocumentRoot /srv\n  <Location />\n    Require all granted\n  </Location>\n</VirtualHost>\n'
    ],
    ['JSON', '{ "server": { "listen": 80 } }'],
    ['an empty file', ''],
    ['prose', 'The server; a location; an index.']
  ])('%s does not', (_name, text) => {
    expect(detectNginx('a.conf', text).score).toBeLessThan(0.3)
  })
})

describe('the vocabulary', () => {
  test('has a sentence and a place for every directive', () => {
    for (const [name, row] of nginxVocabulary) {
      expect(name).toMatch(/^(?:upstream )?[a-z][a-z0-9_]*$/)
      expect(row.doc, name).toMatch(/^[A-Z].*[^.]$/)
      expect(row.where.length, name).toBeGreaterThan(0)
    }
  })

  test('knows the whole FastCGI module', () => {
    const names = [...nginxVocabulary].filter(([name]) => name.startsWith('fastcgi_'))
    expect(names.length).toBeGreaterThan(45)
    for (const [name, row] of names) expect(row.link, name).toContain(`#${name}`)
  })
})
