import { describe, expect, test } from 'vitest'
import type { Binding, FastcgiTarget } from '../../../src/model/index.js'
import { read } from './memory.js'

type Guard = Binding & { readonly target: FastcgiTarget }

function guards(text: string): readonly Guard[] {
  const bindings = read(text, { '/c': '', '/d': '' }).site.root.settings.findLast(
    ({ key }) => key === 'bindings'
  )
  const all = bindings?.key === 'bindings' ? bindings.value : []
  return all.flatMap((each) =>
    each.target.kind === 'fastcgi' && each.target.role !== 'responder'
      ? [{ ...each, target: each.target }]
      : []
  )
}

const names = ({ target }: Guard): readonly string[] =>
  (target.params?.entries ?? []).flatMap((entry) => (entry.kind === 'param' ? [entry.name] : [entry.kind]))

const fastcgi = (lines: string): string =>
  `FastCgiExternalServer /c -socket s\n<Location /x>\n${lines}\n</Location>`
const fcgid = (lines: string): string => `<Location /x>\n${lines}\n</Location>`

describe('the roles of mod_fastcgi', () => {
  test.each([
    ['FastCgiAccessChecker', 'access', { kind: 'status', status: 403, challenge: false }],
    ['FastCgiAuthenticator', 'login', { kind: 'status', status: 401, challenge: true }],
    ['FastCgiAuthorizer', 'authorize', { kind: 'status', status: 401, challenge: true }]
  ])('%s is asked at %s, and its no has a status of httpd’s', (name, stage, denied) => {
    const [guard, ...others] = guards(fastcgi(`${name} /c`))
    expect(others).toEqual([])
    expect(guard).toMatchObject({ at: [stage], target: { verdict: { denied, variables: 'all' } } })
    expect(guard?.target.verdict?.refusal).toBeUndefined()
  })

  test('a no that is not authoritative is left to others', () => {
    const [guard] = guards(fastcgi('FastCgiAuthorizer /c\nFastCgiAuthorizerAuthoritative Off'))
    expect(guard?.target.verdict?.refusal).toBe('left-to-others')
  })

  test('a program without a definition is started as the dynamic ones are', () => {
    const [guard] = guards('<Location /x>\nFastCgiAuthorizer /d\n</Location>')
    expect(guard?.target).toMatchObject({
      pool: { kind: 'pool', id: 'dynamic' },
      program: [{ kind: 'text', text: '/d' }]
    })
  })

  test('an authenticator is told the password, a checker no user', () => {
    const [authenticator] = guards(fastcgi('FastCgiAuthenticator /c'))
    expect(authenticator && names(authenticator).slice(3, 6)).toEqual([
      'environment',
      'REMOTE_PASSWD',
      'FCGI_APACHE_ROLE'
    ])
    const [checker] = guards(
      `${fastcgi('FastCgiAccessChecker /c')}\n<Location /y>\nRequire valid-user\n</Location>`
    )
    expect(checker && names(checker)).not.toContain('REMOTE_USER')
  })
})

describe('the roles of mod_fcgid', () => {
  test('merge one by one: an inner section replaces what it names', () => {
    const inner = '<Location /x/y>\nFcgidAuthorizer /d\n</Location>'
    const found = guards(`${fcgid('FcgidAccessChecker /c\nFcgidAuthorizer /c')}\n${inner}`)
    expect(found.map(({ at, when }) => [at[0], when.kind])).toEqual([
      ['access', 'test'],
      ['authorize', 'all'],
      ['authorize', 'test']
    ])
  })

  test('whether a no is final may be said in another section', () => {
    const inner = '<Location /x/y>\nFcgidAccessCheckerAuthoritative Off\n</Location>'
    const found = guards(`${fcgid('FcgidAccessChecker /c')}\n${inner}`)
    expect(found.map(({ target }) => target.verdict?.refusal)).toEqual(['left-to-others', undefined])
  })

  test('are told neither the script nor the body, and their role last', () => {
    const [guard] = guards(fcgid('FcgidAccessChecker /c'))
    const told = guard === undefined ? [] : names(guard)
    expect(told.filter((name) => ['SCRIPT_NAME', 'PATH_INFO', 'CONTENT_LENGTH'].includes(name))).toEqual([])
    expect(told.slice(-2)).toEqual(['FCGI_APACHE_ROLE', 'HTTP_CONNECTION'])
  })

  test('have the names of mod_fastcgi where that is not loaded', () => {
    const whole = 'ServerRoot /etc\nListen 80\nLoadModule fcgid_module modules/mod_fcgid.so\n'
    const { refused } = read(`${whole}${fcgid('FastCgiAccessChecker /c')}`, { '/c': '' })
    expect(refused).toBe(false)
    const [guard] = guards(`${whole}${fcgid('FastCgiAccessChecker /c')}`)
    expect(guard?.target.verdict?.toClient).toBe(true)
  })
})

describe('the providers of mod_authnz_fcgi', () => {
  const provided = (type: string, lines: string): readonly Guard[] =>
    guards(
      `AuthnzFcgiDefineProvider ${type} P fcgi://127.0.0.1:9000/\n<Location /x>\nAuthType Basic\nAuthName r\n${lines}\n</Location>`
    )

  test.each([
    ['authn', 'AuthBasicProvider P\nRequire valid-user', [['login', true]]],
    ['authz', 'AuthUserFile /c\nRequire P', [['authorize', true]]],
    ['authnz', 'AuthBasicProvider P\nRequire P', [['login', false]]],
    ['authn', 'AuthnzFcgiCheckAuthnProvider P DefaultUser u\nRequire valid-user', [['login', true]]]
  ])('of type %s are asked for `%s`', (type, lines, asked) => {
    const found = provided(type, lines)
    expect(found.map((guard) => [guard.at[0], names(guard).includes('FCGI_APACHE_ROLE')])).toEqual(asked)
    expect(
      found.every((guard) => names(guard).includes('FCGI_ROLE') && !names(guard).includes('SCRIPT_NAME'))
    ).toBe(true)
  })

  test.each([
    ['AuthnzFcgiDefineProvider other P fcgi://h:1/', 'apache/bad-arguments'],
    ['AuthnzFcgiDefineProvider authn P unix:/s|fcgi://h/', 'apache/bad-url'],
    ['<Location /x>\nAuthnzFcgiCheckAuthnProvider P\n</Location>', 'apache/unknown-provider']
  ])('%s is refused', (text, code) => {
    expect(read(text).diagnostics.map((each) => each.code)).toEqual([code])
  })
})
