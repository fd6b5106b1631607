import { describe, expect, it } from 'vitest'
import { compile, type Decision, type History, type Param } from '../../src/decide/index.js'
import type { Setting, Site, Step } from '../../src/model/index.js'
import { literal, variable } from '../../src/model/index.js'
import {
  binding,
  here,
  params,
  pool,
  request,
  root,
  scope,
  setting,
  site,
  surroundings,
  toPool,
  wholeScript
} from './sites.js'

const files = [
  '/www/index.php',
  '/www/a.php',
  '/www/dir/index.php',
  '/www/plain.txt',
  '/www/empty/',
  '/docs/x.txt'
]

function decided(given: Site, target: string, method = 'GET', history?: History): Decision {
  return compile(given).decide(request(target, { method }), surroundings(files), history, { trace: true })
}

function values(list: readonly Param[]): Readonly<Record<string, string>> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]))
}

/** What is sent, in short: `fastcgi NAME SCRIPT_NAME|PATH_INFO`, `file PATH`, `301 LOCATION`, `404`. */
function brief(decision: Decision): string {
  const { outcome } = decision
  switch (outcome.kind) {
    case 'fastcgi': {
      const sent = values(outcome.params)
      return `${outcome.role} ${outcome.pool.id} ${sent['SCRIPT_NAME'] ?? ''}|${sent['PATH_INFO'] ?? ''}`
    }
    case 'file':
      return `file ${outcome.path}`
    case 'redirect':
      return `${String(outcome.status)} ${outcome.location}`
    case 'status':
      return String(outcome.status)
    case 'password':
    case 'count':
    case 'counters':
    case 'listing':
    case 'http':
    case 'close':
      return outcome.kind
    case 'unsupported':
      return `unsupported ${outcome.what}`
  }
}

const twoStages: readonly Step[] = [
  { step: 'scopes', by: 'url' },
  { step: 'bind', at: 'url' },
  { step: 'map' },
  { step: 'locate', missing: 'not-found', directorySlash: 'redirect' },
  { step: 'index' },
  { step: 'bind', at: 'file' },
  { step: 'static', methods: ['GET', 'HEAD'], otherwise: 501, pathInfo: 'sent' },
  { step: 'answer', status: 404, directory: 403 }
]

describe('binding by URL and by file', () => {
  const settings: readonly Setting[] = [
    root('/www'),
    setting('params', params),
    setting('index', { names: [literal('index.php')], how: 'append' }),
    setting('bindings', [
      binding({
        match: { kind: 'prefix', value: '/app', segments: false },
        at: ['url', 'file'],
        target: toPool('app', { script: { ...wholeScript, split: { kind: 'after-prefix' } } })
      }),
      binding({
        match: { kind: 'suffix', value: '.php' },
        at: ['url', 'file'],
        target: toPool('php', { mustExist: true, script: { ...wholeScript, root: { kind: 'filename' } } })
      })
    ])
  ]
  const two = site({ root: scope({ settings }), pipeline: twoStages, pools: [pool('app'), pool('php')] })

  it.each([
    ['/app/x/y', 'responder app /app|/x/y'],
    ['/application/z', 'responder app /application|/z'],
    ['/app', 'responder app /app|'],
    ['/a.php', 'responder php /a.php|'],
    ['/a.php/b/c', 'responder php /a.php|/b/c'],
    ['/', 'responder php /index.php|'],
    ['/dir', '301 /dir/'],
    ['/dir?q=1', '301 /dir/?q=1'],
    ['/dir/', 'responder php /dir/index.php|'],
    ['/empty/', '403'],
    ['/none.php', '404'],
    ['/plain.txt', 'file /www/plain.txt'],
    ['/plain.txt/more', 'file /www/plain.txt']
  ])('%s: %s', (target, expected) => {
    expect(brief(decided(two, target))).toBe(expected)
  })

  it('refuses other methods for files', () => {
    expect(brief(decided(two, '/plain.txt', 'PUT'))).toBe('501')
  })

  it.each([
    ['a page that fails has a status of its own', undefined, '404'],
    ['unless the first one is kept', true, '501']
  ])('%s', (_name, keepsOnError, expected) => {
    const page = {
      statuses: [501],
      to: { kind: 'uri', uri: literal('/none.php') },
      status: { kind: 'of-answer' },
      ...(keepsOnError && { keepsOnError }),
      origin: here
    } as const
    const withPage = { ...two.root, settings: [...two.root.settings, setting('errorPages', [page])] }
    expect(brief(decided({ ...two, root: withPage }, '/plain.txt', 'PUT'))).toBe(expected)
  })

  it('chooses a member by the path as it stands: path info is cut off once the file is found', () => {
    const paths: (string | undefined)[] = []
    const { files: view } = surroundings(files)
    compile(two).decide(request('/a.php/b'), {
      files: view,
      pick: ({ members }, asked) => {
        paths.push(asked?.path)
        return members[0]
      }
    })
    expect(paths).toEqual(['/a.php'])
  })

  it('says in words what was done', () => {
    const { trace } = decided(two, '/a.php/b')
    expect(trace.map(({ text }) => text)).toEqual([
      'the path is mapped to /www/a.php/b',
      '/www/a.php is a file, the path info /b',
      'php is asked (file)'
    ])
  })
})

