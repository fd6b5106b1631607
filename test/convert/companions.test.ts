import { describe, expect, test } from 'vitest'
import { companions, type Companions } from '../../src/convert/companions/index.js'
import { convert } from '../../src/convert/index.js'
import { readLighttpd } from '../../src/dialects/lighttpd/index.js'
import { lighttpd } from '../../src/dialects/lighttpd/index.js'
import type { Spawner } from '../../src/dialects/spawn.js'
import { memory } from '../dialects/lighttpd/memory.js'

function read(host: string): ReturnType<typeof readLighttpd> {
  const text = `server.modules = ( "mod_fastcgi" )
server.document-root = "/srv"
fastcgi.server = ( ".php" => ((${host})) )
`
  return readLighttpd('/etc/a.conf', memory({ '/etc/a.conf': text }), { name: 'lighttpd' })
}

function made(spawner: Spawner, host: string): Companions {
  return companions(spawner, read(host).site)
}

/** The one file whose name ends so. */
function file(spawner: Spawner, host: string, ending: string): string {
  const found = made(spawner, host).files.filter(({ path }) => path.endsWith(ending))
  expect(found).toHaveLength(1)
  return found[0]?.text ?? ''
}

const php = '"socket" => "/run/php/a.sock", "bin-path" => "/usr/bin/php-cgi"'
const ruby = '"socket" => "/srv/a.sock", "max-procs" => 1, "bin-path" => "/opt/blog.rb --fast"'

describe('systemd', () => {
  test('a lone process is one service behind one socket', () => {
    expect(made('systemd', ruby).files.map(({ path }) => path)).toEqual([
      'systemd/blog.rb.socket',
      'systemd/blog.rb.service'
    ])
  })

  test('several are instances that share the socket, and a target wants them all', () => {
    const { files, advice } = made('systemd', `${php}, "max-procs" => 3`)
    expect(files.map(({ path }) => path)).toEqual([
      'systemd/php-cgi.socket',
      'systemd/php-cgi@.service',
      'systemd/php-cgi.target',
      'tmpfiles.d/fastcgi-applications.conf'
    ])
    expect(files[2]?.text).toContain('Wants=php-cgi@1.service php-cgi@2.service php-cgi@3.service\n')
    expect(files[3]?.text).toBe('d /run/php 0755 www-data www-data -\n')
    expect(advice.join('\n')).toContain('systemctl enable --now php-cgi.socket php-cgi.target')
  })

  test.each([
    [`${ruby}, "kill-signal" => 10`, 'KillSignal=SIGUSR1'],
    [ruby, 'KillSignal=SIGTERM'],
    [ruby, 'ExecStart=/opt/blog.rb --fast'],
    [ruby, 'WorkingDirectory=/opt'],
    [`${ruby}, "bin-environment" => ( "A" => "50% $x" )`, 'Environment="A=50%% $x"'],
    [`${ruby}, "bin-environment" => ( "A" => "say \\"so\\"" )`, String.raw`Environment="A=say \"so\""`],
    [`${ruby}, "bin-copy-environment" => ( "LANG", "TZ" )`, 'PassEnvironment=LANG TZ'],
    [ruby.replace('--fast', '%n $HOME'), 'ExecStart=/opt/blog.rb %%n $$HOME']
  ])('%s: %s', (host, line) => {
    expect(file('systemd', host, '.service').split('\n')).toContain(line)
  })

  test.each([
    ['"host" => "127.0.0.1", "port" => 9000', 'ListenStream=127.0.0.1:9000'],
    ['"host" => "::1", "port" => 9000', 'ListenStream=[::1]:9000'],
    ['"socket" => "/run/50%.sock"', 'ListenStream=/run/50%%.sock'],
    ['"socket" => "/run/a.sock", "listen-backlog" => 5', 'Backlog=5']
  ])('%s: %s', (place, line) => {
    expect(file('systemd', `${place}, "bin-path" => "/opt/a"`, '.socket').split('\n')).toContain(line)
  })

  test('a relative path is an error: systemd takes none', () => {
    const { diagnostics } = made('systemd', '"socket" => "run/a.sock", "bin-path" => "/opt/a"')
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'error convert/relative-path'
    ])
  })
})

describe('php-fpm', () => {
  test.each([
    ['"max-procs" => 2, "bin-environment" => ( "PHP_FCGI_CHILDREN" => "4" )', 'pm.max_children = 8'],
    ['"max-procs" => 2', 'pm.max_children = 2'],
    ['"max-procs" => 2', 'pm = static'],
    ['"min-procs" => 1, "max-procs" => 4', 'pm = dynamic'],
    ['"bin-environment" => ( "PHP_FCGI_MAX_REQUESTS" => "7" )', 'pm.max_requests = 7'],
    // php-cgi's own number.
    ['"max-procs" => 1', 'pm.max_requests = 500'],
    ['"max-procs" => 1', 'clear_env = no'],
    ['"bin-copy-environment" => ( "TZ" )', 'env[TZ] = $TZ'],
    ['"bin-environment" => ( "A" => "x $y" )', String.raw`env[A] = "x \$y"`]
  ])('%s: %s', (options, line) => {
    expect(file('php-fpm', `${php}, ${options}`, '.conf').split('\n')).toContain(line)
  })

  test('settings on the command line become the pool’s; other arguments are told of', () => {
    const host = php.replace('php-cgi"', 'php8.2-cgi -d memory_limit=1G -ddisplay_errors=0 -c /etc/own.ini"')
    const { files, diagnostics } = made('php-fpm', host)
    expect(files[0]?.text).toContain('php_value[memory_limit] = "1G"\nphp_value[display_errors] = "0"\n')
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'a pool of PHP-FPM cannot say `-c`, `/etc/own.ini`'
    ])
  })

  test('a value that it would take for a variable’s name is told of, and not written', () => {
    const { files, diagnostics } = made('php-fpm', `${php}, "bin-environment" => ( "A" => "$x" )`)
    expect(files[0]?.text).not.toContain('env[A]')
    expect(diagnostics.map(({ message }) => message)).toEqual(['a pool of PHP-FPM cannot say `A=$x`'])
  })

  test('what is not PHP is an error', () => {
    const { diagnostics } = made('php-fpm', ruby)
    expect(diagnostics.map(({ code }) => code)).toEqual(['convert/not-php'])
  })
})

test('spawn-fcgi: the environment is cleared where the source clears it', () => {
  const host = `${ruby}, "bin-copy-environment" => ( "TZ" ), "bin-environment" => ( "A" => "it's" )`
  expect(file('spawn-fcgi', host, '.sh')).toContain(
    String.raw`env -i ${'$'}{TZ+"TZ=$TZ"} PHP_FCGI_CHILDREN=1 'A=it'\''s' "$spawn" "$@" -s /srv/a.sock`
  )
})

test('a site that starts nothing is told so', () => {
  const { files, diagnostics } = made('systemd', '"socket" => "/run/a.sock"')
  expect(files).toEqual([])
  expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'info convert/nothing-to-spawn'
  ])
})

test('a target that starts applications itself is given no spawner', () => {
  const options = { from: 'lighttpd', to: 'lighttpd', fragment: false, spawner: 'systemd' } as const
  const { files, diagnostics } = convert(read(ruby), options, [lighttpd])
  expect(files).toEqual([])
  expect(diagnostics.map(({ code }) => code)).toEqual(['convert/no-spawner-needed'])
})
