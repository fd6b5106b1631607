import { describe, expect, test } from 'vitest'
import { compile, type Decision, type History } from '../../../src/decide/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { inServer, read, says, scope } from './reading.js'

const php = 'fastcgi_pass unix:/run/app.sock;'
const asking = `
location / { auth_request /ask; auth_request_set $who $upstream_http_x_who; fastcgi_param WHO $who; ${php} }
location /free { auth_request off; ${php} }
location = /ask { internal; fastcgi_param URI $uri; fastcgi_pass unix:/run/auth.sock; }`

function decided(text: string, target: string, history?: History): Decision {
  const { site } = read(inServer(text))
  const [listener] = site.listeners
  const asked = { ...request(target), listener: listener?.id ?? '' }
  return compile(site).decide(asked, surroundings(['/usr/share/nginx/html/x/a']), history)
}

/** What happens once the application that is asked first has answered. */
function after(text: string, target: string, status: number): Decision['outcome'] {
  const { outcome } = decided(text, target)
  if (outcome.kind !== 'fastcgi' || outcome.permission !== true) throw new Error('nobody is asked')
  const headers = [
    ['X-Who', 'ann'],
    ['WWW-Authenticate', 'Bearer']
  ] as const
  const { origin, about = '' } = outcome
  const parts = { status: String(status), headers }
  const said = { origin, about, allowed: status < 300, variables: [], status, headers, parts }
  return decided(text, target, { authorized: [said], redirects: [] }).outcome
}

describe('auth_request', () => {
  test('asks the application of its URL, without the body', () => {
    const { outcome } = decided(asking, '/x?a=b')
    expect(outcome).toMatchObject({ kind: 'fastcgi', permission: true, sendsBody: false })
    expect(outcome.kind === 'fastcgi' ? outcome.params[0] : undefined).toMatchObject({
      name: 'URI',
      value: '/ask'
    })
  })

  test('a yes lets the request through, with what the answer sets', () => {
    const outcome = after(asking, '/x', 204)
    expect(outcome).not.toHaveProperty('permission')
    expect(outcome.kind === 'fastcgi' ? outcome.params[0] : undefined).toMatchObject({
      name: 'WHO',
      value: 'ann'
    })
  })

  test('what an answer sets may be the query of the request', () => {
    const sets = `location / { auth_request /ask; auth_request_set $args a=$upstream_http_x_who;
      fastcgi_param ARGS $args; ${php} } location = /ask { fastcgi_pass unix:/run/auth.sock; }`
    const outcome = after(sets, '/x?b', 204)
    expect(outcome.kind === 'fastcgi' ? outcome.params[0] : undefined).toMatchObject({ value: 'a=ann' })
  })

  test.each([
    [401, { status: 401, headers: [['WWW-Authenticate', 'Bearer']] }],
    [403, { status: 403 }],
    [302, { status: 500 }],
    [502, { status: 500 }]
  ])('%s becomes %j', (status, expected) => {
    expect(after(asking, '/x', status)).toMatchObject({ kind: 'status', ...expected })
  })

  test('`off` asks nobody', () => {
    expect(decided(asking, '/free').outcome).not.toHaveProperty('permission')
  })
})

describe('satisfy', () => {
  const rules = (satisfy: string, access: string, status: number): string =>
    `location /x/ { satisfy ${satisfy}; ${access} auth_request /ask; } location = /ask { return ${String(status)}; }`

  test.each([
    ['any', 'deny all;', 204, 'file'],
    ['any', 'allow all;', 403, 'file'],
    ['any', 'deny all;', 401, 401],
    ['any', 'allow 10.0.0.0/8;', 403, 403],
    ['all', 'deny all;', 204, 403],
    ['all', 'allow all;', 403, 403],
    ['all', 'allow all;', 200, 'file']
  ])('%s with `%s` and an answer of %s gives %s', (satisfy, access, status, expected) => {
    const { outcome } = decided(rules(satisfy, access, status), '/x/a')
    expect(outcome.kind === 'status' ? outcome.status : outcome.kind).toBe(expected)
  })

  test('is read with the login and what is asked', () => {
    const result = read(inServer('location / { satisfy any; auth_basic a; auth_basic_user_file b; }'))
    expect(says(scope(result, 'location /'), 'authentication')).toMatchObject({
      method: 'basic',
      enough: 'any'
    })
  })
})
