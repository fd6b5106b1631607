import { describe, expect, test } from 'vitest'
import { printItems, block, directive } from '../../../src/dialects/nginx/write/document.js'
import { write } from '../../../src/dialects/nginx/write/index.js'
import { writeCases } from '../cases.js'
import { recordingLedger } from '../plans.js'

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
  const [plan] = Object.values(writeCases)
  if (plan === undefined) throw new Error('there are no cases')
  const [file] = write(plan, { ...options, fragment: true }, recordingLedger())
  expect(file?.text).not.toMatch(/^(?:events|http) \{/m)
  expect(file?.text).toMatch(/^server \{/m)
})

test('processes that nginx cannot start are left to someone, with the command and the socket', () => {
  const plan = writeCases['an application at a prefix, its processes started by the server']
  if (plan === undefined) throw new Error('the case is gone')
  const ledger = recordingLedger()
  write(plan, options, ledger)
  const manual = ledger.marks.find(({ verdict }) => verdict === 'manual')
  expect(manual?.note?.message).toContain('unix:/run/app.sock')
  expect(manual?.note?.advice).toContain('spawn-fcgi -s /run/app.sock -F 2 -- /usr/bin/php-cgi')
  expect(manual?.note?.affects).toContain('process-model')
})

test('what a pattern cannot ask is lost, never left out in silence', () => {
  const plan = writeCases['conditions on the URL and on other things, later ones stronger']
  if (plan === undefined) throw new Error('the case is gone')
  const ledger = recordingLedger()
  write(plan, options, ledger)
  const lost = ledger.marks.filter(({ verdict }) => verdict === 'lost').map(({ at }) => at)
  expect([...new Set(lost)]).toEqual([52, 53, 55])
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
