import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, quote, unquote } from '../../grammars/nginx/index.js'

describe('quote', () => {
  test.each([
    ['', '""'],
    ['/srv/www', '/srv/www'],
    ['\\.php$', '\\.php$'],
    ['${name}x', '${name}x'],
    ['a b', '"a b"'],
    ['^/[a-z]{2}$', '"^/[a-z]{2}$"'],
    ['say "hi"', '\'say "hi"\''],
    ['#a', '"#a"'],
    ['a\\', 'a\\\\'],
    ['a\tb', '"a\\tb"']
  ])('writes %j as %s', (value, expected) => {
    expect(quote(value)).toBe(expected)
  })

  test('what it writes is one word that reads back as the value', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('\\', '"', "'", ' ', '{', '}', '$', ';', 't', '#', '\n', '\r', 'a') })
    )
    fc.assert(
      fc.property(value, (text) => {
        expect(unquote(quote(text))).toBe(text)
        const tree = parse('a.conf', `x ${quote(text)};`)
        expect(tree.diagnostics).toEqual([])
        expect(tree.body.map(({ args }) => args.map(({ value }) => value))).toEqual([[text]])
      }),
      { numRuns: 1000, seed: 4 }
    )
  })
})
