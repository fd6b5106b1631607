import { expect, test } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { inLocation, read } from './reading.js'

/** What a request that names its own application leads to. */
function outcomeOf(application: string, main: string): unknown {
  const { site } = read(inLocation('fastcgi_pass $arg_app;', main))
  const asked = { ...request(`/?app=${application}`), listener: site.listeners[0]?.id ?? '' }
  const { outcome } = compile(site).decide(asked, surroundings([]))
  return outcome.kind === 'status' ? outcome.status : outcome.kind
}

test.each([
  ['a host name, without a resolver', 'localhost:9000', '', 502],
  ['a host name, with one', 'localhost:9000', 'resolver 127.0.0.1;', 'unsupported'],
  ['a port that cannot be, without a resolver', 'localhost:99999', '', 'unsupported'],
  ['a host name without a port', 'localhost', '', 500],
  ['an address', '127.0.0.1:9000', '', 'fastcgi'],
  ['an upstream', 'blue', 'upstream blue { server 127.0.0.1:9000; }', 'fastcgi']
])('an application found at the request: %s', (_name, application, main, expected) => {
  expect(outcomeOf(application, main)).toBe(expected)
})
