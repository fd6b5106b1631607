import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
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
  const { exitCode, out, err } = await fcgiConf(['convert', '--to', 'nginx', '--verbose', 'lighttpd.conf'], {
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
  const { err } = await fcgiConf(['convert', '--to', 'apache-proxy-fcgi', '-v', 'lighttpd.conf'], {
    cwd: folder()
  })
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

test('the sum comes first, then what needs a person; -q says the sum alone', async () => {
  const cwd = folder()
  const { err } = await fcgiConf(['convert', '--to', 'nginx', 'lighttpd.conf'], { cwd })
  expect(err).toMatch(/^6 directives: /)
  expect(err).not.toContain(': exact ')
  expect(err).toContain('(not asked for): approx ')
  expect(err).toMatch(
    /\d+ more differences between the servers, for odd requests only: --verbose tells which\n$/
  )
  const verbose = await fcgiConf(['convert', '--to', 'nginx', '-v', 'lighttpd.conf'], { cwd })
  expect(verbose.err).not.toContain('more differences')
  expect(verbose.err).toContain('; only requests ')
  const quiet = await fcgiConf(['convert', '--to', 'nginx', '-q', 'lighttpd.conf'], { cwd })
  expect(quiet.err).toBe(err.slice(0, err.indexOf('\n') + 1))
})

test('the report fits its published schema', async () => {
  const cwd = folder()
  await fcgiConf(['convert', '--to', 'nginx@1.22', '--report', 'ledger.json', 'lighttpd.conf'], { cwd })
  const schema = readFileSync(new URL('../../dist/conversion-report.schema.json', import.meta.url), 'utf8')
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema))
  const report: unknown = JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'))
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  expect(report).toMatchObject({ targetVersion: '1.22' })
  expect(validate({ version: 1 })).toBe(false)
})

