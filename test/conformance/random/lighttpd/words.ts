import fc from 'fast-check'
import { mostly } from '../words.js'

/** The words that configurations and requests are made of, so that they meet. */

export const files: ReadonlyMap<string, string> = new Map([
  ['www/index.php', '<?php index'],
  ['www/info.php', '<?php info'],
  ['www/app/info.php', '<?php app info'],
  ['www/app/index.php', '<?php app index'],
  ['www/app/x.txt', 'app x'],
  ['www/dir/index.html', 'dir index'],
  ['www/dir/sub/a.txt', 'dir sub a'],
  ['www/dir.php/a.php', '<?php dir.php a'],
  ['www/up/pic.jpg', 'picture'],
  ['www/err.php', '<?php err'],
  ['www/err.html', 'error page'],
  ['www/x.inc', 'inc'],
  ['www/INFO.PHP', '<?php INFO'],
  ['www/private/doc.txt', 'doc'],
  ['www/a b.txt', 'a b'],
  ['alt/index.php', '<?php alt index'],
  ['alt/info.php', '<?php alt info'],
  ['alt/app/info.php', '<?php alt app info'],
  ['alt/doc.txt', 'alt doc'],
  ['alt/private/doc.txt', 'alt private doc'],
  ['hosts/example.com/index.php', '<?php example.com index'],
  ['hosts/example.com/info.php', '<?php example.com info'],
  ['hosts/example/info.php', '<?php example info'],
  ['send/a.txt', 'to be sent'],
  ['send/b.html', '<p>to be sent</p>'],
  ['www/example.com/info.php', '<?php virtual example.com info'],
  ['hosts/example.com/pub/info.php', '<?php example.com pub info'],
  ['users', 'bob:secret\nann:other\n'],
  [
    'htpasswd',
    'bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\nann:$apr1$abcdefgh$Z2c9NiKlv6d.KgXK4n2DD/\neve:abNANd1rDfiNc\n'
  ]
])

export const paths = [
  '/info.php',
  '/',
  '/index.php',
  '/app/info.php',
  '/app/',
  '/app',
  '/app/x.txt',
  '/app/x/y',
  '/application/z',
  '/none.php',
  '/info.php/a/b',
  '/app/info.php/more',
  '/dir/',
  '/dir',
  '/dir/sub',
  '/dir/sub/a.txt',
  '/dir/sub/a.txt/x',
  '/dir.php/',
  '/dir.php/a.php',
  '/dir.php/none',
  '/up/pic.jpg',
  '/up/pic.jpg/x.php',
  '/err.php',
  '/err.html',
  '/x.inc',
  '/INFO.PHP',
  '/private/doc.txt',
  '/private/',
  '/private/info.php',
  '/a%20b.txt',
  '/static/doc.txt',
  '/static/info.php/p',
  '/none',
  '/none/none.txt'
] as const

export const hosts = [
  'localhost',
  'example.com',
  'www.example.com',
  'Example.COM',
  'a.b.example.com',
  'example.com:8080',
  'example.com.',
  'example.com:80',
  '127.0.0.1',
  'other.test'
] as const

/** A text as it is written in a configuration: in quotes, now and then as a sum. */
function written(text: string, cut: number): string {
  const quotes = (part: string): string => `"${part.replaceAll('"', '\\"')}"`
  if (cut === 0 || cut >= text.length || /["\\@]/.test(text)) return quotes(text)
  return `${quotes(text.slice(0, cut))} + ${quotes(text.slice(cut))}`
}

const cut = mostly(fc.constant(0), fc.integer({ min: 1, max: 8 }), 19)

export function quoted(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, cut).map(([text, at]) => written(text, at))
}

export function oneQuoted(...texts: readonly string[]): fc.Arbitrary<string> {
  return quoted(fc.constantFrom(...texts))
}

const separator = fc.oneof(
  { weight: 300, arbitrary: fc.constantFrom(', ', ',', ',\n  ') },
  { weight: 1, arbitrary: fc.constantFrom(',,', ' , , ', ' ', '\n', ', # comment\n') }
)
const separators = fc.array(separator, { minLength: 6, maxLength: 6 })

/** `( a, b )` with the separators that people write, and now and then one missing or doubled. */
export function list(elements: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  return fc.tuple(elements, separators, fc.boolean()).map(([all, between, trailing]) => {
    const inside = all.map((element, index) => {
      const last = index === all.length - 1
      return element + (last ? (trailing ? ',' : '') : (between[index] ?? ','))
    })
    return `( ${inside.join('')} )`
  })
}

/** `( key => value, ... )` with each key once, whatever its case. */
export function table(
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<string>,
  sizes: { readonly minLength?: number; readonly maxLength: number }
): fc.Arbitrary<string> {
  const entries = fc.tuple(keys, cut, values).map(([key, at, value]) => ({
    name: key.toLowerCase(),
    text: `${written(key, at)} => ${value}`
  }))
  const unique = fc.uniqueArray(entries, { selector: ({ name }) => name, ...sizes })
  return list(unique.map((all) => all.map(({ text }) => text)))
}
