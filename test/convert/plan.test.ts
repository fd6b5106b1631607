import { describe, expect, test } from 'vitest'
import { plan } from '../../src/convert/index.js'
import { nameKey } from '../../src/convert/hosts.js'
import type { InForce, Plan, PlannedHost, PlannedRule, Site } from '../../src/model/index.js'
import { literalText, not } from '../../src/model/index.js'
import { directory, exact, host, index, listener, path, root, scope, site } from './sites.js'

const rootOf = (settings: InForce): string | undefined =>
  settings.root?.value.kind === 'root' ? literalText(settings.root.value.path) : undefined
const indexOf = (settings: InForce): string | undefined => {
  const [name] = settings.index?.value.names ?? []
  return name === undefined ? undefined : literalText(name)
}
const hosts = (planned: Plan): readonly string[] =>
  planned.hosts.map(
    ({ names, isDefault, settings }) =>
      `${names.map(nameKey).join(' ')}${isDefault ? ' (default)' : ''}: ${rootOf(settings) ?? '-'}`
  )
const rules = (of: PlannedHost | undefined): readonly string[] => (of?.rules ?? []).map(ruleText)
const ruleText = (rule: PlannedRule): string =>
  `${rule.name}: ${rootOf(rule.settings) ?? '-'} ${indexOf(rule.settings) ?? '-'}`

function planOf(tree: Site['root'], listeners?: Site['listeners']): Plan {
  return plan(site(tree, listeners))
}

describe('conditions on the host become virtual hosts', () => {
  test('each name is a host, all others are the default', () => {
    const planned = planOf(
      scope('all', {
        settings: [root('/www')],
        children: [
          scope('a', { when: host({ kind: 'equals', value: 'a.test' }), settings: [root('/a')] }),
          scope('b', { when: host({ kind: 'suffix', value: '.b.test' }), settings: [root('/b')] })
        ]
      })
    )
    expect(hosts(planned)).toEqual(['=a.test: /a', '*.b.test: /b', ' (default): /www'])
  })

  test('a name that fits several conditions gets all of them, later ones stronger', () => {
    const planned = planOf(
      scope('all', {
        children: [
          scope('below', {
            when: host({ kind: 'suffix', value: '.a.test' }),
            settings: [root('/below'), index('x')]
          }),
          scope('www', { when: host({ kind: 'equals', value: 'www.a.test' }), settings: [root('/www')] })
        ]
      })
    )
    expect(hosts(planned)).toEqual(['=www.a.test: /www', '*.a.test: /below', ' (default): -'])
    expect(planned.hosts.map(({ settings }) => indexOf(settings))).toEqual(['x', 'x', undefined])
  })

  test.each([
    ['^(www\\.)?a\\.test$', ['=www.a.test', '=a.test']],
    ['^(?:a|b)\\.test$', ['=a.test', '=b.test']],
    ['(^|\\.)a\\.test$', ['.a.test']],
    ['\\.a\\.test$', ['*.a.test']],
    ['^a\\d+\\.test$', ['~^a\\d+\\.test$']]
  ])('the pattern %s is the names %j', (source, names) => {
    const when = host({ kind: 'regex', regex: { source, ignoreCase: false } })
    const planned = planOf(scope('all', { children: [scope('x', { when, settings: [root('/x')] })] }))
    expect(planned.hosts[0]?.names.map(nameKey)).toEqual(names)
  })

  test('a negated name is the default, and the name has a host without it', () => {
    const when = not(host({ kind: 'equals', value: 'a.test' }))
    const planned = planOf(scope('all', { children: [scope('x', { when, settings: [root('/x')] })] }))
    expect(hosts(planned)).toEqual(['=a.test: -', ' (default): /x'])
  })

  test('else is what the names before it are not', () => {
    const chain = scope('chain', {
      choose: { kind: 'first' },
      children: [
        scope('a', { when: host({ kind: 'equals', value: 'a.test' }), settings: [root('/a')] }),
        scope('b', { when: host({ kind: 'equals', value: 'b.test' }), settings: [root('/b')] }),
        scope('else', { settings: [root('/else')] })
      ]
    })
    expect(hosts(planOf(scope('all', { children: [chain] })))).toEqual([
      '=a.test: /a',
      '=b.test: /b',
      ' (default): /else'
    ])
  })

  test('two patterns that may fit one name are said to be approximate', () => {
    const regex = (source: string): ReturnType<typeof host> =>
      host({ kind: 'regex', regex: { source, ignoreCase: false } })
    const planned = planOf(
      scope('all', {
        children: [
          scope('one', { when: regex('^a\\d'), settings: [root('/1')] }),
          scope('two', { when: regex('\\d\\.test'), settings: [root('/2')] })
        ]
      })
    )
    expect(planned.notes.map(({ verdict }) => verdict)).toEqual(['approx', 'approx'])
  })
})