test('a report whose name says so is Markdown, worst things first', async () => {
  const cwd = folderWith({ 'l.conf': `${lighttpd}fastcgi.map-extensions = ( ".x" => ".php" )\n` })
  await fcgiConf(['convert', '--to', 'nginx', '--report', 'ledger.md', 'l.conf'], { cwd })
  const report = readFileSync(join(cwd, 'ledger.md'), 'utf8')
  expect(report).toMatch(/^# Conversion from lighttpd to nginx\n/)
  expect(report).toMatch(/^\| exact \| \d+ \|$/m)
  expect(report).toContain('## Not asked for')
  expect(report).toMatch(/<summary>Exact.*<\/summary>\n\n\| Where/)
})

test('--to NAME@VERSION writes nothing that the release does not know', async () => {
  const args = ['convert', '--to', 'nginx@1.10', 'lighttpd.conf']
  const { exitCode, err, out } = await fcgiConf(args, { cwd: folder() })
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain(
    'the translation needs `absolute_redirect`, which came with nginx 1.11.8; the target is 1.10'
  )
  expect(err).toContain('convert to `nginx@1.11.8` or a later one')
})

test.each([
  ['nginx@', 'A version is written as in'],
  ['nginx@new', 'A version is written as in'],
  ['ngnix@1.2', 'Did you mean `nginx`?']
])('--to %s is no target', async (to, said) => {
  const { exitCode, err } = await fcgiConf(['convert', '--to', to, 'lighttpd.conf'], { cwd: folder() })
  expect(exitCode).toBe(2)
  expect(err).toContain(said)
})

describe('a folder that was written before', () => {
  const args = ['convert', '--to', 'nginx', '-o', 'out', 'lighttpd.conf']

  async function written(): Promise<string> {
    const cwd = folder()
    await fcgiConf(args, { cwd })
    return cwd
  }

  test('is what the source gives: --check says nothing and exits with 0', async () => {
    expect(await fcgiConf([...args, '--check'], { cwd: await written() })).toMatchObject({
      exitCode: 0,
      out: ''
    })
  })

  test.each(['--check', '--dry-run'])(
    'is not any more: %s says what differs and leaves it',
    async (option) => {
      const cwd = await written()
      const changed = 'events {}\n'
      writeFileSync(join(cwd, 'out/nginx.conf'), changed)
      const { exitCode, out } = await fcgiConf([...args, option], { cwd })
      expect({ exitCode, out }).toEqual({
        exitCode: option === '--check' ? 1 : 0,
        out: 'changed nginx.conf\n'
      })
      expect(readFileSync(join(cwd, 'out/nginx.conf'), 'utf8')).toBe(changed)
    }
  )

  test('--diff shows the change as a patch', async () => {
    const cwd = await written()
    const path = join(cwd, 'out/nginx.conf')
    writeFileSync(path, readFileSync(path, 'utf8').replace('listen 8080', 'listen 81'))
    const { out } = await fcgiConf([...args, '--check', '--diff'], { cwd })
    expect(out).toMatch(/^--- a\/nginx\.conf\n\+\+\+ b\/nginx\.conf\n@@ /)
    expect(out).toMatch(/^-.*listen 81;\n\+.*listen 8080;$/m)
  })

  test('a file that would be written no more is gone', async () => {
    const cwd = folder()
    await fcgiConf(['convert', '--to', 'lighttpd', '-o', 'out', 'lighttpd.conf'], { cwd })
    const { out } = await fcgiConf([...args, '--dry-run'], { cwd })
    expect(out).toBe('new     nginx.conf\ngone    lighttpd.conf\n')
  })
})

test.each([
  [['--check'], 'say where to with -o DIR'],
  [['--dry-run'], 'say where to with -o DIR'],
  [['--spawner', 'systemd'], 'say where to with -o DIR'],
  [['-o', 'out', '--diff'], '--diff goes with --dry-run or --check']
])('%s alone cannot be done', async (options, said) => {
  const args = ['convert', '--to', 'nginx', ...options, 'lighttpd.conf']
  const { exitCode, err } = await fcgiConf(args, { cwd: folder() })
  expect(exitCode).toBe(2)
  expect(err).toContain(said)
})

test('--keep-going converts what was understood, and says that it is not all', async () => {
  const cwd = folderWith({ 'lighttpd.conf': `${lighttpd}server.max-worker = "many"\n` })
  const args = ['convert', '--to', 'nginx', '--keep-going', 'lighttpd.conf']
  const { exitCode, out, err } = await fcgiConf(args, { cwd })
  expect(out).toContain('fastcgi_pass unix:/run/php.sock;')
  expect(err).toContain('The source has an error: only what was understood is converted.')
  expect(exitCode).toBe(1)
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

describe('what is true of several directives', () => {
  const spawned = {
    'spawned.conf':
      'server.document-root = "/srv"\nserver.port = 8080\nserver.modules = ( "mod_fastcgi" )\n' +
      'fastcgi.server = ( ".php" => ((\n  "socket" => "/run/php.sock",\n  "bin-path" => "/usr/bin/php-cgi",\n  "max-procs" => 1 )) )\n'
  }
  const args = ['convert', '--to', 'nginx', 'spawned.conf']

  test('is said once, with all of them and what to do', async () => {
    const { err } = await fcgiConf(args, { cwd: folderWith(spawned) })
    const said = err.split('\n').slice(1, 4)
    expect(said[0]).toMatch(/^spawned\.conf:4:1: manual +`fastcgi\.server`: nginx starts no processes/)
    expect(said[1]).toBe(
      '    also: `fastcgi.server bin-path` at spawned.conf:6:4, `fastcgi.server max-procs` at spawned.conf:7:4'
    )
    expect(said[2]).toMatch(/^    help: Run `spawn-fcgi/)
  })

  test('has a line for each with --verbose', async () => {
    const { err } = await fcgiConf([...args, '--verbose'], { cwd: folderWith(spawned) })
    expect(err).not.toContain('also: ')
    expect(err.match(/: manual .*nginx starts no processes/g)).toHaveLength(3)
  })
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
