import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../../grammars/lighttpd/index.js'
import { detectLighttpd, lighttpdVocabulary } from '../../../src/dialects/lighttpd/index.js'
import { quote, unquote, unwritable } from '../../../src/dialects/lighttpd/quote.js'

describe('the language is recognised by its own signs', () => {
  test.each([
    ['fastcgi.server', 'x.conf', 'fastcgi.server = ( ".php" => (( "socket" => "/s" )) )\n', 0.9, 1],
    ['a condition', 'x.conf', '$HTTP["host"] == "a" {\n}\n', 0.9, 1],
    ['a directive alone', 'x.conf', 'server.port = 80\n', 0.8, 1],
    ['the file’s name alone', '/etc/lighttpd/lighttpd.conf', '# nothing yet\n', 0.5, 0.6],
    ['the folder’s name', '/etc/lighttpd/conf-available/10-x.conf', '# nothing yet\n', 0.5, 0.6],
    ['what is no configuration in such a folder', 'lighttpd/Makefile.am', 'EXTRA_DIST=a.template\n', 0, 0],
    ['nginx', 'nginx.conf', 'server { listen 80; location / { fastcgi_pass unix:/s; } }\n', 0, 0],
    ['Apache', 'httpd.conf', '<VirtualHost *:80>\n  DocumentRoot "/www"\n</VirtualHost>\n', 0, 0],
    ['prose', 'readme.txt', 'The server is slow today.\n', 0, 0]
  ])('%s', (_name, file, text, least, most) => {
    const { score, because } = detectLighttpd(file, text)
    expect(score).toBeGreaterThanOrEqual(least)
    expect(score).toBeLessThanOrEqual(most)
    expect(because.length > 0).toBe(score > 0)
  })
})

test('a text that can be written reads back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '$', '#', 'é', '\0') }), (text) => {
      if (unwritable(text) !== undefined) return
      expect(unquote(quote(text))).toBe(text)
      const tree = parse('a.conf', `a.b = ${quote(text)}\n`)
      const [statement] = tree.body
      expect(statement?.kind === 'assignment' && statement.value.terms).toMatchObject([
        { kind: 'string', text }
      ])
      expect(tree.diagnostics).toEqual([])
    }),
    { numRuns: 300 }
  )
})

test.each(['a\\', 'a\\"b', 'a\0b'])('%j cannot be written', (text) => {
  expect(unwritable(text)).toBeDefined()
})

test('every option of a host is a row of its own beside the directives', () => {
  const options = [...lighttpdVocabulary.keys()].filter((name) => name.startsWith('fastcgi.server '))
  expect(options).toHaveLength(26)
})