describe('an authorizer in front', () => {
  const settings: readonly Setting[] = [
    root('/www'),
    setting('params', { entries: [...params.entries, { kind: 'environment', names: 'upper-underscore' }] }),
    setting('bindings', [
      binding({ match: { kind: 'any' }, at: ['url'], target: toPool('app') }),
      binding({
        match: { kind: 'any' },
        at: ['url'],
        target: toPool('gate', { role: 'authorizer' }),
        origin: { file: 'test.conf', start: 5, end: 9 }
      })
    ])
  ]
  const guarded = site({ root: scope({ settings }), pipeline: twoStages, pools: [pool('app'), pool('gate')] })

  it('is asked first, and its answer goes on to whoever answers', () => {
    const first = decided(guarded, '/x')
    expect(brief(first)).toBe('authorizer gate /x|')
    if (first.outcome.kind !== 'fastcgi') throw new Error('nobody is asked')
    const { at, origin } = first.outcome
    const second = decided(guarded, '/x', 'GET', {
      authorized: [{ origin, allowed: true, variables: [['user-id', '42']], ...(at && { at }) }],
      redirects: []
    })
    expect(brief(second)).toBe('responder app /x|')
    expect(second.outcome.kind === 'fastcgi' ? values(second.outcome.params)['USER_ID'] : '').toBe('42')
  })
})

