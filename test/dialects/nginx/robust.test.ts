import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nginxVocabulary } from '../../../src/dialects/nginx/index.js'
import { read } from './reading.js'

const names = [...nginxVocabulary.keys()].map((name) => name.replace('upstream ', ''))
const name = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('set', 'if', 'rewrite', 'return', 'location', 'server', 'fastcgi_pass', 'nonsense')
)
const value = fc.oneof(
  fc.constantFrom(
    'on',
    '80',
    '10m',
    '1h',
    '$uri',
    '${',
    '$',
    '=404',
    '@a',
    '~',
    '(',
    '($a',
    '=',
    'b)',
    '/a',
    '*.a',
    'unix:',
    ':9',
    'a:b',
    '""',
    '[',
    'all',
    '-f',
    '127.0.0.1:9',
    '$1',
    'default'
  ),
  fc.stringMatching(/^[a-z0-9_.:/$*()=~^-]{1,6}$/)
)
const { body } = fc.letrec<{ body: string }>((tie) => ({
  body: fc
    .array(
      fc
        .tuple(name, fc.array(value, { maxLength: 4 }), fc.option(tie('body'), { freq: 3 }))
        .map(
          ([word, args, inside]) =>
            `${[word, ...args].join(' ')}${inside === null ? ';' : ` {\n${inside}\n}`}`
        ),
      { maxLength: 5 }
    )
    .map((lines) => lines.join('\n'))
}))

describe('any configuration', () => {
  const wrapped = fc
    .tuple(
      body,
      fc.constantFrom(
        '',
        'events { } http { ',
        'events { } http { server { ',
        'events { } http { server { location / { '
      )
    )
    .map(([text, head]) => `${head}${text}${' }'.repeat((head.match(/\{/g)?.length ?? 1) - 1)}`)

  test('is read without failing, every directive once, spans inside the file', () => {
    fc.assert(
      fc.property(wrapped, (text) => {
        const result = read(text)
        const seen = new Set<number>()
        for (const { span } of result.site.directives) {
          expect(seen.has(span.start)).toBe(false)
          seen.add(span.start)
          expect(span.end).toBeLessThanOrEqual(text.length)
        }
        for (const { span } of result.diagnostics) expect((span?.end ?? 0) <= text.length).toBe(true)
        expect(JSON.parse(JSON.stringify(result.site))).toEqual(result.site)
      }),
      { numRuns: 400, seed: 5 }
    )
  })
})
