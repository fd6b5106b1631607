import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Site } from '../../src/model/index.js'
import { echoServer, serve, StartError } from '../../src/runtime/index.js'
import type { LogEntry, Running, ServeOptions } from '../../src/runtime/index.js'
import { exchange, folder, member, origin, plan, pool, request, siteOf } from './served.js'
import type { Reply } from './served.js'

const echo: ServeOptions = { backends: 'echo', log: () => undefined }

/** A site all of whose `/app` is answered by an application of this name. */
function named(name: string, path = `/nowhere/${name}`): Site {
  return siteOf({ pools: [pool([member({ kind: 'unix', path }, { label: name })])] })
}

async function serving(site: Site, options: ServeOptions = echo): Promise<Running> {
  const running = await serve(site, options)
  onTestFinished(() => running.stop(0))
  return running
}

function portOf({ listeners: [first] }: Running): number {
  return first?.address.kind === 'tcp' ? first.address.port : 0
}

function nameIn({ body }: Reply): unknown {
  return (JSON.parse(body) as { name: unknown }).name
}

/** An application that answers only when it may; `asked` resolves when somebody waits for it. */
async function patient(name: string): Promise<{ site: Site; asked: Promise<void>; go: () => void }> {
  const root = folder()
  const behind = join(root, 'behind.sock')
  const front = join(root, 'front.sock')
  let go: () => void = () => undefined
  const allowed = new Promise<void>((resolve) => (go = resolve))
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  const gate = createServer((socket) => {
    isAsked()
    void allowed.then(() => socket.pipe(connect(behind)).pipe(socket))
  })
  const servers = [[echoServer({ name }), behind] as const, [gate, front] as const]
  for (const [server, path] of servers) {
    await new Promise<void>((resolve) => server.listen(path, resolve))
    onTestFinished(() => void server.close())
  }
  return { site: named(name, front), asked, go }
}

const real: ServeOptions = { log: () => undefined }

test('a reload answers what is under way by the old configuration and what comes by the new one', async () => {
  const { site, asked, go } = await patient('old')
  const running = await serving(site, real)
  const port = portOf(running)
  const slow = request(port, '/app')
  await asked
  await running.reload(named('new'), echo)
  expect(portOf(running)).toBe(port)
  expect(nameIn(await request(port, '/app'))).toBe('new')
  go()
  expect(nameIn(await slow)).toBe('old')
})

test('a kept connection goes on under the new configuration', async () => {
  const running = await serving(named('old'))
  const port = portOf(running)
  const raw = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let text = ''
    socket.once('data', () => {
      void running.reload(named('new'), echo).then(() => {
        socket.write('GET /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      })
    })
    socket.on('data', (piece: string) => (text += piece))
    socket.on('close', () => resolve(text))
    socket.write('GET /app HTTP/1.1\r\nHost: a\r\n\r\n')
  })
  expect([...raw.matchAll(/"name": ?"(\w+)"/g)].map(([, name]) => name)).toEqual(['old', 'new'])
})

test('listeners come and go with the configuration, the others stay open', async () => {
  const [a, b, c] = [folder(), folder(), folder()].map((root) => join(root, 'http.sock'))
  const on = (...paths: readonly (string | undefined)[]): Site => ({
    ...named('x'),
    listeners: paths.map((path = '') => ({ id: path, address: { kind: 'unix', path }, tls: false }))
  })
  const isOpen = (path = ''): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(path)
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  const running = await serving(on(a, b))
  await running.reload(on(b, c), echo)
  expect(running.listeners.map(({ id }) => id)).toEqual([b, c])
  expect(await Promise.all([a, b, c].map(isOpen))).toEqual([false, true, true])
})

test('a configuration that cannot be served changes nothing', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const running = await serving(named('old'))
  const fresh = { id: 'other', address: { kind: 'tcp', host: '127.0.0.1', port }, tls: false } as const
  const next = named('new')
  const refused = running.reload({ ...next, listeners: [...next.listeners, fresh] }, echo)
  await expect(refused).rejects.toThrow(StartError)
  expect(running.listeners).toHaveLength(1)
  expect(nameIn(await request(portOf(running), '/app'))).toBe('old')
})

test('a stop without grace cuts off what is under way, also after one that waits', async () => {
  const { site, asked } = await patient('old')
  const running = await serving(site, real)
  const cut = exchange(portOf(running), 'GET /app HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => '')
  await asked
  const waiting = running.stop(Infinity)
  await running.stop(0)
  await waiting
  expect(await cut).toBe('')
})

test('a stop with all the time there is answers what is under way', async () => {
  const { site, asked, go } = await patient('old')
  const running = await serving(site, real)
  const slow = request(portOf(running), '/app')
  await asked
  const stopped = running.stop(Infinity)
  go()
  expect(nameIn(await slow)).toBe('old')
  await stopped
})

test('programs that both configurations start alike go on; another one on the same socket is refused', async () => {
  const root = folder()
  const started: string[] = []
  const log = ({ message }: LogEntry): void => {
    if (message.includes('started as process')) started.push(message)
  }
  const sleeping = (seconds: string, at = 0): Site => {
    const program = { ...plan, command: ['/bin/sleep', seconds] }
    const address = { kind: 'unix', path: join(root, 'app.sock') } as const
    return siteOf({
      pools: [pool([member(address, { process: program, origin: { ...origin, start: at } })])]
    })
  }
  const running = await serving(sleeping('60'), { log })
  await running.reload(sleeping('60', 7), { log })
  expect(started).toHaveLength(1)
  await expect(running.reload(sleeping('61'), { log })).rejects.toThrow('on the same socket')
  expect(started).toHaveLength(1)
  await running.reload(named('new'), echo)
  await running.reload(sleeping('61'), { log })
  expect(started).toHaveLength(2)
})
