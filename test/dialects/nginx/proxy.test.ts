import { describe, expect, test } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import type { Outcome } from '../../../src/decide/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { inLocation, read } from './reading.js'

function outcomeOf(directives: string, main = ''): Outcome {
  const { site } = read(inLocation(directives, main))
  const asked = { ...request('/a b?q=1'.replace(' ', '%20')), listener: site.listeners[0]?.id ?? '' }
  return compile(site).decide(asked, surroundings([])).outcome
}

/** What it is sent, by name. */
function headersOf(outcome: Outcome): ReadonlyMap<string, string> {
  return new Map(outcome.kind === 'http' ? outcome.forwarded.headers : [])
}

/** How a request goes to another HTTP server is held to the recordings in fixtures/found; here is what they do not show. */
describe('a request for another HTTP server', () => {
  test('names it as the address does, and says what is left of the target', () => {
    const outcome = outcomeOf('proxy_pass http://unix:/run/a.sock:/b/;')
    expect(outcome).toMatchObject({
      kind: 'http',
      member: { address: { kind: 'unix', path: '/run/a.sock' } },
      forwarded: { target: '/b/a%20b?q=1' }
    })
    expect(headersOf(outcome).get('Host')).toBe('localhost')
  })

  test('is told the host and the port that the directive names', () => {
    const outcome = outcomeOf(
      'proxy_pass http://127.0.0.1:80; proxy_set_header X-Port $proxy_host:$proxy_port;'
    )
    expect(headersOf(outcome).get('X-Port')).toBe('127.0.0.1:80')
  })

  test.each([
    ['TLS', 'proxy_pass https://127.0.0.1;'],
    ['a body of its own', 'proxy_pass http://127.0.0.1; proxy_set_body a;'],
    ['cookies of another path', 'proxy_pass http://127.0.0.1; proxy_cookie_path / /a/;'],
    ['a copy on disk', 'proxy_pass http://127.0.0.1; proxy_store on;'],
    ['Locations changed by an expression', 'proxy_pass http://127.0.0.1; proxy_redirect ~a b;'],
    ['a scheme that only the request says', 'set $u https://a; proxy_pass $u;']
  ])('has no answer where it wants %s', (_name, directives) => {
    expect(outcomeOf(directives).kind).toBe('unsupported')
  })

  test('tries the next server on the statuses that only proxy_next_upstream knows', () => {
    const { site } = read(inLocation('proxy_pass http://127.0.0.1; proxy_next_upstream http_502 http_504;'))
    expect(site.pools).toEqual([])
    expect(site.httpPools).toMatchObject([{ id: 'http://127.0.0.1', retry: { on: [502, 504] } }])
  })
})
