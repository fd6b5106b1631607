import { describe, expect, test } from 'vitest'
import { compile, type AuthorizerAnswer, type Decision } from '../../src/decide/index.js'
import type { AuthorizerRules, Authentication, Binding, LoginFile, Setting } from '../../src/model/index.js'
import { always, literal } from '../../src/model/index.js'
import { binding, pool, request, root, scope, setting, site, surroundings, toPool } from './sites.js'

const rules: AuthorizerRules = {
  allows: [200],
  variables: 'all',
  names: 'as-sent',
  denied: { kind: 'status', status: 401, challenge: true }
}
const guardSpan = { file: 'test.conf', start: 5, end: 9 }

function guard(at: Binding['at'][number], verdict: AuthorizerRules = rules): Binding {
  return binding({
    at: [at],
    origin: guardSpan,
    target: toPool('guard', { role: 'authorizer', verdict })
  })
}

function file(path: string): LoginFile {
  return { kind: 'file', path: literal(path), forms: ['plain'], endsAtColon: true }
}

const login: Authentication = {
  method: 'basic',
  realm: literal('R'),
  logins: file('/users'),
  users: ['bob'],
  when: always
}

function decided(
  guards: readonly Binding[],
  said: Partial<AuthorizerAnswer>[],
  more: readonly Setting[] = []
): Decision {
  const settings: readonly Setting[] = [
    root('/www'),
    setting('params', { entries: [{ kind: 'environment' }] }),
    setting('bindings', [...guards, binding({ target: toPool('app') })]),
    ...more
  ]
  const router = compile(
    site({
      root: scope({ settings }),
      pools: [pool('app'), pool('guard')],
      pipeline: [
        { step: 'scopes', by: 'url' },
        { step: 'map' },
        { step: 'guards', at: 'access' },
        { step: 'authenticate' },
        { step: 'bind', at: 'content' }
      ]
    })
  )
  const authorized = said.map((each) => ({ origin: guardSpan, allowed: true, variables: [], ...each }))
  const headers = [
    ['Host', 'localhost'],
    ['Authorization', `Basic ${btoa('ann:pw')}`]
  ] as const
  const around = surroundings([])
  const readText = (path: string): string => (path === '/users' ? 'ann:pw\nbob:pw\n' : 'bob:pw\n')
  return router.decide(
    request('/x', { headers }),
    { ...around, files: { ...around.files, readText } },
    { authorized, redirects: [], passwords: [{ given: 'pw', stored: 'pw', verdict: 'yes' }] }
  )
}

const brief = ({ outcome }: Decision): string =>
  outcome.kind === 'fastcgi'
    ? `${outcome.permission === true ? 'asks' : 'answers'} ${outcome.pool.id}`
    : outcome.kind === 'status'
      ? String(outcome.status)
      : outcome.kind

describe('a guard', () => {
  test('is asked first, and its yes lets the request through with its headers as variables', () => {
    expect(brief(decided([guard('access')], []))).toBe('asks guard')
    const { outcome } = decided(
      [guard('access')],
      [
        {
          status: 200,
          headers: [
            ['Variable-A', '1'],
            ['X-B', '2']
          ]
        }
      ]
    )
    expect(outcome.kind === 'fastcgi' ? outcome.params.map(({ name }) => name) : []).toEqual(['A', 'X-B'])
  })

  test.each([
    ['a no', { status: 403 }, '401'],
    ['no answer', { status: 500, failed: true as const }, '500']
  ])('%s ends the request', (_, said, status) => {
    expect(brief(decided([guard('access')], [said]))).toBe(status)
  })

  test.each([{ status: 403 }, { status: 500, failed: true as const }])(
    'that is not final leaves %o to others',
    (said) => {
      const left: AuthorizerRules = { ...rules, refusal: 'left-to-others', leavesStatus: true }
      expect(brief(decided([guard('access', left)], [said]))).toBe('answers app')
    }
  )

  test('may leave its status to the answer', () => {
    const left: AuthorizerRules = { ...rules, refusal: 'left-to-others', leavesStatus: true }
    const { outcome } = decided([guard('access', left)], [{ status: 403 }])
    expect(outcome.kind === 'fastcgi' ? outcome.statusUnlessSaid : undefined).toBe(403)
  })

  test('may not send elsewhere where that is a no', () => {
    const strict: AuthorizerRules = { ...rules, refusesLocation: true }
    expect(brief(decided([guard('access', strict)], [{ status: 200, headers: [['Location', '/']] }]))).toBe(
      '401'
    )
  })

  test('tells the client its headers only where the rules say so', () => {
    const said = [{ status: 200, headers: [['X-B', '2'] as const] }]
    expect(decided([guard('access')], said).addedHeaders(undefined)).toEqual([])
    const told = decided([guard('access', { ...rules, toClient: true })], said)
    expect(told.addedHeaders(undefined)).toEqual([{ name: 'X-B', value: '2', always: true }])
  })
})

describe('an authorizer behind a login', () => {
  const asked = (said: Partial<AuthorizerAnswer>[], more: Partial<Authentication> = {}): string =>
    brief(decided([guard('authorize')], said, [setting('authentication', { ...login, ...more })]))

  test('takes the place of what else is wanted of the user', () => {
    expect(asked([])).toBe('asks guard')
    expect(asked([{ status: 200 }])).toBe('answers app')
    expect(asked([{ status: 403 }])).toBe('401')
  })

  test('is not asked about a user that the file does not know', () => {
    expect(asked([], { logins: file('/other') })).toBe('401')
  })
})

describe('an authenticator', () => {
  const asked = (
    path: string,
    said: Partial<AuthorizerAnswer>[],
    more: Partial<Authentication> = {}
  ): string => {
    const { users: _, ...anybody } = login
    const value: Authentication = { ...anybody, logins: file(path), ...more }
    return brief(decided([guard('login')], said, [setting('authentication', value)]))
  }
  const left = { unknownUser: 'left-to-others' } as const

  test('is asked about a user that the file does not know, where that is left to others', () => {
    expect(asked('/other', [])).toBe('401')
    expect(asked('/other', [], left)).toBe('asks guard')
    expect(asked('/other', [{ status: 200 }], left)).toBe('answers app')
    expect(asked('/users', [], left)).toBe('answers app')
  })
})

test('where nobody says who a user is, the request fails', () => {
  const { users: _, ...anybody } = login
  const unknown: Authentication = { ...anybody, logins: file('/other'), unknownUser: 'left-to-others' }
  expect(brief(decided([], [], [setting('authentication', unknown)]))).toBe('500')
})
