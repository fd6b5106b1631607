import { expect, test } from 'vitest'
import { parseSite } from '../../src/model/schema/parse-site.js'
import { site } from '../sites.js'

function problem(text: string): string {
  const parsed = parseSite('site.json', text)
  return parsed.kind === 'failed' ? `${parsed.diagnostic.code}: ${parsed.diagnostic.message}` : 'none'
}

test('a Site comes back as it was', () => {
  const parsed = parseSite('site.json', JSON.stringify(site))
  expect(parsed).toEqual({ kind: 'site', site })
})

test.each([
  ['text that is no JSON', '{ "schema": 1,', /^input\/not-json: .*none/],
  ['an empty object', '{}', /required property 'schema'/],
  ['another version', JSON.stringify({ ...site, schema: 2 }), /`\/schema` it must be equal to constant 1/],
  ['a further field', JSON.stringify({ ...site, more: 1 }), /additional properties: `more`/],
  [
    'a setting of no known kind',
    JSON.stringify({ ...site, root: { ...site.root, settings: [{ key: 'rot', value: 1, reach: 'own' }] } }),
    /`\/root\/settings\/0` it .*"key"/
  ],
  ['nesting without end', `{"root":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /required property|deep/]
])('%s is refused with the place and the reason', (_name, text, message) => {
  expect(problem(text)).toMatch(message)
})

test('scopes nested without end are refused, not overflowed', () => {
  const scope = JSON.stringify(site.root).replace('"children":[]', '"children":[X]')
  const [head = '', tail = ''] = scope.split('X')
  const depth = 20_000
  const root = `${head.repeat(depth)}${JSON.stringify(site.root)}${tail.repeat(depth)}`
  const text = JSON.stringify({ ...site, root: 0 }).replace('"root":0', `"root":${root}`)
  expect(problem(text)).toMatch(/deep|none/)
})

test('a binding to a pool that is not there is refused', () => {
  const origin = { file: 'a', start: 0, end: 1 }
  const binding = {
    match: { kind: 'any' },
    when: { kind: 'always' },
    at: ['url'],
    origin,
    target: {
      kind: 'fastcgi',
      role: 'responder',
      pool: { kind: 'pool', id: 'nowhere' },
      script: {
        split: { kind: 'whole' },
        root: { kind: 'filename' },
        keepPathInfo: false,
        documentRootFollows: false
      },
      mustExist: false
    }
  }
  const settings = [{ key: 'bindings', value: [binding], reach: 'inherited' }]
  expect(problem(JSON.stringify({ ...site, root: { ...site.root, settings } }))).toMatch(/pool `nowhere`/)
})
