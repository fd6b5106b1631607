import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const lighttpd = `# The shop.
server.port = 8080
server.document-root = "/srv/www"
server.modules = ( "mod_fastcgi" )
fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )
ssl.cipher-list = "HIGH"
`

function folder(): string {
  return folderWith({ 'lighttpd.conf': lighttpd })
}

test('the configuration goes to stdout, the ledger to stderr', async () => {
  const { exitCode, out, err } = await fcgiConf(['convert', '--to', 'nginx', 'lighttpd.conf'], {
    cwd: folder()
  })
  expect(exitCode).toBe(0)
  expect(out).toMatch(/^ *# The shop\.$/m)
  expect(out).toContain('fastcgi_pass unix:/run/php.sock;')
  expect(err).toMatch(/^lighttpd\.conf:2:1: exact {3}`server\.port`/m)
  expect(err).toMatch(/^lighttpd\.conf:6:1: outside `ssl\.cipher-list`/m)
  expect(err).toMatch(/^\d+ directives: /m)
})

test('each directive stands in the ledger once, in the order of the source', async () => {
  const { err } = await fcgiConf(['convert', '--to', 'apache-proxy-fcgi', 'lighttpd.conf'], { cwd: folder() })
  const places = [...err.matchAll(/^lighttpd\.conf:(\d+):(\d+): /gm)].map(
    (found) => Number(found[1]) * 1000 + Number(found[2])
  )
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
  expect(err).toContain(`${places.length} directives: `)
})

test('what is written is read back without a finding', async () => {
  const cwd = folder()
  const { out } = await fcgiConf(['convert', '--to', 'nginx', 'lighttpd.conf'], { cwd })
  const linted = await fcgiConf(['lint', '--from', 'nginx', '-'], { cwd, stdin: out })
  expect(linted.out).toBe('No findings in 1 file.\n')
})

test('-o writes the files and nothing to stdout; once more overwrites them', async () => {
  const cwd = folder()
  const args = ['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf']
  expect(await fcgiConf(args, { cwd })).toMatchObject({ exitCode: 0, out: '' })
  expect(readFileSync(join(cwd, 'out/nginx.conf'), 'utf8')).toContain('fastcgi_pass')
  expect((await fcgiConf(args, { cwd })).exitCode).toBe(0)
})

test('-o does not overwrite the file of someone else', async () => {
  const cwd = folderWith({ 'lighttpd.conf': lighttpd, 'out/nginx.conf': 'theirs' })
  const args = ['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf']
  const { exitCode, err } = await fcgiConf(args, { cwd })
  expect(exitCode).toBe(2)
  expect(err).toMatch(/`nginx\.conf` in .* was not written by fcgi-conf.*\n.*--force/)
  expect(readFileSync(join(cwd, 'out/nginx.conf'), 'utf8')).toBe('theirs')
})

test('--report writes the ledger as JSON, with places', async () => {
  const cwd = folder()
  await fcgiConf(['convert', '--to', 'nginx', '--report', 'ledger.json', 'lighttpd.conf'], { cwd })
  expect(JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'))).toMatchObject({
    version: 1,
    from: 'lighttpd',
    to: 'nginx',
    files: ['nginx.conf']
  })
})

test.each([
  ['lost', 'nginx', 0],
  ['manual', 'apache', 1]
])('--fail-on %s with a conversion to %s ends with %i', async (verdict, to, exitCode) => {
  const args = ['convert', '--to', to, '--fail-on', verdict, 'lighttpd.conf']
  expect((await fcgiConf(args, { cwd: folder() })).exitCode).toBe(exitCode)
})

test('what is lost fails a conversion unless it is allowed for', async () => {
  const cwd = folderWith({
    'lost.conf':
      'server.document-root = "/srv"\nserver.port = 8080\nserver.modules = ( "mod_fastcgi" )\n' +
      'fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock", "x-sendfile" => "enable" )) )\n'
  })
  const { exitCode, err } = await fcgiConf(['convert', '--to', 'nginx', 'lost.conf'], { cwd })
  expect(err).toMatch(/: lost +`fastcgi\.server x-sendfile`/)
  expect(exitCode).toBe(1)
  const allowed = await fcgiConf(['convert', '--to', 'nginx', '--fail-on', 'never', 'lost.conf'], { cwd })
  expect(allowed.exitCode).toBe(0)
})

