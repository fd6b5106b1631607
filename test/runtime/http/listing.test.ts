import {
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Listing } from '../../../src/model/index.js'
import { listingAnswer } from '../../../src/runtime/http/listing.js'

const fixture = fileURLToPath(new URL('../../../fixtures/listings', import.meta.url))

const described = JSON.parse(readFileSync(join(fixture, 'folder.json'), 'utf8')) as {
  readonly modified: number
  readonly files: Readonly<Record<string, number>>
  readonly folders: readonly string[]
  readonly links: Readonly<Record<string, string>>
}

const place = mkdtempSync(join(tmpdir(), 'listing-'))
const folder = join(place, 'd')

beforeAll(() => {
  const { files, folders, links, modified } = described
  mkdirSync(folder)
  for (const [name, size] of Object.entries(files)) {
    writeFileSync(join(folder, name), '')
    truncateSync(join(folder, name), size)
  }
  for (const name of folders) mkdirSync(join(folder, name))
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name))
  for (const name of [...Object.keys(files), ...folders, ...Object.keys(links)])
    lutimesSync(join(folder, name), modified, modified)
})

afterAll(() => {
  rmSync(place, { recursive: true })
})

const page: Listing = { form: 'html', sizes: 'exact', times: 'utc' }

describe('what lies in a folder', () => {
  test.each([
    ['bytes.html', '/d/', page, '', 'text/html'],
    ['utf-8.html', '/utf-8/', page, 'UTF-8', 'text/html'],
    ['rounded.html', '/rounded/', { ...page, sizes: 'rounded' }, '', 'text/html'],
    ['list.xml', '/xml/', { ...page, form: 'xml' }, '', 'text/xml; charset=utf-8'],
    ['list.json', '/json/', { ...page, form: 'json' }, '', 'application/json'],
    ['list.jsonp', '/jsonp/', { ...page, form: 'jsonp' }, '', 'application/javascript']
  ] as const)('is shown as nginx shows it: %s', async (file, title, form, charset, type) => {
    const found = await listingAnswer({ kind: 'listing', folder, title, form, callback: 'f' }, charset)
    if ('failed' in found || found.body.kind !== 'stream') throw new Error('it is not shown')
    expect(found.headers).toEqual([['Content-Type', type]])
    const text = await buffer(found.body.stream)
    expect(text.toString('latin1')).toBe(readFileSync(join(fixture, file), 'latin1'))
  })

  test.each([
    ['missing', 'none'],
    ['a file', 'd/a.txt']
  ])('is not found where the folder is %s', async (_what, name) => {
    const asked = { kind: 'listing', folder: join(place, name), title: '/', form: page } as const
    expect(await listingAnswer(asked, '')).toEqual({ failed: 404 })
  })
})