describe('trying files', () => {
  const pipeline: readonly Step[] = [
    { step: 'scopes', by: 'host' },
    { step: 'rewrite' },
    { step: 'scopes', by: 'url' },
    { step: 'internal-only' },
    { step: 'slash-location' },
    { step: 'rewrite' },
    { step: 'try-files' },
    { step: 'bind', at: 'content' },
    { step: 'index' },
    { step: 'slash-directory', location: 'absolute' },
    { step: 'static', methods: ['GET', 'HEAD'], otherwise: 405, pathInfo: 'not-found' },
    { step: 'answer', status: 404, directory: 403 }
  ]
  const php = scope({
    name: 'php',
    location: { kind: 'regex', regex: { source: '\\.php$', ignoreCase: false } },
    settings: [setting('bindings', [binding({ target: toPool('php') })], 'own')]
  })
  const front = site({
    pipeline,
    pools: [pool('php')],
    root: scope({
      choose: { kind: 'location' },
      settings: [
        root('/www'),
        setting('params', params),
        setting('index', { names: [literal('index.php')], how: 'redirect' })
      ],
      children: [
        scope({
          location: { kind: 'prefix', value: '/', noRegex: false },
          settings: [
            setting(
              'tryFiles',
              {
                candidates: [
                  { path: variable('path'), what: 'file' },
                  { path: variable('path'), what: 'directory' }
                ],
                last: { kind: 'uri', to: [...literal('/index.php?q='), ...variable('path')] }
              },
              'own'
            )
          ]
        }),
        scope({
          location: { kind: 'prefix', value: '/loop', noRegex: true },
          settings: [
            setting('tryFiles', { candidates: [], last: { kind: 'uri', to: literal('/loop/again') } }, 'own')
          ]
        }),
        scope({
          location: { kind: 'prefix', value: '/svc/', noRegex: false },
          settings: [setting('bindings', [binding({ target: toPool('php') })], 'own')]
        }),
        scope({
          location: { kind: 'prefix', value: '/set/', noRegex: false },
          settings: [
            setting(
              'instructions',
              [
                { kind: 'set', name: 'x', value: variable('path'), origin: { file: 'c', start: 0, end: 1 } },
                {
                  kind: 'if',
                  when: {
                    kind: 'test',
                    subject: { of: 'text', template: [{ kind: 'user', name: 'x' }] },
                    test: { kind: 'suffix', value: 'go' }
                  },
                  then: [
                    {
                      kind: 'answer',
                      target: {
                        kind: 'redirect',
                        status: 302,
                        to: [...literal('/to'), { kind: 'user', name: 'x' }]
                      },
                      origin: { file: 'c', start: 0, end: 1 }
                    }
                  ],
                  origin: { file: 'c', start: 0, end: 1 }
                }
              ],
              'own'
            )
          ]
        }),
        scope({
          location: { kind: 'prefix', value: '/hidden/', noRegex: false },
          settings: [setting('internalOnly', true)]
        }),
        php
      ]
    })
  })

  it.each([
    ['/plain.txt', 'file /www/plain.txt'],
    ['/nothing', 'responder php /index.php|'],
    ['/', 'responder php /index.php|'],
    ['/dir', '301 http://localhost/dir/'],
    ['/dir/', 'responder php /dir/index.php|'],
    ['/empty/', '403'],
    ['/loop', '500'],
    ['/svc', '301 http://localhost/svc/'],
    ['/svc/x', 'responder php /svc/x|'],
    ['/set/go', '302 http://localhost/to/set/go'],
    ['/set/no', '404'],
    ['/hidden/x', '404'],
    ['/none.php', 'responder php /none.php|']
  ])('%s: %s', (target, expected) => {
    expect(brief(decided(front, target))).toBe(expected)
  })

  it('takes the arguments from the last name', () => {
    const { outcome } = decided(front, '/nothing?a=b')
    expect(outcome.kind === 'fastcgi' ? values(outcome.params)['QUERY_STRING'] : '').toBe('q=/nothing')
  })
})

describe('what cannot be decided', () => {
  it('is a variable that nothing sets; where what sets it is not reached, it is empty', () => {
    const answers = (name: string): Site =>
      site({
        pipeline: [{ step: 'scopes', by: 'host' }, { step: 'rewrite' }],
        root: scope({
          settings: [
            setting('instructions', [
              {
                kind: 'if',
                when: { kind: 'never' },
                then: [{ kind: 'set', name: 'known', value: literal('x'), origin: here }],
                origin: here
              },
              {
                kind: 'answer',
                target: { kind: 'redirect', status: 302, to: [...literal('/'), { kind: 'user', name }] },
                origin: here
              }
            ])
          ]
        })
      })
    expect(brief(decided(answers('known'), '/x'))).toBe('302 /')
    expect(brief(decided(answers('other'), '/x'))).toBe('unsupported the variable `$other`')
  })

  it('is named, never guessed', () => {
    const odd = site({
      pipeline: twoStages,
      root: scope({
        settings: [
          setting('bindings', [
            binding({
              match: { kind: 'regex', regex: { source: '(?R)', ignoreCase: false } },
              at: ['url'],
              target: toPool('app')
            })
          ])
        ]
      })
    })
    expect(brief(decided(odd, '/x'))).toMatch(/^unsupported the regular expression/)
  })
})
