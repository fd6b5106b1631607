import { expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const site = (extra: string): string =>
  `server.port = 8080\nserver.document-root = "/srv/www"\nserver.modules = ( "mod_fastcgi" )\nfastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )\n${extra}`

const folder = (): string =>
  folderWith({
    'one/lighttpd.conf': site('include "part.conf"\n'),
    'one/part.conf': 'fastcgi.map-extensions = ( ".php3" => ".php" )\n',
    'two/lighttpd.conf': site('$HTTP["useragent"] =~ "bot" { server.max-request-size = 1 }\n'),
    'notes.conf': 'nothing of the kind'
  })

test('each configuration of a folder is counted with what it includes, and nothing is written', async () => {
  const { exitCode, out, err } = await fcgiConf(['audit', '--to', 'nginx', '.'], { cwd: folder() })
  expect(err).toBe('')
  expect(exitCode).toBe(0)
  const [head = '', ...lines] = out.split('\n')
  expect(head).toMatch(/^file +directives +exact +approx +manual +lost +outside$/)
  expect(lines.slice(0, 3).map((line) => line.split(/ +/)[0])).toEqual([
    'one/lighttpd.conf',
    'two/lighttpd.conf',
    'all'
  ])
  expect(out).toContain('What stands in the way, the most frequent first:')
  expect(out).toContain('`server.max-request-size` in 1 file: nginx has no location for `…`')
})

test('as JSON the numbers of all files add up', async () => {
  const { out } = await fcgiConf(['audit', '--to', 'apache-proxy-fcgi', '-f', 'json', '.'], {
    cwd: folder()
  })
  const audit = JSON.parse(out) as {
    readonly files: readonly { readonly summary: Readonly<Record<string, number>> }[]
    readonly summary: Readonly<Record<string, number>>
    readonly blockers: readonly { readonly directives: number }[]
  }
  for (const [verdict, count] of Object.entries(audit.summary)) {
    expect(audit.files.reduce((sum, { summary }) => sum + (summary[verdict] ?? 0), 0)).toBe(count)
  }
  const blocked = audit.blockers.reduce((sum, { directives }) => sum + directives, 0)
  expect(blocked).toBe((audit.summary['lost'] ?? 0) + (audit.summary['manual'] ?? 0))
})

test('as Markdown it has a table of files and one of what stands in the way', async () => {
  const { out } = await fcgiConf(['audit', '--to', 'nginx', '-f', 'markdown', 'two/lighttpd.conf'], {
    cwd: folder()
  })
  expect(out).toContain('| file | directives | exact | approx | manual | lost | outside |')
  expect(out).toContain('| lost | `server.max-request-size` | nginx has no location for `…` | 1 | 1 |')
})

test('a file that cannot be read is told, and the exit code is 2', async () => {
  const { exitCode, out } = await fcgiConf(['audit', '--to', 'nginx', 'none.conf'], { cwd: folder() })
  expect(exitCode).toBe(2)
  expect(out).toMatch(/^none\.conf +cannot read/m)
})

test('a folder without a configuration is a mistake', async () => {
  const { exitCode, err } = await fcgiConf(['audit', '--to', 'nginx', '.'], {
    cwd: folderWith({ 'a.conf': 'nothing of the kind' })
  })
  expect(exitCode).toBe(2)
  expect(err).toContain('there is no configuration among these files')
})
