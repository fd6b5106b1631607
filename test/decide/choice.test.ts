import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/decide/index.js'
import type { HostName, LocationMatch, Scope } from '../../src/model/index.js'
import { literal } from '../../src/model/index.js'
import { here, request, scope, setting, site, surroundings } from './sites.js'

/** A scope that tells its name in `serverAdmin`, so that tests see which was chosen. */
function named(name: string, given: Partial<Scope> = {}): Scope {
  return scope({ name, settings: [setting('serverAdmin', name)], ...given })
}

const pipeline = [
  { step: 'scopes', by: 'url' },
  { step: 'answer', status: 404, directory: 403 }
] as const

function chosen(root: Scope, target: string, host = 'localhost'): string | undefined {
  const router = compile(site({ root, pipeline }))
  const decision = router.decide(request(target, { headers: [['Host', host]] }), surroundings([]))
  return decision.settings.serverAdmin?.value
}

const locations = (children: readonly Scope[]): Scope =>
  named('server', { choose: { kind: 'location' }, children })

const prefix = (value: string, noRegex = false, children: readonly Scope[] = []): Scope =>
  named(`${noRegex ? '^~ ' : ''}${value}`, {
    location: { kind: 'prefix', value, noRegex },
    choose: { kind: 'location' },
    children
  })
const exact = (value: string): Scope => named(`= ${value}`, { location: { kind: 'exact', value } })
const regex = (source: string, children: readonly Scope[] = []): Scope =>
  named(`~ ${source}`, {
    location: { kind: 'regex', regex: { source, ignoreCase: false } },
    choose: { kind: 'location' },
    children
  })

describe('choosing a location', () => {
  const tree = locations([
    prefix('/'),
    prefix('/app'),
    exact('/app'),
    prefix('/static/', true, [regex('\\.css$')]),
    regex('\\.php$'),
    prefix('/nest/', false, [prefix('/nest/in/', true), regex('x\\.php$')]),
    regex('^/app')
  ])

  it.each([
    ['/', '/'],
    ['/app', '= /app'],
    ['/apple', '~ ^/app'],
    ['/a.php', '~ \\.php$'],
    ['/static/a.php', '^~ /static/'],
    ['/static/a.css', '~ \\.css$'],
    ['/nest/x.php', '~ x\\.php$'],
    ['/nest/y.php', '~ \\.php$'],
    ['/nest/in/y.php', '~ \\.php$'],
    ['/nest/in/y', '^~ /nest/in/']
  ])('%s is served by %s', (target, name) => {
    expect(chosen(tree, target)).toBe(name)
  })

  it('agrees with a plain reading of the rules, for any set of locations', () => {
    const path = fc
      .array(fc.constantFrom('/', 'a', 'b', '.c'), { maxLength: 5 })
      .map((parts) => `/${parts.join('')}`)
    const location: fc.Arbitrary<LocationMatch> = fc.oneof(
      path.map((value) => ({ kind: 'exact', value }) as const),
      fc.record({ kind: fc.constant('prefix' as const), value: path, noRegex: fc.boolean() }),
      fc.constantFrom('a$', '^/a', 'b', '\\.c$').map((source) => ({
        kind: 'regex' as const,
        regex: { source, ignoreCase: false }
      }))
    )
    fc.assert(
      fc.property(fc.array(location, { maxLength: 8 }), path, (matches, asked) => {
        const target = asked.replace(/\/+/g, '/')
        const children = matches.map((match, index) => named(String(index), { location: match }))
        expect(chosen(locations(children), target)).toBe(naive(matches, target))
      }),
      { numRuns: 300 }
    )
  })
})

