import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { readLighttpd } from '../../src/dialects/lighttpd/index.js'
import { serve, type Running } from '../../src/runtime/index.js'
import { emptyPlace, handOver, type Place } from './place.js'
import { ask, type Answer } from './requests.js'
import { startLighttpd, type Started } from './servers.js'

const fixture = fileURLToPath(new URL('../../fixtures/php', import.meta.url))

/** The fixture in a folder and on a port of its own. */
async function placeOfPhp(fix: string, broken: string): Promise<Place> {
  const place = await emptyPlace()
  cpSync(fixture, place.folder, { recursive: true })
  const values: Readonly<Record<string, string>> = {
    FOLDER: place.folder,
    PORT: String(place.port),
    FIX: fix,
    BROKEN: broken
  }
  const text = readFileSync(place.main, 'utf8')
  writeFileSync(
    place.main,
    text.replace(/@([A-Z]+)@/g, (_all, name: string) => values[name] ?? '')
  )
  handOver(place.folder)
  return place
}

async function startHere(place: Place): Promise<Running> {
  const io = readIo({ cwd: place.folder, env: {} })
  const { site, refused } = readLighttpd(place.main, io, { name: 'lighttpd' })
  expect(refused).toBe(false)
  return serve(site, { log: () => undefined, environment: process.env, directory: place.folder })
}

const targets = [
  '/info.php',
  '/info.php?x=1&y=a%20b',
  '/info.php/',
  '/info.php/a/b',
  '/info.php/a%20b/c.php?q',
  '/app/front.php/info.php',
  '/',
  '/dir/',
  '/dir/index.php/x',
  '//info.php/../info.php/a',
  '/missing.php',
  '/missing.php/a'
]

const shown = [
  'SCRIPT_NAME',
  'PATH_INFO',
  'PHP_SELF',
  'SCRIPT_FILENAME',
  'PATH_TRANSLATED',
  'REQUEST_URI',
  'QUERY_STRING',
  'DOCUMENT_ROOT',
  'ORIG_PATH_INFO',
  'ORIG_SCRIPT_NAME'
]

/** What a page says of itself; of a place only what is the same in any folder. */
function variables({ status, body }: Answer, { folder }: Place): Readonly<Record<string, string | number>> {
  const rows = [...body.matchAll(/<td class="e">\$_SERVER\['(\w+)'\]<\/td><td class="v">(.*?)<\/td>/gs)]
  const all = new Map(rows.map(([, name = '', value = '']) => [name, value.trim().replaceAll(folder, '')]))
  return {
    status,
    ...Object.fromEntries(shown.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? '']] : [])))
  }
}

async function askAll(place: Place): Promise<readonly Readonly<Record<string, string | number>>[]> {
  const answers: Readonly<Record<string, string | number>>[] = []
  for (const target of targets) {
    const answer = await ask({ about: target, host: 'localhost', target, status: 200 }, place.port)
    answers.push({ target, ...variables(answer, place) })
  }
  return answers
}

describe.each([
  ['1', 'disable'],
  ['1', 'enable'],
  ['0', 'disable'],
  ['0', 'enable']
])('PHP with cgi.fix_pathinfo=%s and broken-scriptfilename "%s"', (fix, broken) => {
  let real: readonly Readonly<Record<string, string | number>>[]
  let here: readonly Readonly<Record<string, string | number>>[]
  const places: Place[] = []

  beforeAll(async () => {
    const asked = async (start: (place: Place) => Promise<Started>): Promise<typeof real> => {
      const place = await placeOfPhp(fix, broken)
      places.push(place)
      const started = await start(place)
      try {
        return await askAll(place)
      } finally {
        await started.stop()
      }
    }
    real = await asked(startLighttpd)
    here = await asked(startHere)
  })

  afterAll(() => {
    for (const place of places) place.remove()
  })

  test('is told the same as by lighttpd', () => {
    expect(here).toEqual(real)
  })

  test('knows where it is and what follows', () => {
    const pageOf = (wanted: string): unknown => here.find(({ target }) => target === wanted)
    const info = { status: 200, SCRIPT_NAME: '/info.php', PHP_SELF: '/info.php' }
    // Without cgi.fix_pathinfo PHP takes names as they come: the broken one ends in a slash, and PATH_TRANSLATED is no file.
    const isBroken = fix === '0' && broken === 'enable'
    expect(pageOf('/info.php')).toMatchObject(isBroken ? { status: 404 } : info)
    expect(pageOf('/info.php/a/b')).toMatchObject(
      fix === '1' ? { ...info, PATH_INFO: '/a/b', PHP_SELF: '/info.php/a/b' } : { status: 404 }
    )
  })
})
