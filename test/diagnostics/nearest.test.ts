import { expect, test } from 'vitest'
import { distance, nearest } from '../../src/diagnostics/index.js'

test.each([
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3]
])('from %s to %s are %i changes', (a, b, changes) => {
  expect(distance(a, b)).toBe(changes)
})

test.each([
  ['chek-local', 'check-local'],
  ['fastcgi_pas', 'fastcgi_pass'],
  ['FASTCGI_PASS', 'fastcgi_pass'],
  ['socket', undefined]
])('%s was meant as %s', (name, meant) => {
  expect(nearest(name, ['check-local', 'fastcgi_pass', 'docroot'])).toBe(meant)
})
