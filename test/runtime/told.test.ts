import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { echoServer } from '../../src/runtime/index.js'
import type { Setting } from '../../src/model/index.js'
import { folder, member, pool, request, served, siteOf } from './served.js'

/** Listens on a free port of the loopback for one test. */
async function onPort(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

test.each([
  [0, 0],
  [1, 2],
  [2, 3]
])('of what applications are asked, level %i logs %i lines', async (level, lines) => {
  const root = folder()
  const port = await onPort(echoServer({ name: 'a' }))
  const site = siteOf({ root, pools: [pool([member({ kind: 'tcp', host: '127.0.0.1', port })])] })
  const told: Setting = { key: 'toldOfApplications', value: level, reach: 'inherited' }
  const { port: front, log } = await served({
    ...site,
    root: { ...site.root, settings: [...site.root.settings, told] }
  })
  await request(front, '/app')
  const about = log.filter(({ level: of, message }) => of === 'info' && message.includes(`127.0.0.1:${port}`))
  expect(about).toHaveLength(lines)
})

/** Reads what comes and says whether the other side has closed its half while the answer was still due. */
async function endSeen(passesOnEnd: boolean): Promise<boolean> {
  let ended = false
  let close = (): void => undefined
  const backend = createServer({ allowHalfOpen: true }, (socket) => {
    close = () => void socket.destroy()
    socket.on('end', () => {
      ended = true
      socket.destroy()
    })
    socket.resume()
  })
  const port = await onPort(backend)
  const target = member({ kind: 'tcp', host: '127.0.0.1', port }, passesOnEnd ? { passesOnEnd: true } : {})
  const { port: front } = await served(siteOf({ root: folder(), pools: [pool([target])] }))
  const client = connect({ host: '127.0.0.1', port: front, allowHalfOpen: true })
  const reached = once(backend, 'connection')
  client.end('GET /app HTTP/1.1\r\nHost: a\r\n\r\n')
  await reached
  // Either the application is told, which ends the answer, or nothing happens any more.
  const answered = once(client.resume(), 'end').then(() => true)
  const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), passesOnEnd ? 5000 : 100))
  await Promise.race([answered, waited])
  const seen = ended
  close()
  await answered
  client.destroy()
  return seen
}

test.each([[true], [false]])('that the client has closed its side is passed on: %s', async (passesOnEnd) => {
  expect(await endSeen(passesOnEnd)).toBe(passesOnEnd)
})
