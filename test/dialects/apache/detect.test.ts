import { expect, test } from 'vitest'
import { detectApache } from '../../../src/dialects/apache/detect.js'

test.each([
  ['a definition', 'FastCgiExternalServer /a -socket s', ['mod_fastcgi']],
  ['a wrapper', '<Directory /a>\nFcgidWrapper /w .php\n</Directory>', ['mod_fcgid']],
  ['a handler', '<FilesMatch "\\.php$">\nSetHandler "proxy:fcgi://h:1"\n</FilesMatch>', ['mod_proxy_fcgi']],
  ['no module', '<VirtualHost *:80>\nServerName a\n</VirtualHost>', []]
])('%s is recognised, and whom it speaks to', (_, text, modules) => {
  const evidence = detectApache('x.conf', text)
  expect(evidence.score).toBeGreaterThan(0.7)
  expect(evidence.modules).toEqual(modules)
  expect(evidence.because.length).toBeGreaterThan(0)
})

test.each([
  [
    'nginx',
    'user www;\nhttp {\n  server {\n    listen 80;\n    location / {\n      root /srv;\n    }\n  }\n}'
  ],
  ['lighttpd', 'server.port = 80\nfastcgi.server = (\n  ".php" => (( "socket" => "/s" ))\n)'],
  ['nothing', ''],
  ['prose', 'Dear reader,\nthis is a letter.\nYours']
])('%s is not taken for it', (_, text) => {
  expect(detectApache('x.conf', text).score).toBeLessThan(0.4)
})
