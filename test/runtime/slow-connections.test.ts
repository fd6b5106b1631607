import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { echoServer } from '../../src/runtime/index.js'
import type { Pool } from '../../src/model/index.js'
import { folder, member, pool, request, served, siteOf } from './served.js'

/** Listens, accepts nobody, and has filled its own queue: whoever connects waits. */
const unresponsive = `
use Socket; use IO::Handle; use Fcntl;
socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, inet_aton("127.0.0.1"))); listen($s, 0);
my ($port) = sockaddr_in(getsockname($s)); my @c;
for (1 .. 3) { socket(my $c, PF_INET, SOCK_STREAM, 0); fcntl($c, F_SETFL, O_NONBLOCK); connect($c, getsockname($s)); push @c, $c; }
STDOUT->autoflush(1); print "$port\\n"; sleep 60;
`

async function slowPort(): Promise<number> {
  const child = spawn('perl', ['-e', unresponsive], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(line.toString())
}

async function echoPort(): Promise<number> {
  const server = echoServer({ name: 'a' }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test.each<readonly [string, Partial<Pool['retry']>, number]>([
  ['one further member is asked where the rules say one', { slowConnections: 1 }, 503],
  ['two where they say two', { slowConnections: 2 }, 200],
  ['none where they say none', { on: ['timeout'], slowConnections: 0 }, 503],
  ['every one where a timeout is a reason', { on: ['timeout'] }, 200]
])('after connections that took too long %s', async (_name, rules, status) => {
  const ports = [await slowPort(), await slowPort(), await echoPort()]
  const members = ports.map((port) =>
    member({ kind: 'tcp', host: '127.0.0.1', port }, { failure: { kind: 'disable', seconds: 60 } })
  )
  const all = pool(members, {
    retry: { on: ['connect'], tries: 6, within: 0, nonIdempotent: true, ...rules },
    connection: { connectTimeout: 0.1, sendTimeout: 0, readTimeout: 0, keep: false, idle: 0 }
  })
  const { port } = await served(siteOf({ root: folder(), pools: [all] }))
  expect((await request(port, '/app')).status).toBe(status)
})

/** The same at a path: there, whoever connects is refused. */
const unresponsiveAtPath = `
use Socket; use IO::Handle; use Fcntl;
socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un($ARGV[0])); listen($s, 0); my @c;
for (1 .. 3) { socket(my $c, PF_UNIX, SOCK_STREAM, 0); fcntl($c, F_SETFL, O_NONBLOCK); connect($c, getsockname($s)); push @c, $c; }
STDOUT->autoflush(1); print "full\\n"; sleep 60;
`

test('an application that accepts nobody is told of once its queue is full', async () => {
  const path = join(folder(), 'full.sock')
  const child = spawn('perl', ['-e', unresponsiveAtPath, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const { port, log } = await served(
    siteOf({ root: folder(), pools: [pool([member({ kind: 'unix', path })])] })
  )
  expect((await request(port, '/app')).status).toBe(503)
  expect(log.map(({ message }) => message).join()).toContain('its queue of them is full')
})
