import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Signal } from '../../src/cli/io.js'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'
import type { Ran } from './terminal.js'

function configuration(
  port: number,
  answer = 'fastcgi_param A b; fastcgi_pass unix:/run/no-such.sock;'
): string {
  return `events {}
http { server { listen 127.0.0.1:${port}; location / { ${answer} } } }
`
}

interface Serving {
  readonly cwd: string
  readonly url: string
  readonly send: (signal: Signal) => void
  readonly told: () => string
}

/** However slow the machine is. */
const patiently = { timeout: 30_000 }

/** Serves until the test has asked what it wants to, then ends it with a signal. */
async function serving(
  args: readonly string[],
  ask: (serving: Serving) => Promise<void>,
  last: Signal = 'SIGTERM',
  answer?: string
): Promise<Ran> {
  const cwd = folderWith({ 'nginx.conf': configuration(8080, answer), 'html/a.txt': 'a file' })
  let asked: Promise<void> = Promise.resolve()
  const ran = await fcgiConf(['serve', ...args, '--host', '127.0.0.1', '--port', '0', 'nginx.conf'], {
    cwd,
    meanwhile: async (said, send, told) => {
      const url = /Listening on (\S+)/.exec(await said)?.[1] ?? ''
      asked = ask({ cwd, url, send, told })
      await asked.finally(() => send(last))
    }
  })
  await asked
  return ran
}

test('says where it listens, answers with the echo application, and ends with 0', async () => {
  const ran = await serving(['--echo'], async ({ url }) => {
    expect(await (await fetch(url)).json()).toMatchObject({
      role: 'responder',
      params: expect.arrayContaining([['A', 'b']]) as unknown
    })
  })
  expect(ran.exitCode).toBe(0)
  expect(ran.err).toContain('SIGTERM')
})

test('answers with it for other HTTP servers too', async () => {
  const asked = async ({ url }: Serving): Promise<void> => {
    const answer = await fetch(new URL('/x?status=404&hdr=X-A:%20b', url), { method: 'POST', body: 'abc' })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('x-a')).toBe('b')
    expect(await answer.json()).toMatchObject({
      name: '127.0.0.1:9',
      request: 'POST /app/x?status=404&hdr=X-A:%20b HTTP/1.0',
      stdin: 3,
      headers: expect.arrayContaining([['X-Own', '1']]) as unknown
    })
  }
  await serving(['--echo'], asked, 'SIGTERM', 'proxy_set_header X-Own 1; proxy_pass http://127.0.0.1:9/app/;')
})

test.each([
  ['SIGTERM', 0],
  ['SIGQUIT', 0],
  ['SIGINT', 130]
] as const)('%s ends it with %i', async (signal, exitCode) => {
  const ran = await serving(['--echo'], () => Promise.resolve(), signal)
  expect(ran.exitCode).toBe(exitCode)
})

test('--pid tells the number while the server listens', async () => {
  let inside = ''
  let folder = ''
  await serving(['--echo', '--pid', 'a.pid'], ({ cwd }) => {
    folder = cwd
    inside = readFileSync(join(cwd, 'a.pid'), 'utf8')
    return Promise.resolve()
  })
  expect(inside).toBe(`${process.pid}\n`)
  expect(existsSync(join(folder, 'a.pid'))).toBe(false)
})

test.each(['--pid', '--error-log'])('%s in a folder that is not there is a message', async (option) => {
  const cwd = folderWith({ 'nginx.conf': configuration(8080) })
  const ran = await fcgiConf(['serve', '--echo', '--port', '0', option, 'no/such', 'nginx.conf'], { cwd })
  expect(ran.exitCode).toBe(2)
  expect(ran.err).toContain('no/such')
})

test('--error-log holds what happens, and goes on in a new file after SIGUSR1', async () => {
  await serving(['--error-log', 'a.log'], async ({ cwd, url, send }) => {
    await fetch(url)
    renameSync(join(cwd, 'a.log'), join(cwd, 'old.log'))
    send('SIGUSR1')
    await fetch(url)
    const line = /^\d{4}-\d\d-\d\dT\S+Z error: `\/run\/no-such\.sock`.*\(nginx\.conf:2:\d+\)\n/m
    expect(readFileSync(join(cwd, 'old.log'), 'utf8')).toMatch(line)
    expect(readFileSync(join(cwd, 'a.log'), 'utf8')).toMatch(line)
  })
})

test('relative paths hang on --prefix', async () => {
  await serving(['--prefix', '.', '--echo'], async ({ cwd, url, send }) => {
    writeFileSync(join(cwd, 'nginx.conf'), configuration(8080, ''))
    send('SIGHUP')
    await vi.waitFor(async () => expect(await (await fetch(`${url}a.txt`)).text()).toBe('a file'), patiently)
  })
})

test('SIGHUP brings the new configuration into force, and a bad one is refused with its place', async () => {
  const ran = await serving(['--echo'], async ({ cwd, url, send, told }) => {
    const reloaded = async (text: string, answer: string): Promise<void> => {
      writeFileSync(join(cwd, 'nginx.conf'), text)
      send('SIGHUP')
      await vi.waitFor(async () => expect(await (await fetch(url)).text()).toBe(answer), patiently)
    }
    await reloaded(configuration(8080, 'return 200 one;'), 'one')
    writeFileSync(join(cwd, 'nginx.conf'), configuration(8080, 'retrun 200 two;'))
    send('SIGHUP')
    await vi.waitFor(() => expect(told()).toContain('the old one stays in force'), patiently)
    await reloaded(configuration(8080, 'return 200 three;'), 'three')
  })
  expect(ran.err).toMatch(/error: .*retrun.* \(nginx\.conf:2:\d+\)\n.*the old one stays in force/)
  expect(ran.err.match(/the new configuration is in force/g)).toHaveLength(2)
})

test('a port in use is a message', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const cwd = folderWith({ 'nginx.conf': configuration(port) })
  const { exitCode, out, err } = await fcgiConf(['serve', '--echo', 'nginx.conf'], { cwd })
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain('serve/address-in-use')
})

test.each([
  ['a good configuration', configuration(8080), 0, 'it would start, and listen on http://127.0.0.1:8080/'],
  ['one with a misspelt directive', configuration(8080, 'retrun 200;'), 2, 'did you mean `return`?'],
  ['one that listens with TLS', configuration(8080).replace('8080;', '8080 ssl;'), 2, 'it would not start']
])('--check says of %s whether it would start', async (_, text, exitCode, said) => {
  const cwd = folderWith({ 'nginx.conf': text })
  const ran = await fcgiConf(['serve', '--check', 'nginx.conf'], { cwd })
  expect(ran.exitCode).toBe(exitCode)
  expect(exitCode === 0 ? ran.out : ran.err).toContain(said)
})