function naive(matches: readonly LocationMatch[], path: string): string {
  const exactly = matches.findIndex((match) => match.kind === 'exact' && match.value === path)
  if (exactly >= 0) return String(exactly)
  let longest: LocationMatch | undefined
  for (const match of matches) {
    if (match.kind !== 'prefix' || !path.startsWith(match.value)) continue
    if (longest?.kind !== 'prefix' || match.value.length > longest.value.length) longest = match
  }
  if (longest?.kind !== 'prefix' || !longest.noRegex) {
    const first = matches.findIndex(
      (match) => match.kind === 'regex' && new RegExp(match.regex.source).test(path)
    )
    if (first >= 0) return String(first)
  }
  return longest === undefined ? 'server' : String(matches.indexOf(longest))
}

describe('choosing a host', () => {
  const hosts = (precedence: 'specific' | 'in-order', list: readonly (readonly HostName[])[]): Scope =>
    scope({
      choose: { kind: 'host', precedence },
      children: list.map((names, index) =>
        named(String(index), { host: { listeners: ['l'], names, isDefault: index === 1 } })
      )
    })
  const origin = here
  const names: readonly (readonly HostName[])[] = [
    [{ kind: 'regex', regex: { source: '^www\\.', ignoreCase: true }, origin }],
    [{ kind: 'trailing-wildcard', value: 'www.*', origin }],
    [{ kind: 'leading-wildcard', value: '*.example.com', bare: false, origin }],
    [{ kind: 'leading-wildcard', value: '*.a.example.com', bare: true, origin }],
    [{ kind: 'exact', value: 'www.example.com', origin }],
    [{ kind: 'glob', value: 'x?.*', origin }]
  ]

  it.each([
    ['www.example.com', '4'],
    ['WWW.Example.Com.', '4'],
    ['b.example.com:8080', '2'],
    ['b.a.example.com', '3'],
    ['a.example.com', '3'],
    ['www.other', '1'],
    ['xy.z', '5'],
    ['other', '1'],
    ['example.com', '1']
  ])('%s is served by %s, the most specific', (host, name) => {
    expect(chosen(hosts('specific', names), '/', host)).toBe(name)
  })

  it.each([
    ['www.example.com', '0'],
    ['b.a.example.com', '2'],
    ['other', '1']
  ])('%s is served by %s, the first that fits', (host, name) => {
    expect(chosen(hosts('in-order', names), '/', host)).toBe(name)
  })

  it('prefers names as written out, whatever the order', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(fc.uniqueArray(host, { minLength: 1, maxLength: 6 }), host, (list, asked) => {
        const tree = hosts('specific', [
          [{ kind: 'leading-wildcard', value: '*.b', bare: false, origin }],
          ...list.map((value) => [{ kind: 'exact', value, origin }] as const)
        ])
        const index = list.indexOf(asked)
        const other = asked.endsWith('.b') ? '0' : '1'
        expect(chosen(tree, '/', asked)).toBe(index >= 0 ? String(index + 1) : other)
      }),
      { numRuns: 200 }
    )
  })
})

describe('folding settings', () => {
  it('lets later scopes win, by rank first', () => {
    const root = scope({
      settings: [setting('serverName', literal('outer'))],
      children: [
        named('late', { rank: 2, settings: [setting('serverAdmin', 'late')] }),
        named('early', { rank: 1, settings: [setting('serverAdmin', 'early')] })
      ]
    })
    expect(chosen(root, '/')).toBe('late')
  })

  it('keeps a setting of reach own to its scope', () => {
    const root = scope({
      choose: { kind: 'location' },
      settings: [setting('serverAdmin', 'own', 'own')],
      children: [scope({ location: { kind: 'prefix', value: '/in', noRegex: false } })]
    })
    expect(chosen(root, '/in')).toBeUndefined()
    expect(chosen(root, '/out')).toBe('own')
  })

  it('takes the first of an else chain', () => {
    const when = (value: string): Scope['when'] => ({
      kind: 'test',
      subject: { of: 'path' },
      test: { kind: 'prefix', value, segments: false }
    })
    const root = scope({
      choose: { kind: 'first' },
      children: [named('a', { when: when('/a') }), named('ab', { when: when('/ab') }), named('else')]
    })
    expect([chosen(root, '/ab'), chosen(root, '/b')]).toEqual(['a', 'else'])
  })
})
