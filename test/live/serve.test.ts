import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve, type Running } from '../../src/runtime/index.js'
import { copyOfExample, type Place } from './place.js'
import { askAll, exampleRequests, type Answer } from './requests.js'
import { startLighttpd } from './servers.js'
import { readExample } from './site.js'

let place: Place
let original: readonly Answer[]
let served: readonly Answer[]

beforeAll(async () => {
  place = await copyOfExample()
  const lighttpd = await startLighttpd(place)
  try {
    original = await askAll(place.port)
  } finally {
    await lighttpd.stop()
  }
  const { site } = readExample(place)
  const running: Running = await serve(site, {
    directory: place.folder,
    environment: { PATH: '/usr/bin:/bin' },
    log: () => undefined
  })
  try {
    served = await askAll(place.port)
  } finally {
    await running.stop()
  }
})

afterAll(() => {
  place.remove()
})

test.each(exampleRequests.map((asked, index) => [asked.about, index] as const))(
  'php-cgi started by the configuration answers as behind lighttpd: %s',
  (_about, index) => {
    const before = original[index]
    const after = served[index]
    expect(after?.status).toBe(before?.status)
    // Error pages of the server's own may look otherwise.
    if (before?.body.startsWith('<?xml') !== true) expect(after).toEqual(before)
  }
)
