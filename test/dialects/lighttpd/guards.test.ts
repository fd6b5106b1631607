import { describe, expect, test } from 'vitest'
import { readLighttpd } from '../../../src/dialects/lighttpd/index.js'
import type { ReadResult } from '../../../src/dialects/dialect.js'
import type { Authentication, Scope } from '../../../src/model/index.js'
import { memory } from './memory.js'

function read(options: string): ReadResult {
  const text =
    'server.document-root = "/www"\nserver.modules = ( "mod_auth", "mod_authn_file" )\n' +
    'auth.backend = "plain"\nauth.backend.plain.userfile = "/users"\n' +
    `auth.require = ( "/" => ( ${options} ) )\n`
  return readLighttpd('/etc/a.conf', memory({ '/etc/a.conf': text }), { name: 'lighttpd' })
}

function guard({ site }: ReadResult): Authentication | undefined {
  const all = (scope: Scope): readonly Scope[] => [scope, ...scope.children.flatMap(all)]
  const settings = all(site.root).flatMap((scope) => scope.settings)
  const found = settings.find((one) => one.key === 'authentication')
  return found?.key === 'authentication' ? found.value : undefined
}

const anybody = '"method" => "basic", "realm" => "r", "require" => "valid-user"'
const required = (rules: string): string => `"method" => "basic", "realm" => "r", "require" => "${rules}"`

/** What the real 1.4.69 makes of each. */
describe('what auth.require takes', () => {
  test.each([
    ['a login', anybody],
    ['an empty realm', '"method" => "basic", "realm" => "", "require" => "valid-user"'],
    ['users', required('user=a|user=b')],
    ['a bar at the end', required('user=a|')],
    ['groups', required('group=a')],
    ['hosts', required('host=a')],
    ['digest', '"method" => "digest", "realm" => "r", "require" => "valid-user"'],
    [
      'its algorithms',
      '"method" => "digest", "realm" => "r", "require" => "valid-user", "algorithm" => "MD5|SHA-256"'
    ],
    ['extern', '"method" => "extern", "realm" => "r", "require" => "valid-user"'],
    ['a secret of nonces', `${anybody}, "nonce-secret" => "b"`],
    ['hashed names', `${anybody}, "userhash" => "enable"`]
  ])('%s', (_name, options) => {
    expect(read(options).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(read(options).refused).toBe(false)
  })

  test.each([
    ['an empty method', '"method" => "", "realm" => "r", "require" => "valid-user"'],
    ['a method in capitals', '"method" => "Basic", "realm" => "r", "require" => "valid-user"'],
    ['no method', '"realm" => "r", "require" => "valid-user"'],
    ['no rule', required('')],
    ['valid-user beside users', required('user=a|valid-user')],
    ['users beside valid-user', required('valid-user|user=a')],
    ['a user without name', required('user=')],
    ['a rule without value', required('user')],
    ['a bar at the beginning', required('|user=a')],
    ['an unknown rule', required('foo=a')],
    [
      'an unknown algorithm',
      '"method" => "digest", "realm" => "r", "require" => "valid-user", "algorithm" => "X"'
    ],
    ['an unknown option', `${anybody}, "foo" => "b"`],
    ['a number', '"method" => "basic", "realm" => 1, "require" => "valid-user"'],
    ['an option in capitals', '"METHOD" => "basic", "realm" => "r", "require" => "valid-user"']
  ])('not %s', (_name, options) => {
    const { refused, diagnostics } = read(options)
    expect(refused).toBe(true)
    expect(diagnostics.map(({ code }) => code)).toContain('lighttpd/auth-require')
  })
})

test('users are those that are named; groups and hosts let nobody in, which is told', () => {
  expect(guard(read(required('user=a|user=b')))?.users).toEqual(['a', 'b'])
  expect(guard(read(anybody))?.users).toBeUndefined()
  const groups = read(required('group=a'))
  expect(guard(groups)?.users).toEqual([])
  expect(groups.diagnostics).toMatchObject([{ code: 'lighttpd/auth-require', severity: 'warning' }])
})

test('a login of another kind lets nobody in and is told as not read yet', () => {
  const result = read('"method" => "digest", "realm" => "r", "require" => "valid-user"')
  expect(guard(result)).toMatchObject({ method: 'basic' })
  expect(guard(result)?.logins).toBeUndefined()
  const record = result.site.directives.find(({ name }) => name === 'auth.require')
  expect(record?.state).toEqual({ kind: 'not-read-yet' })
})
