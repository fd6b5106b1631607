import { expect, test } from 'vitest'
import { compile } from '../../../src/decide/index.js'
import { request, surroundings } from '../../decide/sites.js'
import { inLocation, read } from './reading.js'

/** The param `T` that a request for the target is sent, where `$made` is its value. */
function madeFor(target: string, maps: string): { readonly computed: unknown; readonly value: unknown } {
  const split = 'fastcgi_split_path_info ^(.+?\\.php)(/.*)$;'
  const text = inLocation(`${split} fastcgi_param T $made; fastcgi_pass unix:/run/app.sock;`, maps)
  const { site } = read(text)
  const asked = { ...request(target), listener: site.listeners[0]?.id ?? '' }
  const { outcome } = compile(site).decide(asked, surroundings([]))
  const value =
    outcome.kind === 'fastcgi' ? outcome.params.find(({ name }) => name === 'T')?.value : outcome.kind
  return { computed: site.computed?.map(({ name }) => name), value }
}

const root = '$document_root$fastcgi_path_info'

test.each([
  ['/a.php/x', `map $fastcgi_path_info $made { "" ""; default ${root}; }`, '/usr/share/nginx/html/x'],
  ['/a.php', `map $fastcgi_path_info $made { "" ""; default ${root}; }`, ''],
  ['/a.php/x', 'map $fastcgi_path_info $made { /y 1; }', ''],
  ['/a.php/x', 'map $fastcgi_path_info $made { default d; ~^/(.) r$1; /x plain; }', 'plain'],
  ['/a.php/y', 'map $fastcgi_path_info $made { default d; ~^/(.) r$1; ~^/y second; }', 'ry']
])('of what the location gives, a map is made where it is used: %s, %s', (target, maps, expected) => {
  expect(madeFor(target, maps)).toEqual({ computed: ['made'], value: expected })
})

test('a map may be made of another that is made where it is used', () => {
  const maps =
    'map $inner $made { default no; /x yes; } map $fastcgi_path_info $inner { default $fastcgi_path_info; }'
  expect(madeFor('/a.php/x', maps)).toEqual({ computed: ['inner', 'made'], value: 'yes' })
})

test('what is made of the request alone is set before all else', () => {
  expect(madeFor('/a.php/x', 'map $arg_v $made { default 1; }')).toEqual({ computed: ['made'], value: '1' })
})
