import { describe, expect, test } from 'vitest'
import { printItems, block, directive } from '../../../src/dialects/nginx/write/document.js'
import { write } from '../../../src/dialects/nginx/write/index.js'
import { writeCases } from '../cases.js'
import {
  atFile,
  binding,
  host,
  member,
  plan,
  pool,
  recordingLedger,
  setting,
  target,
  usualParams
} from '../plans.js'

const fileName = (name: string): string => name.replaceAll(/[^a-z0-9]+/gi, '-')
const options = { target: 'nginx', fragment: false } as const

describe('the configuration of each plan', () => {
  test.each(Object.entries(writeCases))('%s', async (name, plan) => {
    const written = write(plan, options, recordingLedger())
    expect(write(plan, options, recordingLedger())).toEqual(written)
    await expect(written[0]?.text ?? '').toMatchFileSnapshot(
      `../../../fixtures/write/nginx/${fileName(name)}.conf`
    )
  })
})

test('a fragment is what belongs inside http', () => {
  const [first] = Object.values(writeCases)
  if (first === undefined) throw new Error('there are no cases')
  const [file] = write(first, { ...options, fragment: true }, recordingLedger())
  expect(file?.text).not.toMatch(/^(?:events|http) \{/m)
  expect(file?.text).toMatch(/^server \{/m)
})

test('processes that nginx cannot start are left to someone, with the command and the socket', () => {
  const written = writeCases['an application at a prefix, its processes started by the server']
  if (written === undefined) throw new Error('the case is gone')
  const ledger = recordingLedger()
  write(written, options, ledger)
  const manual = ledger.marks.find(({ verdict }) => verdict === 'manual')
  expect(manual?.note?.message).toContain('unix:/run/app.sock')
  expect(manual?.note?.advice).toContain('spawn-fcgi -s /run/app.sock -F 2 -- /usr/bin/php-cgi')
  expect(manual?.note?.affects).toContain('process-model')
})

test('what a pattern cannot ask is lost, never left out in silence', () => {
  const written = writeCases['conditions on the URL and on other things, later ones stronger']
  if (written === undefined) throw new Error('the case is gone')
  const ledger = recordingLedger()
  write(written, options, ledger)
  const lost = ledger.marks.filter(({ verdict }) => verdict === 'lost').map(({ at }) => at)
  expect([...new Set(lost)]).toEqual([52, 53, 55, 54])
})

test('directives of one name stand in columns, blocks apart', () => {
  const text = printItems([
    directive('fastcgi_param', 'A', '1'),
    directive('fastcgi_param', 'LONGER', '2'),
    block(['location', '/'], [directive('root', '/srv')], ['# why']),
    block(['events'], [])
  ])
  expect(text).toBe(
    [
      'fastcgi_param A      1;',
      'fastcgi_param LONGER 2;',
      '',
      '# why',
      'location / {',
      '    root /srv;',
      '}',
      '',
      'events {}',
      ''
    ].join('\n')
  )
})

test('an authorizer of URLs that end in some way guards the location of such scripts', () => {
  const [text] = write(
    plan(
      [pool('php', [member('/run/php.sock')]), pool('gate', [member('/run/gate.sock')])],
      [
        host({
          bindings: setting('bindings', [
            binding({ kind: 'suffix', value: '.php' }, target('gate', { role: 'authorizer' })),
            binding({ kind: 'suffix', value: '.php' }, target('php'))
          ])
        })
      ]
    ),
    options,
    recordingLedger()
  ).map((file) => file.text)
  expect(text).toMatch(/location ~ \\\.php\(\/\|\$\) \{\n\s+auth_request \/_authorize_php;/)
  expect(text).toMatch(/location = \/_authorize_php \{\n\s+internal;[^}]*fastcgi_pass unix:\/run\/gate.sock;/)
})

test.each([
  [
    'strip-request-uri as a map',
    { stripUri: '/app/' },
    /map \$request_uri \$stripped_uri \{[^}]*\^\/app\(\?<rest>/
  ],
  [
    'a kept path info with its final slash',
    { keepPathInfo: true },
    /map \$path_info \$script_end \{[^}]*"" \/;/
  ]
])('%s', (_about, more, expected) => {
  const php = binding({ kind: 'suffix', value: '.php' }, target('php', { script: { ...atFile, ...more } }))
  const settings = {
    params: setting('params', { entries: usualParams }),
    bindings: setting('bindings', [php])
  }
  const [file] = write(
    plan([pool('php', [member('/run/php.sock')])], [host(settings)]),
    options,
    recordingLedger()
  )
  expect(file?.text).toMatch(expected)
})

test.each([
  [['connect'], true],
  [['connect', 'closed'], false],
  [[], false]
] as const)('that nginx retries more than after %j is told: %s', (on, isTold) => {
  const retry = { on, tries: 0, within: 0, nonIdempotent: false }
  const two = pool('app', [member('/run/a.sock'), member('/run/b.sock')], { retry })
  const bound = setting('bindings', [binding({ kind: 'suffix', value: '.php' }, target('app'))])
  const ledger = recordingLedger()
  write(
    plan([two], [host({ bindings: bound, params: setting('params', { entries: usualParams }) })]),
    options,
    ledger
  )
  const told = ledger.marks.filter(({ note }) => note?.message.includes('whose connection breaks') === true)
  expect(told.map(({ verdict }) => verdict)).toEqual(isTold ? ['approx'] : [])
})
