import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

/** File, line and code of what is found, beside what is only worth knowing. */
async function found(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<readonly string[]> {
  const { out, err } = await fcgiConf(['lint', '-f', 'compact', ...args], { cwd: folderWith(files) })
  expect(err).toBe('')
  return out
    .split('\n')
    .filter((line) => line !== '' && !line.includes(': note: '))
    .map((line) => line.replace(/^(.*?:\d+):.*\[(.*)\]$/, '$1 $2'))
}

describe('the comment `fcgi-conf-context`', () => {
  const upstream = 'upstream app { server 127.0.0.1:9000; }\n'

  test('says what a file of nginx is included in', async () => {
    const text = 'types { text/html html; }\ndefault_type text/plain;\n' + upstream
    expect(await found({ 'a.conf': text }, '--from', 'nginx', 'a.conf')).toEqual([])
    const stated = `# fcgi-conf-context server\n${text}`
    expect(await found({ 'a.conf': stated }, '--from', 'nginx', 'a.conf')).toEqual([
      'a.conf:4 nginx/wrong-context'
    ])
  })

  test('may name several, and each is looked at', async () => {
    const text =
      '# fcgi-conf-context http, location\nserver_tokens off;\ngzip_types text/css;\nmap $uri $x { default 1; }\n'
    expect(await found({ 'a.conf': text }, '--from', 'nginx', 'a.conf')).toEqual([
      'a.conf:4 nginx/wrong-context'
    ])
  })

  test('says what a file of httpd is included in', async () => {
    const text = 'ErrorDocument 404 /404.html\nServerName a.example.com\n'
    expect(await found({ 'a.conf': text }, '--from', 'apache', 'a.conf')).toEqual([])
    const stated = `# fcgi-conf-context directory\n${text}`
    expect(await found({ 'a.conf': stated }, '--from', 'apache', 'a.conf')).toEqual([
      'a.conf:3 apache/wrong-context'
    ])
  })

  test('with a name that the language does not have is an error', async () => {
    const text = `# fcgi-conf-context sever\n${upstream}`
    const { err, out, exitCode } = await fcgiConf(['lint', '--from', 'nginx', 'a.conf'], {
      cwd: folderWith({ 'a.conf': text })
    })
    expect(err).toBe('')
    expect(exitCode).toBe(2)
    expect(out).toContain('did you mean `server`?')
  })
})

test('`include.pathMap` says where files lie that the server knows under another path', async () => {
  const files = {
    'nginx.conf': 'events {}\nhttp { include /etc/nginx/sites/*.conf; include /etc/nginx/more.conf; }\n',
    'repo/sites/a.conf': 'server { listen 8080; lisen 8081; }\n',
    'repo/more.conf': 'keepalive_timout 5;\n',
    '.fcgi-conf.json': '{ "include": { "pathMap": { "/etc/nginx/": "./repo" } } }'
  }
  expect(await found(files, 'nginx.conf')).toEqual([
    'repo/more.conf:1 config/unknown-key',
    'repo/sites/a.conf:1 config/unknown-key'
  ])
})

describe('`modules`', () => {
  const config = (name: string): string => JSON.stringify({ modules: [name] })

  test('are there for httpd', async () => {
    const text =
      'ServerRoot /etc/apache2\nLoadModule mpm_event_module modules/mod_mpm_event.so\nListen 8080\nFcgidIOTimeout 50\n'
    expect(await found({ 'httpd.conf': text }, 'httpd.conf')).toEqual([
      'httpd.conf:4 apache/module-not-loaded'
    ])
    expect(await found({ 'httpd.conf': text, '.fcgi-conf.json': config('mod_fcgid') }, 'httpd.conf')).toEqual(
      []
    )
  })

  test('bring directives of their own to nginx', async () => {
    const text = 'events {}\nhttp { server { listen 8080; more_set_headers "X-A: b"; } }\n'
    expect(await found({ 'nginx.conf': text }, 'nginx.conf')).toEqual([
      'nginx.conf:2 nginx/foreign-directive'
    ])
    expect(
      await found({ 'nginx.conf': text, '.fcgi-conf.json': config('headers-more') }, 'nginx.conf')
    ).toEqual([])
  })

  test('are loaded for lighttpd', async () => {
    const text =
      'server.document-root = "/srv"\nserver.modules = ( "mod_access" )\nfastcgi.server = ( "/a" => (( "host" => "127.0.0.1", "port" => 9000, "check-local" => "disable" )) )\n'
    expect(await found({ 'lighttpd.conf': text }, 'lighttpd.conf')).toEqual([
      'lighttpd.conf:3 lighttpd/module-missing'
    ])
    expect(
      await found({ 'lighttpd.conf': text, '.fcgi-conf.json': config('mod_fastcgi') }, 'lighttpd.conf')
    ).toEqual([])
  })
})
