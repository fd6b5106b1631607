import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote, quoteAlways, splitWords } from '../../../src/dialects/apache/quote.js'

const awkward = fc.string({
  unit: fc.constantFrom('\\', '"', "'", ' ', 'a', '.', '$', '#', '>', '%'),
  maxLength: 12
})

test('any word without line ends reads back as it was written', () => {
  fc.assert(
    fc.property(fc.array(awkward, { minLength: 1, maxLength: 4 }), (words) => {
      expect(splitWords(words.map(quote).join(' '))).toEqual(words)
      expect(splitWords(words.map(quoteAlways).join(' '))).toEqual(words)
    }),
    { numRuns: 500 }
  )
})

test.each([
  ['/var/www', '/var/www'],
  ['a b', '"a b"'],
  ['', '""'],
  ['\\.php$', '\\.php$'],
  ['say "x"', '"say \\"x\\""']
])('%s is written %s', (word, written) => {
  expect(quote(word)).toBe(written)
})
