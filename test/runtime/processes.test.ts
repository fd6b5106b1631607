import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { ProcessPlan } from '../../src/model/index.js'
import { folder, member, origin, plan, pool, request, responseRules, served, siteOf } from './served.js'
import type { Served } from './served.js'

let bundle = ''

beforeAll(async () => {
  const built = await build({
    stdin: {
      contents: `import { echoOnDescriptor } from './src/runtime/echo.ts'; echoOnDescriptor(process.env)`,
      resolveDir: process.cwd()
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false
  })
  bundle = built.outputFiles[0]?.text ?? ''
})

/** A program that serves the echo application on descriptor 0. */
function echoProgram(root: string): string {
  const file = join(root, 'echo')
  writeFileSync(file, `#!${process.execPath}\n${bundle}`)
  chmodSync(file, 0o755)
  return file
}

function script(root: string, text: string): string {
  const file = join(root, 'program.sh')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

/** For what happens soon, and later where the machine is busy. */
const patience = { timeout: 30_000 }

async function spawned(root: string, own: Partial<ProcessPlan>): Promise<Served> {
  const process: ProcessPlan = { ...plan, ...own }
  const path = join(root, 'p.sock')
  return served(siteOf({ root, pools: [pool([member({ kind: 'unix', path }, { process })])] }))
}

interface Echo {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
}

async function echo(port: number, query = ''): Promise<Echo> {
  return JSON.parse((await request(port, `/app${query}`)).body) as Echo
}

async function pidsOf(root: string): Promise<string> {
  // pgrep fails where it finds nothing.
  const found = await promisify(execFile)('pgrep', ['-f', root]).catch(() => ({ stdout: '' }))
  return found.stdout
}

test('a program is started on numbered sockets, the newest process is asked, and nothing is left after the stop', async () => {
  const root = folder()
  const program = echoProgram(root)
  const environment = [{ name: 'ECHO_NAME', value: 'mine', origin }]
  const { port, stop } = await spawned(root, { command: [program], minimum: 2, maximum: 2, environment })
  expect((await echo(port)).name).toBe('mine')
  expect(readdirSync(root).filter((name) => name.startsWith('p.sock'))).toEqual(['p.sock-0', 'p.sock-1'])
  const answers = await Promise.all([1, 2, 3, 4].map(() => echo(port, '?sleep=0.1')))
  expect(answers).toHaveLength(4)
  expect(await pidsOf(program)).not.toBe('')
  await stop()
  expect(readdirSync(root).filter((name) => name.includes('sock'))).toEqual([])
  expect(await pidsOf(program)).toBe('')
})

test('the environment is what is picked, set, and set by default', async () => {
  const root = folder()
  const { port } = await spawned(root, {
    command: [echoProgram(root)],
    environment: [{ name: 'LANG', value: 'C', origin }],
    defaults: [
      { name: 'PHP_FCGI_CHILDREN', value: '1' },
      { name: 'LANG', value: 'never' }
    ]
  })
  expect((await echo(port)).env).toEqual({ PATH: process.env['PATH'], LANG: 'C', PHP_FCGI_CHILDREN: '1' })
})

test('a process that is killed is started again on its socket', async () => {
  const root = folder()
  const program = echoProgram(root)
  const { port, log } = await spawned(root, { command: [program], sockets: 'shared' })
  const first = /process (\d+)/.exec(log[0]?.message ?? '')?.[1]
  process.kill(Number(first), 'SIGKILL')
  // The shared socket is still listened on: the request waits in it for the next process.
  expect((await request(port, '/app')).status).toBe(200)
  expect(log.filter(({ message }) => message.includes('started as process'))).toHaveLength(2)
  expect(log.some(({ message }) => message.includes('ended by SIGKILL'))).toBe(true)
})

test('several processes accept on one shared socket', async () => {
  const root = folder()
  const { port, log } = await spawned(root, {
    command: [echoProgram(root)],
    minimum: 3,
    maximum: 3,
    sockets: 'shared'
  })
  expect(log.filter(({ message }) => message.includes('started as process'))).toHaveLength(3)
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => request(port, '/app?sleep=0.1')))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
})

test('a program on demand is started by the first request', async () => {
  const root = folder()
  const program = echoProgram(root)
  const { port, log } = await spawned(root, { command: [program], minimum: 0, maximum: 2, when: 'on-demand' })
  expect(log).toEqual([])
  expect((await request(port, '/app')).status).toBe(200)
})

test('a program that ends at once is 503, is told once, and is not started over and over', async () => {
  const root = folder()
  const { port, log } = await spawned(root, { command: [script(root, 'echo no good >&2; exit 3')] })
  await expect
    .poll(() => log.some(({ message }) => message.includes('ended with status 3')), patience)
    .toBe(true)
  // On a busy machine a second may be over, and it is there again for a moment: then it is 500.
  for (let count = 0; count < 5; count++) expect([503, 500]).toContain((await request(port, '/app')).status)
  // Not once a request.
  expect(log.filter(({ message }) => message.includes('started as process')).length).toBeLessThan(6)
  expect(log.some(({ message }) => message.endsWith('no good'))).toBe(true)
})