test.each(['site', './site', 'ABSOLUTE'])('--prefix %s gives absolute paths', async (given) => {
  const cwd = folderWith({
    'site/lighttpd.conf': 'server.document-root = var.CWD + "/www"\nserver.port = 8080\n'
  })
  const prefix = given === 'ABSOLUTE' ? join(cwd, 'site') : given
  const args = ['convert', '--to', 'nginx', '--prefix', prefix, 'site/lighttpd.conf']
  expect((await fcgiConf(args, { cwd })).out).toContain(`root ${join(cwd, 'site/www')};`)
})

test('without --prefix paths begin where the command was started', async () => {
  const cwd = folderWith({
    'site/lighttpd.conf': 'server.document-root = var.CWD + "/www"\nserver.port = 8080\n'
  })
  const { out } = await fcgiConf(['convert', '--to', 'nginx', 'site/lighttpd.conf'], { cwd })
  expect(out).toContain(`root ${join(cwd, 'www')};`)
})

test('--check tells whether the folder still holds what the source gives', async () => {
  const cwd = folder()
  const args = ['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf']
  expect(await fcgiConf([...args, '--check'], { cwd })).toMatchObject({ exitCode: 1, out: '' })
  expect(existsSync(join(cwd, 'out'))).toBe(false)
  await fcgiConf(args, { cwd })
  expect((await fcgiConf([...args, '--check'], { cwd })).exitCode).toBe(0)
  writeFileSync(join(cwd, 'lighttpd.conf'), lighttpd.replace('8080', '8081'))
  const { exitCode, err } = await fcgiConf([...args, '--check'], { cwd })
  expect({ exitCode, err }).toEqual({ exitCode: 1, err: 'nginx.conf: is not what the source gives\n' })
})

test('--dry-run says what would be written, and writes nothing', async () => {
  const cwd = folder()
  const args = ['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf']
  expect((await fcgiConf([...args, '--dry-run'], { cwd })).out).toBe('create nginx.conf\n')
  expect(existsSync(join(cwd, 'out'))).toBe(false)
  await fcgiConf(args, { cwd })
  expect((await fcgiConf([...args, '--dry-run'], { cwd })).out).toBe('keep   nginx.conf\n')
})

test.each(['--check', '--dry-run'])('%s asks for the folder it is about', async (option) => {
  const { exitCode, err } = await fcgiConf(['convert', '--to', 'nginx', option, 'lighttpd.conf'], {
    cwd: folder()
  })
  expect(exitCode).toBe(2)
  expect(err).toContain('-o DIR')
})

test('--report FILE.md writes the ledger for people, the worst first', async () => {
  const cwd = folder()
  await fcgiConf(['convert', '--to', 'apache', '--report', 'ledger.md', 'lighttpd.conf'], { cwd })
  const text = readFileSync(join(cwd, 'ledger.md'), 'utf8')
  expect(text).toContain('# From lighttpd to apache')
  expect(text).toMatch(/^\| outside \| `ssl\.cipher-list` \| lighttpd\.conf:6:1 \|/m)
})

test('--keep-going converts what was understood, and says that it did', async () => {
  const cwd = folderWith({ 'lighttpd.conf': `${lighttpd}server.port = (\n` })
  const args = ['convert', '--to', 'nginx', '--keep-going', 'lighttpd.conf']
  const { out, err } = await fcgiConf(args, { cwd })
  expect(out).toContain('fastcgi_pass unix:/run/php.sock;')
  expect(err).toMatch(/errors? in the source; only what was understood is converted/)
})

test('a source with errors is not half converted', async () => {
  const cwd = folderWith({ 'lighttpd.conf': `${lighttpd}server.port = (\n` })
  const { exitCode, out, err } = await fcgiConf(['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf'], {
    cwd
  })
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain('nothing was written')
  expect(existsSync(join(cwd, 'out'))).toBe(false)
})

test('a model in JSON is converted as the configuration it came from', async () => {
  const cwd = folder()
  const { out: json } = await fcgiConf(['ir', 'lighttpd.conf'], { cwd })
  const direct = await fcgiConf(['convert', '--to', 'nginx', 'lighttpd.conf'], { cwd })
  const through = await fcgiConf(['convert', '--to', 'nginx', '-'], { cwd, stdin: json })
  expect(through).toEqual(direct)
})
