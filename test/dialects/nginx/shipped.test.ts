import { expect, test } from 'vitest'
import { found, inLocation, inServer, read, says, scope, shown } from './reading.js'

const php = 'fastcgi_pass unix:/run/app.sock;'

/** Names and values of the params that a location sends, without the headers. */
function params(text: string, included: Readonly<Record<string, string>> = {}): readonly string[] {
  const entries = says(scope(read(text, included), 'location /'), 'params')?.entries ?? []
  return entries.flatMap((entry) =>
    entry.kind === 'param' ? [`${entry.name} ${shown(entry.value) ?? ''}`] : []
  )
}

test.each(['fastcgi_params', '/opt/nginx/conf/fastcgi_params'])('`include %s` needs no file', (name) => {
  const text = inLocation(`include ${name};\n${php}`)
  const result = read(text)
  expect(result.refused).toBe(false)
  expect(found(result)).toEqual(['5 include/shipped-file'])
  expect(params(text)).toHaveLength(19)
  expect(params(text)[0]).toBe('QUERY_STRING <query>')
})

test('`fastcgi.conf` tells SCRIPT_FILENAME first', () => {
  expect(params(inLocation(`include fastcgi.conf;\n${php}`)).slice(0, 2)).toEqual([
    'SCRIPT_FILENAME <document-root><script.name>',
    'QUERY_STRING <query>'
  ])
})

test('what it says points to the `include`, which alone stands among the directives', () => {
  const text = inLocation(`include fastcgi_params;\n${php}`)
  const result = read(text)
  const entries = says(scope(result, 'location /'), 'params')?.entries ?? []
  const start = text.indexOf('include')
  for (const entry of entries) if (entry.kind === 'param') expect(entry.origin?.start).toBe(start)
  expect(result.site.directives.map(({ name }) => name)).toEqual([
    'events',
    'http',
    'server',
    'listen',
    'location',
    'include',
    'fastcgi_pass'
  ])
})

test('a file that is there is read, whatever its name', () => {
  const included = { '/etc/nginx/fastcgi_params': 'fastcgi_param A b;' }
  const text = inLocation(`include fastcgi_params;\n${php}`)
  expect(params(text, included)).toEqual(['A b'])
  expect(found(read(text, included))).toEqual([])
})

test.each(['uwsgi_params', 'scgi_params'])('%s of other gateways is no file that is missing', (name) => {
  const result = read(inLocation(`include ${name};\nreturn 204;`))
  expect(result.refused).toBe(false)
  expect(found(result)).toEqual(['5 include/shipped-file'])
})

test('media types are those of the shipped table', () => {
  const result = read(inServer('', 'include mime.types;'))
  expect(result.refused).toBe(false)
  expect(says(scope(result, 'http'), 'mediaTypes')).toContainEqual({ extension: '.css', type: 'text/css' })
})

test("Debian's snippet for PHP includes the shipped params", () => {
  const text = inLocation(`include snippets/fastcgi-php.conf;\n${php}`)
  const result = read(text)
  expect(found(result)).toEqual(['5 include/shipped-file', '5 include/shipped-file'])
  expect(result.refused).toBe(false)
  expect(params(text).slice(0, 2)).toEqual([
    'PATH_INFO <user path_info>',
    'SCRIPT_FILENAME <document-root><script.name>'
  ])
  expect(says(scope(result, 'location /'), 'tryFiles')?.last).toEqual({ kind: 'status', status: 404 })
})

test('a missing file of another name is refused', () => {
  expect(read(inServer('include other_params;')).refused).toBe(true)
})
