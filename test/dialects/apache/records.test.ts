import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, type Statement } from '../../../grammars/apache/index.js'
import { handledNames } from '../../../src/dialects/apache/read/index.js'
import { apacheVocabulary, lookUp } from '../../../src/dialects/apache/vocabulary/index.js'
import { read } from './memory.js'

describe('every directive is accounted for', () => {
  test('each option is a record of its own, with its directive', () => {
    const { site } = read('# the shop\nFastCgiExternalServer /a -socket s -flush -nosuch')
    expect(
      site.directives.map(({ name, within, state, comments }) => [name, within, state.kind, comments])
    ).toEqual([
      ['FastCgiExternalServer', undefined, 'read', ['# the shop']],
      ['-socket', 'FastCgiExternalServer', 'read', []],
      ['-flush', 'FastCgiExternalServer', 'read', []],
      ['-nosuch', 'FastCgiExternalServer', 'unknown', []]
    ])
  })

  test('spans show the text, over continued lines and replaced variables too', () => {
    const text = 'Define S "-socket s"\nFastCgiExternalServer /a \\\n  ${S} -idle-timeout \\\n 5'
    const { site } = read(text)
    const spans = site.directives.map(({ span }) => text.slice(span.start, span.end))
    expect(spans.slice(2)).toEqual(['${S}', '-idle-timeout \\\n 5'])
  })

  test('what the vocabulary calls read has code that reads it', () => {
    const names = [...apacheVocabulary].flatMap(([name, { state, shape }]) =>
      state.kind === 'read' && shape.kind !== 'block' && /^[A-Z]/i.test(name) && !name.endsWith('=')
        ? [name]
        : []
    )
    expect(names.filter((name) => !handledNames.includes(name))).toEqual([])
  })

  test('names that code reads are in the vocabulary', () => {
    expect(handledNames.filter((name) => lookUp(name)?.name !== name)).toEqual([])
  })

  const line = fc.constantFrom(
    'Listen 8080',
    'SetEnv A 1',
    'Nonsense x',
    'SSLEngine on',
    'RewriteRule ^ - [L]',
    'Alias /a /b',
    'SetHandler "proxy:fcgi://h:1"',
    'Require valid-user',
    'FastCgiExternalServer /x -socket s',
    '<Directory /a>',
    '</Directory>',
    '<IfModule mod_none.c>',
    '</IfModule>',
    '<VirtualHost *:80>',
    '</VirtualHost>',
    '<If "%{QUERY_STRING} == \'a\'">',
    '</If>',
    '<Proxy "fcgi://h:1" max=3>',
    '</Proxy>'
  )

  test('each statement of any text has exactly one record', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('\n')
        const tree = parse('/etc/httpd/httpd.conf', text)
        const statements = (body: readonly Statement[]): readonly number[] =>
          body.flatMap((one) => [one.start, ...(one.kind === 'section' ? statements(one.body) : [])])
        const { site } = read(text)
        const records = site.directives.filter(({ within }) => within === undefined)
        expect(records.map(({ span }) => span.start)).toEqual(statements(tree.body))
      }),
      { numRuns: 200 }
    )
  })
})
