import { expect, test } from 'vitest'
import { write } from '../../../src/dialects/lighttpd/write/index.js'
import { literal } from '../../../src/model/index.js'
import { at, binding, host, member, plan, pool, recordingLedger, setting, target } from '../plans.js'

const options = { target: 'lighttpd', fragment: false } as const

test('weights and members in reserve are told as what they are', () => {
  const members = [
    member('/run/a.sock', { weight: 3, origin: at(22) }),
    member('/run/b.sock', { backup: true, origin: at(23) })
  ]
  const ledger = recordingLedger()
  const [main] = write(
    plan(
      [pool('p', members)],
      [host({ bindings: setting('bindings', [binding({ kind: 'suffix', value: '.php' }, target('p'))]) })]
    ),
    options,
    ledger
  )
  expect(main?.text).not.toContain('/run/b.sock')
  expect(ledger.marks.filter(({ at }) => at === 22).map(({ verdict }) => verdict)).toContain('approx')
  expect(ledger.marks.filter(({ at }) => at === 23).map(({ verdict }) => verdict)).toContain('lost')
})

test('names of a host are compared in lower case and with any port behind them', () => {
  const names = [
    { kind: 'exact', value: 'A.example', origin: at(5) },
    { kind: 'leading-wildcard', value: 'b.example', bare: true, origin: at(6) }
  ] as const
  const named = host(
    { root: setting('root', { kind: 'root', path: literal('/srv/a') }) },
    { names, isDefault: false }
  )
  const [main] = write(plan([], [named, host({})]), options, recordingLedger())
  expect(main?.text).toContain('$HTTP["host"] =~ "^(?:a\\.example|(?:.+\\.)?b\\.example)(?::\\d+)?$"')
})

test('an applications list that a block empties stays empty there', () => {
  const rule = {
    kind: 'condition',
    name: 'uploads',
    when: { kind: 'test', subject: { of: 'path' }, test: { kind: 'prefix', value: '/up/', segments: false } },
    settings: { bindings: setting('bindings', [], 51) },
    rules: [],
    origin: at(50)
  } as const
  const php = setting('bindings', [binding({ kind: 'suffix', value: '.php' }, target('php'))])
  const [main] = write(
    plan([pool('php', [member('/run/php.sock')])], [host({ bindings: php }, { rules: [rule] })]),
    options,
    recordingLedger()
  )
  expect(main?.text).toContain('$HTTP["url"] =^ "/up/" {\n  fastcgi.server = ()\n}')
})

test('a text that lighttpd cannot write is left out and told', () => {
  const ledger = recordingLedger()
  const [main] = write(
    plan([], [host({ root: setting('root', { kind: 'root', path: literal('/srv\\') }, 2) })]),
    options,
    ledger
  )
  expect(main?.text).toContain('# server.document-root was left out')
  expect(ledger.told.some(({ verdict }) => verdict === 'lost')).toBe(true)
})

test('comments stand above what they belong to', () => {
  const [main] = write(
    plan([], [host({ root: setting('root', { kind: 'root', path: literal('/srv') }, 2) })]),
    options,
    recordingLedger(new Map([[2, ['# all files']]]))
  )
  expect(main?.text).toContain('# all files\nserver.document-root = "/srv"')
})
