import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/decide/index.js'
import { decide, tree } from './decided.js'

const frame = (modules: readonly string[]): string =>
  [
    'server.document-root = "/www"',
    'server.port = 8080',
    `server.modules = ( ${modules.map((name) => `"mod_${name}"`).join(', ')} )`,
    'fastcgi.server = ( "/app" => (( "socket" => "/run/app.sock", "check-local" => "disable" )) )'
  ].join('\n')

const files = tree({ '/www/app/x': '', '/alt/x': '', '/www/dir/a.txt': '', '/www/dir/index.html': '' })

function answered(config: string, target: string, ...modules: readonly string[]): Outcome {
  return decide(`${frame(modules)}\n${config}`, files, target).outcome
}

function root(outcome: Outcome): string | undefined {
  return outcome.kind === 'fastcgi'
    ? outcome.params.find(({ name }) => name === 'DOCUMENT_ROOT')?.value
    : undefined
}

const alias = (condition: string, more = ''): string =>
  `$HTTP["url"] ${condition} { alias.url = ( "/app" => "/alt" ) ${more} }`

test.each([
  ['asked where URLs are mapped, the path info is cut', alias('== "/app"'), '/app/x', '/alt'],
  ['what the client asked for is not seen then', alias('=$ "/x"'), '/app/x', '/www'],
  [
    'what another module asked before stays',
    alias('=$ "/x"', 'url.access-deny = ( "none" )'),
    '/app/x',
    '/alt'
  ],
  ['a directive of the core is asked at once', alias('=$ "/x"', 'server.name = "a"'), '/app/x', '/alt'],
  [
    'so is a block around one that is',
    alias('=$ "/x"', '$HTTP["host"] == "h" { server.name = "a" }'),
    '/app/x',
    '/alt'
  ],
  [
    'and a branch that a later one waits for',
    `${alias('=$ "/x"')} else { url.redirect = ( "none" => "/" ) }`,
    '/app/x',
    '/alt'
  ]
])('%s', (_, config, target, expected) => {
  expect(root(answered(config, target, 'access', 'redirect', 'fastcgi', 'alias'))).toBe(expected)
})

test('modules behind mod_fastcgi see the path without path info', () => {
  const deny = 'url.access-deny = ( "/x" )'
  expect(answered(deny, '/app/x', 'fastcgi', 'access').kind).toBe('fastcgi')
  expect(answered(deny, '/app/x', 'access', 'fastcgi')).toMatchObject({ kind: 'status', status: 403 })
})

test('where the file is looked at, the path is the one of the file', () => {
  const excluded =
    '$HTTP["url"] == "/dir/a.txt" { static-file.exclude-extensions = ( ".txt" ) } index-file.names = ( "index.html" )'
  expect(answered(excluded, '/dir/a.txt/more', 'indexfile', 'fastcgi')).toMatchObject({ status: 403 })
  const index = '$HTTP["url"] == "/dir/index.html" { static-file.exclude-extensions = ( ".html" ) }'
  expect(
    answered(`${index}\nindex-file.names = ( "index.html" )`, '/dir/', 'indexfile', 'fastcgi')
  ).toMatchObject({ status: 403 })
})

test('a header that mod_setenv changed is asked as it is then', () => {
  const config =
    'setenv.set-request-header = ( "X-Test" => "new" )\n$REQUEST_HEADER["X-Test"] == "new" { url.access-deny = ( "" ) }'
  expect(answered(config, '/app/x', 'setenv', 'access', 'fastcgi')).toMatchObject({ status: 403 })
  expect(answered(config, '/app/x', 'access', 'setenv', 'fastcgi').kind).toBe('fastcgi')
})

test('rewrites that double the target each time are ended', () => {
  const config = 'url.rewrite-repeat = ( "^/app/(.*)$" => "/app/$1${qsa}" )'
  expect(answered(config, '/app/x?query', 'rewrite', 'fastcgi')).toMatchObject({ kind: 'close' })
})
