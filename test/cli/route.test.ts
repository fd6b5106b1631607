import { expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const nginx = `events {}
http {
  server {
    listen 8080;
    server_name www.example.com;
    root /srv/www;
    location / {
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:/run/app.sock;
    }
    location /old { return 301 /new; }
  }
  server {
    listen 8081;
    location / { return 404; }
  }
}
`

async function route(...args: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await fcgiConf(['route', 'nginx.conf', ...args], {
    cwd: folderWith({ 'nginx.conf': nginx })
  })
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  return out
}

test('names the listener, the scopes, the pool and every param, each with its line', async () => {
  const out = await route('http://www.example.com:8080/a.php?b=c')
  expect(out).toMatch(/listener +\S+:8080 +nginx\.conf:4:5$/m)
  expect(out).toMatch(/scope +location \/ +nginx\.conf:7:5$/m)
  expect(out).toMatch(/pool .*unix:\/run\/app\.sock +nginx\.conf:9:\d+$/m)
  expect(out).toMatch(/param +SCRIPT_FILENAME *= \/srv\/www\/a\.php +nginx\.conf:8:7$/m)
  expect(out).toMatch(/param +HTTP_HOST *= www\.example\.com:8080 +\(unasked\)$/m)
})

test('the port of the URL chooses the listener', async () => {
  expect(await route('http://www.example.com:8081/')).toMatch(/handler +status 404.*nginx\.conf:15:\d+$/m)
})

test('a method and headers may be given', async () => {
  const out = await route('-H', 'X-Forwarded-For: 1.2.3.4', 'POST', '/a.php')
  expect(out).toMatch(/^POST \/a\.php$/m)
  expect(out).toContain('HTTP_X_FORWARDED_FOR')
})

test('a redirect is named with its target', async () => {
  expect(await route('/old')).toMatch(/handler +redirect 301 to .*\/new/)
})

test('--json is for programs', async () => {
  const found: unknown = JSON.parse(await route('--json', '/a.php'))
  expect(found).toMatchObject({
    version: 1,
    decisions: [{ outcome: { kind: 'fastcgi', role: 'responder' } }]
  })
})

test.each([
  ['no URL', 'ftp://x/', /is no URL/],
  ['a word', 'index.php', /is no URL/]
])('%s is refused with a message', async (_name, url, message) => {
  const { exitCode, err } = await fcgiConf(['route', 'nginx.conf', url], {
    cwd: folderWith({ 'nginx.conf': nginx })
  })
  expect(exitCode).toBe(2)
  expect(err).toMatch(message)
})
