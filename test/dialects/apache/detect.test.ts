import { describe, expect, test } from 'vitest'
import { detectApache } from '../../../src/dialects/apache/detect.js'

const cases: readonly (readonly [string, string, boolean])[] = [
  ['a virtual host', '<VirtualHost *:80>\n  ServerName a\n  DocumentRoot /www\n</VirtualHost>\n', true],
  ['one definition', 'FastCgiExternalServer /www/app -socket /run/app.sock\n', true],
  ['a server of nginx', 'server {\n  listen 80;\n  root /www;\n  index index.php;\n}\n', false],
  ['a setting of lighttpd', 'server.port = 80\ninclude "x.conf"\nalias.url = ( "/a" => "/b" )\n', false],
  ['prose', 'This file is about servers and how they listen.\n', false]
]

describe('detection of httpd’s language', () => {
  test.each(cases)('%s', (_, text, expected) => {
    const { score, because } = detectApache('some.conf', text)
    expect(score > 0.5).toBe(expected)
    if (expected) expect(because).not.toEqual([])
  })
})
