import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { freePort } from '../ports.js'
import { account, emptyPlace, handOver, type Place } from './place.js'

const program = fileURLToPath(new URL('../../bin/fcgi-conf.js', import.meta.url))

/** Listens on the ports of the first argument and runs the rest with those sockets from descriptor 3 on, as systemd does. */
const systemd = `
use Socket; use POSIX ();
my @sockets;
for my $port (split /,/, shift) {
  socket(my $s, PF_INET, SOCK_STREAM, 0) or die $!;
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($s, sockaddr_in($port, inet_aton("127.0.0.1"))) or die $!;
  listen($s, 16) or die $!;
  push @sockets, POSIX::dup2(fileno($s), 100 + @sockets);
}
POSIX::dup2($sockets[$_], 3 + $_) for 0 .. $#sockets;
POSIX::close($_) for @sockets;
$ENV{LISTEN_FDS} = @sockets; $ENV{LISTEN_PID} = $$;
syswrite STDOUT, "listening\\n";
exec @ARGV or die $!;
`

interface Ports {
  readonly main: number
  readonly block: number
  readonly unlisted: number
}

function writeSite(place: Place, { main, block }: Ports, lines: string): void {
  mkdirSync(join(place.folder, 'www'))
  writeFileSync(join(place.folder, 'www/a.txt'), 'a')
  writeFileSync(
    place.main,
    `server.document-root = "${place.folder}/www"\nserver.modules = ( "mod_setenv" )\nserver.port = ${main}\n` +
      `server.systemd-socket-activation = "enable"\n${lines}` +
      `setenv.add-response-header = ( "X-Where" => "all" )\n` +
      `$SERVER["socket"] == "127.0.0.1:${block}" { setenv.add-response-header = ( "X-Where" => "block" ) }\n`
  )
  handOver(place.folder)
}

/** What answers at a port: the word of its place, or why nothing does. */
function where(port: number): Promise<string> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path: '/a.txt', headers: { Connection: 'close' } }, (response) => {
      response.resume()
      resolve(`${response.statusCode} ${String(response.headers['x-where'])}`)
    })
      .on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
      .end()
  })
}

async function answers(
  command: readonly string[],
  lines: string
): Promise<Readonly<Record<keyof Ports, string>>> {
  const place = await emptyPlace()
  const ports: Ports = { main: await freePort(), block: await freePort(), unlisted: await freePort() }
  writeSite(place, ports, lines)
  const args = ['-e', systemd, `${ports.block},${ports.unlisted}`, ...command, place.main]
  const child = spawn('perl', args, {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    ...account
  })
  const ended = once(child, 'exit')
  try {
    // From then on whoever asks waits until somebody takes the connection.
    await once(child.stdout, 'data')
    child.stdout.resume()
    const unlisted = await where(ports.unlisted)
    return { unlisted, block: await where(ports.block), main: await where(ports.main) }
  } finally {
    child.kill('SIGTERM')
    await ended
    place.remove()
  }
}

describe.each([
  ['without an address of its own', '', { main: 'ECONNREFUSED', block: '200 block', unlisted: '200 all' }],
  ['with one', 'server.bind = "127.0.0.1"\n', { main: '200 all', block: '200 block', unlisted: '200 all' }]
])('sockets that are handed over to a configuration %s', (_name, lines, expected) => {
  test.each([
    ['lighttpd', ['lighttpd', '-D', '-f']],
    ['this runtime', [process.execPath, program, 'serve']]
  ])('are served by %s', async (_server, command) => {
    expect(await answers(command, lines)).toEqual(expected)
  })
})
