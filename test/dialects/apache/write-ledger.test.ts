import { describe, expect, test } from 'vitest'
import { write } from '../../../src/dialects/apache/write/index.js'
import type { Plan } from '../../../src/model/index.js'
import { literal } from '../../../src/model/index.js'
import { writeCases } from '../cases.js'
import { at, binding, host, member, plan, pool, recordingLedger, setting, target } from '../plans.js'

type Target = 'apache' | 'apache-fcgid' | 'apache-proxy-fcgi'

function written(of: Plan | undefined, to: Target, comments?: ReadonlyMap<number, readonly string[]>) {
  const ledger = recordingLedger(comments)
  if (of === undefined) throw new Error('no such case')
  const [main] = write(of, { target: to, fragment: false }, ledger)
  return { text: main?.text ?? '', ledger }
}

const php = plan(
  [pool('php', [member('/run/php.sock')])],
  [
    host({
      root: setting('root', { kind: 'root', path: literal('/var/www') }, 2),
      bindings: setting('bindings', [binding({ kind: 'suffix', value: '.php' }, target('php'))], 4)
    })
  ]
)

describe('what a module cannot do', () => {
  test('an application that runs already is closed for mod_fcgid, not sent as source', () => {
    const { text, ledger } = written(php, 'apache-fcgid')
    expect(text).toContain('Require all denied')
    expect(text).not.toContain('SetHandler')
    expect(ledger.marks.filter(({ verdict }) => verdict === 'lost').map(({ at }) => at)).toContain(21)
  })

  test('a refusal is an If, as a Location with a Require of its own would undo it', () => {
    const { text } = written(php, 'apache-fcgid')
    expect(text).toMatch(/<If "[^"]*\\.php\$[^"]*">\s+Require all denied/)
  })

  test('an authorizer on a unix socket closes what it guarded with mod_proxy_fcgi', () => {
    const { text, ledger } = written(writeCases['an authorizer on a unix socket'], 'apache-proxy-fcgi')
    expect(text).toMatch(/<Location "\/private\/">[^]*Require all denied/)
    expect(ledger.marks.find(({ verdict }) => verdict === 'lost')?.note?.affects).toContain('status')
  })

  test('processes are left to someone else by mod_proxy_fcgi, with the command to start them', () => {
    const { ledger } = written(
      writeCases['an application at a prefix, its processes started by the server'],
      'apache-proxy-fcgi'
    )
    const manual = ledger.marks.find(({ verdict }) => verdict === 'manual')
    expect(manual?.note?.advice).toContain('spawn-fcgi -s /run/app.sock')
  })
})

test('comments stand above what they belong to, once', () => {
  const { text } = written(
    php,
    'apache-proxy-fcgi',
    new Map([
      [2, ['# the files\\']],
      [30, ['the pages']]
    ])
  )
  expect(text).toMatch(/# the files\\ \.\n\s+DocumentRoot/)
  expect(text).toMatch(/# the pages\n\s+<FilesMatch/)
  expect(text.match(/the pages/g)).toHaveLength(1)
})

test('a value that httpd would expand is left out and told', () => {
  const { text, ledger } = written(
    plan([], [host({ root: setting('root', { kind: 'root', path: literal('/srv/${HOME}') }, 2) })]),
    'apache-proxy-fcgi'
  )
  expect(text).not.toContain('${HOME}')
  expect(ledger.told.some(({ verdict }) => verdict === 'lost')).toBe(true)
})

test('each socket has a URL of its own, as workers are known by it', () => {
  const two = plan(
    [pool('.php', [member('/run/a.sock')]), pool('php', [member('/run/b.sock')])],
    [
      host({
        bindings: setting('bindings', [
          binding({ kind: 'suffix', value: '.php' }, target('.php')),
          binding({ kind: 'suffix', value: '.php5' }, target('php'), { origin: at(31) })
        ])
      })
    ]
  )
  const { text } = written(two, 'apache-proxy-fcgi')
  const urls = [...text.matchAll(/SetHandler "proxy:unix:[^|]*\|(fcgi:[^"]*)"/g)].map((found) => found[1])
  expect(new Set(urls).size).toBe(2)
})

test('a fragment holds the sites only', () => {
  const [main] = write(php, { target: 'apache-proxy-fcgi', fragment: true }, recordingLedger())
  expect(main?.text).toContain('<VirtualHost')
  expect(main?.text).not.toMatch(/ServerRoot|LoadModule|Listen/)
})