test('who waits at a program that ends without looking is told, and does not wait for the next one', async () => {
  const root = folder()
  const command = [script(root, `until [ -e ${root}/end ]; do sleep 0.02; done; exit 3`)]
  const path = join(root, 'p.sock')
  const site = siteOf({
    root,
    pools: [pool([member({ kind: 'unix', path }, { process: { ...plan, command } })])]
  })
  const told = { key: 'toldOfApplications', value: 2, reach: 'inherited' } as const
  const { port, log } = await served({
    ...site,
    root: { ...site.root, settings: [...site.root.settings, told] }
  })
  const answer = request(port, '/app')
  await expect.poll(() => log.some(({ message }) => message.includes('connected to')), patience).toBe(true)
  writeFileSync(join(root, 'end'), '')
  expect((await answer).status).toBe(responseRules.statuses.closed)
})

test('a program that ends while it is watched refuses the start', async () => {
  const root = folder()
  const command = [script(root, 'exit 3')]
  await expect(spawned(root, { command, watchedAtStart: 60_000 })).rejects.toMatchObject({
    diagnostics: [
      { code: 'serve/program-not-started', message: expect.stringContaining('status 3') as unknown }
    ]
  })
  expect(readdirSync(root).filter((name) => name.includes('sock'))).toEqual([])
})

test.each([
  ['user', 'serve/unknown-user'],
  ['group', 'serve/unknown-group']
])('a program of a %s that does not exist is told before anything is served', async (what, code) => {
  const root = folder()
  const start = spawned(root, { command: [echoProgram(root)], [what]: 'nobody-has-this-name' })
  await expect(start).rejects.toMatchObject({ diagnostics: [{ code }] })
})

test.each([
  ['missing', 'serve/program-missing', (root: string) => join(root, 'none')],
  ['a directory', 'serve/program-not-executable', (root: string) => root],
  [
    'of an unknown format',
    'serve/program-not-started',
    (root: string) => {
      const file = join(root, 'odd')
      writeFileSync(file, '#!/no/such/interpreter\n', { mode: 0o755 })
      return file
    }
  ]
])('a program that is %s is told before anything is served', async (_, code, file) => {
  const root = folder()
  await expect(spawned(root, { command: [file(root)] })).rejects.toMatchObject({ diagnostics: [{ code }] })
  expect(readdirSync(root).filter((name) => name.includes('sock'))).toEqual([])
})

test('a socket that cannot be made is told', async () => {
  const root = folder()
  const path = join(root, 'none', 'p.sock')
  const process: ProcessPlan = { ...plan, command: [echoProgram(root)] }
  const site = siteOf({ root, pools: [pool([member({ kind: 'unix', path }, { process })])] })
  await expect(served(site)).rejects.toMatchObject({ diagnostics: [{ code: 'serve/program-not-started' }] })
})

test('where somebody listens already nothing is started, and his socket stays', async () => {
  const root = folder()
  const path = join(root, 'p.sock-0')
  const other = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => other.listen(path, resolve))
  onTestFinished(() => void other.close())
  const { port, log, stop } = await spawned(root, { command: [echoProgram(root)] })
  expect((await request(port, '/app')).status).toBe(500)
  expect(log[0]?.message).toContain('already')
  await stop()
  expect(existsSync(path)).toBe(true)
})

test('a second start of the same site ends at its port, and the first goes on', async () => {
  const root = folder()
  const program = echoProgram(root)
  const process: ProcessPlan = { ...plan, command: [program], socketTaken: 'replaced' }
  const path = join(root, 'p.sock')
  const site = siteOf({ root, pools: [pool([member({ kind: 'unix', path }, { process })])] })
  const { port } = await served(site)
  const listeners = [{ id: 'main', address: { kind: 'tcp', host: '127.0.0.1', port }, tls: false }] as const
  await expect(served({ ...site, listeners })).rejects.toMatchObject({
    diagnostics: [{ code: 'serve/address-in-use' }]
  })
  expect((await request(port, '/app')).status).toBe(200)
})

test('a left-over socket file is replaced', async () => {
  const root = folder()
  const path = join(root, 'p.sock-0')
  const dead = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`
  await expect(promisify(execFile)(process.execPath, ['-e', dead])).rejects.toMatchObject({
    signal: 'SIGKILL'
  })
  expect(existsSync(path)).toBe(true)
  const { port } = await spawned(root, { command: [echoProgram(root)] })
  expect((await request(port, '/app')).status).toBe(200)
})
