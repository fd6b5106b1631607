import { expect, test } from 'vitest'
import { dialectLoaders } from '../../src/dialects/index.js'
import type { Dialect, Outline } from '../../src/dialects/index.js'

/** Each statement on a line: name, operator, words, and the depth as indentation. */
async function outlined(language: Dialect['language'], text: string): Promise<readonly string[]> {
  const dialect = await dialectLoaders[language]()
  const lines = (all: readonly Outline[], indent: string): readonly string[] =>
    all.flatMap(({ name, operator, words, inside }) => [
      indent + [`<${name}>`, operator, ...words.map(({ value }) => value)].filter(Boolean).join(' '),
      ...lines(inside, `${indent}  `)
    ])
  return lines(dialect.outline('a.conf', text), '')
}

const cases: readonly (readonly [Dialect['language'], string, readonly string[]])[] = [
  ['nginx', 'http { server { listen "80" default; } }', ['<http>', '  <server>', '    <listen> 80 default']],
  ['nginx', 'map $a $b { ~x 1; }', ['<map> $a $b', '  <~x> 1']],
  [
    'apache',
    '<Directory "/srv/a b">\n  Require all \\\n granted\n</Directory>\n',
    ['<Directory> /srv/a b', '  <Require> all granted']
  ],
  [
    'lighttpd',
    'fastcgi.server = ( ".php" => (( "host" => "::1", "port" => 9 )) )',
    ['<fastcgi.server> =', '  <.php>', '    <>', '      <host> ::1', '      <port> 9']
  ],
  [
    'lighttpd',
    '$HTTP["host"] == "a" {\n server.port = 8\n} else $HTTP["url"] =~ "b" { } else { include "c" }',
    ['<$HTTP["host"]> == a', '  <server.port> = 8', '<$HTTP["url"]> =~ b', '<else>', '  <include> c']
  ]
]

test.each(cases)('%s: %s', async (language, text, expected) => {
  expect(await outlined(language, text)).toEqual(expected)
})

test.each(cases)('%s: names and words stand where their spans say: %s', async (language, text) => {
  const dialect = await dialectLoaders[language]()
  const check = (one: Outline): void => {
    const at = ({ start, end }: Outline['span']): string => text.slice(start, end)
    expect(at(one.nameSpan).replace(/^"|"$/g, '')).toBe(one.name)
    for (const { value, span } of one.words) expect(at(span).replace(/^"|"$/g, '')).toBe(value)
    for (const inner of one.inside) {
      expect(inner.parent).toBe(one)
      check(inner)
    }
  }
  dialect.outline('a.conf', text).forEach(check)
})
