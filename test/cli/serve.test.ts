import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'
import type { Ran } from './terminal.js'

function configuration(port: number): string {
  return `events {}
http { server { listen 127.0.0.1:${port}; location / { fastcgi_param A b; fastcgi_pass unix:/run/no-such.sock; } } }
`
}

/** Serves until the test has asked what it wants to. */
async function serving(args: readonly string[], ask: (said: string) => Promise<void>): Promise<Ran> {
  const cwd = folderWith({ 'nginx.conf': configuration(8080) })
  return fcgiConf(['serve', ...args, 'nginx.conf'], {
    cwd,
    stop: async (said) => {
      await ask(await said)
      return 'SIGTERM'
    }
  })
}

test('says where it listens, answers with the echo application, and ends with 0', async () => {
  let body = ''
  const ran = await serving(['--echo', '--host', '127.0.0.1', '--port', '0'], async (said) => {
    const url = /Listening on (\S+)/.exec(said)?.[1] ?? ''
    body = await (await fetch(url)).text()
  })
  expect(ran.exitCode).toBe(0)
  expect(JSON.parse(body)).toMatchObject({
    role: 'responder',
    params: expect.arrayContaining([['A', 'b']]) as unknown
  })
  expect(ran.err).toContain('SIGTERM')
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