describe('virtual hosts by listener and name', () => {
  const tree = scope('http', {
    choose: { kind: 'host', precedence: 'specific' },
    settings: [index('i')],
    children: [
      scope('one', {
        host: { listeners: ['main', 'tls'], names: [exact('one.test')], isDefault: false },
        settings: [root('/one')]
      }),
      scope('two', {
        host: { listeners: ['main'], names: [exact('two.test'), exact('2.test')], isDefault: true },
        settings: [root('/two')]
      })
    ]
  })

  test('names that lead to the same stand in one host; the default keeps its names', () => {
    const planned = planOf(tree, [listener('main', 80), listener('tls', 443, true)])
    expect(hosts(planned)).toEqual([
      '=one.test: /one',
      '=two.test =2.test (default): /two',
      '=one.test (default): /one'
    ])
    expect(planned.hosts.map(({ listeners }) => listeners.map(({ id }) => id))).toEqual([
      ['main'],
      ['main'],
      ['tls']
    ])
  })

  test('listeners with the same hosts stand together', () => {
    const planned = planOf(scope('all', { settings: [root('/x')] }), [listener('a', 80), listener('b', 81)])
    expect(planned.hosts.map(({ listeners }) => listeners.map(({ id }) => id))).toEqual([['a', 'b']])
  })

  test('a condition on the scheme is decided by the listener', () => {
    const when = {
      kind: 'test',
      subject: { of: 'scheme' },
      test: { kind: 'equals', value: 'https' }
    } as const
    const planned = planOf(scope('all', { children: [scope('s', { when, settings: [root('/s')] })] }), [
      listener('a', 80),
      listener('b', 443, true)
    ])
    expect(hosts(planned)).toEqual([' (default): -', ' (default): /s'])
  })
})

describe('other conditions become rules', () => {
  test('in their order, with what a later unconditional scope hides taken out', () => {
    const planned = planOf(
      scope('all', {
        children: [
          scope('/a', { when: path('/a'), settings: [root('/a'), index('a')] }),
          scope('later', { settings: [root('/later')] }),
          scope('/b', { when: path('/b'), settings: [root('/b')] })
        ]
      })
    )
    expect(hosts(planned)).toEqual([' (default): /later'])
    expect(rules(planned.hosts[0])).toEqual(['/a: - a', '/b: /b -'])
  })

  test('else branches carry the negation of those before', () => {
    const chain = scope('chain', {
      choose: { kind: 'first' },
      children: [
        scope('/a', { when: path('/a'), settings: [root('/a')] }),
        scope('else', { settings: [root('/else')] })
      ]
    })
    const planned = planOf(scope('all', { children: [chain] }))
    expect(planned.hosts[0]?.rules.map((rule) => rule.kind === 'condition' && rule.when)).toEqual([
      path('/a'),
      not(path('/a'))
    ])
  })

  test('a host inside a URL condition is decided inside it', () => {
    const planned = planOf(
      scope('all', {
        children: [
          scope('/a', {
            when: path('/a'),
            children: [
              scope('a', { when: host({ kind: 'equals', value: 'a.test' }), settings: [root('/in')] })
            ]
          })
        ]
      })
    )
    expect(planned.hosts.map(rules)).toEqual([['/a: /in -'], []])
  })

  test('lower ranks are folded first, whatever the order of the text', () => {
    const planned = planOf(
      scope('all', {
        children: [
          scope('location', { rank: 3, settings: [root('/location')] }),
          scope('directory', { rank: 1, settings: [root('/directory')] })
        ]
      })
    )
    expect(hosts(planned)).toEqual([' (default): /location'])
  })
})

describe('conditions on directories become conditions on URLs', () => {
  const alias = {
    key: 'aliases',
    reach: 'inherited',
    value: [
      {
        match: { kind: 'prefix', value: '/app', segments: true },
        to: [{ kind: 'text', text: '/srv/app' }],
        documentRoot: 'kept',
        origin: { file: 'source.conf', start: 0, end: 5 }
      }
    ]
  } as const

  test.each([
    ['/www', 'covers the host', [' (default): /www'], []],
    ['/www/in', 'is a prefix', [' (default): /www'], ['/in']],
    ['/srv/app', 'is the alias', [' (default): /www'], ['/app']],
    ['/srv/app/x/', 'is below the alias', [' (default): /www'], ['/app/x']],
    ['/elsewhere', 'is nowhere', [' (default): /www'], []]
  ])('%s %s', (name, _about, expected, prefixes) => {
    const settings = name === '/www' ? [root('/www')] : [root('/www'), alias]
    const planned = planOf(
      scope('all', {
        settings,
        children: [scope(name, { when: directory(name), settings: [index('i')], rank: 1 })]
      })
    )
    expect(hosts(planned)).toEqual(expected)
    expect(indexOf(planned.hosts[0]?.settings ?? {})).toBe(name === '/www' ? 'i' : undefined)
    const found = planned.hosts[0]?.rules.flatMap((rule) =>
      rule.kind === 'condition' && rule.when.kind === 'test' && rule.when.test.kind === 'prefix'
        ? [rule.when.test.value]
        : []
    )
    expect(found).toEqual(prefixes)
  })
})

test('locations keep their matches and stand inside each other', () => {
  const inner = scope('~ x', { location: { kind: 'regex', regex: { source: 'x', ignoreCase: false } } })
  const outer = scope('/a', {
    location: { kind: 'prefix', value: '/a', noRegex: false },
    choose: { kind: 'location' },
    settings: [root('/a')],
    children: [inner]
  })
  const planned = planOf(scope('server', { choose: { kind: 'location' }, children: [outer] }))
  expect(planned.hosts[0]?.rules).toMatchObject([
    { kind: 'location', match: { value: '/a' }, rules: [{ kind: 'location', match: { kind: 'regex' } }] }
  ])
})
