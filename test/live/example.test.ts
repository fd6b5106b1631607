import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeBytes } from '../../src/diagnostics/index.js'
import type { Conversion } from '../../src/convert/index.js'
import { copyOfExample, type Place } from './place.js'
import { askAll, exampleRequests, type Answer } from './requests.js'
import { apacheOf, nginxOf, spawnByHand, startLighttpd, type Started } from './servers.js'
import { commandsIn, convertExample } from './site.js'

let place: Place
let original: readonly Answer[]

beforeAll(async () => {
  place = await copyOfExample()
  const lighttpd = await startLighttpd(place)
  try {
    original = await askAll(place.port)
  } finally {
    await lighttpd.stop()
  }
})

afterAll(() => {
  place.remove()
})

test('the example answers on lighttpd itself as its list of requests says', () => {
  expect(original.map(({ status }) => status)).toEqual(exampleRequests.map(({ status }) => status))
})

/** What a translation answers otherwise, and the word for it; its ledger must name that. */
interface Target {
  readonly serverOf: typeof nginxOf
  readonly differs: Readonly<Record<string, string>>
}

const targets: Readonly<Record<'nginx' | 'apache-fcgid' | 'apache-proxy-fcgi', Target>> = {
  nginx: {
    serverOf: nginxOf,
    differs: { "the members' area without the key": 'body' }
  },
  'apache-fcgid': {
    serverOf: apacheOf,
    differs: { "the members' area without the key": 'status' }
  },
  'apache-proxy-fcgi': {
    serverOf: apacheOf,
    differs: { "the members' area without the key": 'content-type' }
  }
}

/** Targets whose server is not installed here; `npm test` says so at its end. */
const leftOut = (process.env['FCGI_CONF_LIVE_WITHOUT'] ?? '').split(',')
const installed = Object.entries(targets).filter(([name]) => !leftOut.includes(name))

describe.each(installed)('its translation for %s', (name, { serverOf, differs }) => {
  let conversion: Conversion
  let answers: readonly Answer[] = []
  let accepted: { readonly ok: boolean; readonly said: string }

  beforeAll(async () => {
    conversion = await convertExample(place, name as keyof typeof targets)
    const text = conversion.files[0]?.text ?? ''
    const server = serverOf(place, decodeBytes(Buffer.from(text)))
    accepted = server.check()
    if (!accepted.ok) return
    const started: Started[] = []
    try {
      for (const command of commandsIn(conversion)) started.push(spawnByHand(command, place))
      started.push(await server.start())
      answers = await askAll(place.port)
    } finally {
      for (const each of started.reverse()) await each.stop()
    }
  })

  test('is accepted by the real server', () => {
    expect(accepted.ok, accepted.said).toBe(true)
  })

  test('answers as lighttpd does, but for what its ledger names', () => {
    const differences = exampleRequests.flatMap((asked, index) => {
      const what = difference(original[index], answers[index])
      return what === undefined ? [] : [[asked.about, what]]
    })
    expect(Object.fromEntries(differences)).toEqual(differs)
    const affected = [...conversion.ledger, ...conversion.unasked].flatMap(({ affects }) => affects)
    expect(affected).toEqual(expect.arrayContaining([...new Set(Object.values(differs))]))
  })
})

/** What differs, by the word the ledger has for it. Error pages of the server's own may look otherwise. */
function difference(before: Answer | undefined, after: Answer | undefined): string | undefined {
  if (before?.status !== after?.status) return 'status'
  if (before?.body.startsWith('<?xml') === true) return undefined
  if (before?.body !== after?.body) return 'body'
  return before?.mediaType === after?.mediaType ? undefined : 'content-type'
}
