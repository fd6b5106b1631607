import { describe, expect, it } from 'vitest'
import { Unsupported } from '../../src/decide/state.js'
import { compileRegex } from '../../src/decide/regex.js'

function groups(source: string, text: string, ignoreCase = false): readonly string[] | undefined {
  const runnable = compileRegex({ source, ignoreCase })
  if (runnable.kind === 'cannot-run') throw new Error(runnable.why)
  return runnable.exec(text)?.numbered
}

describe('PCRE made to run here', () => {
  it.each([
    ['\\.php$', '/a.php', ['.php']],
    ['\\.php$', '/a.php\n', ['.php']],
    ['\\.php\\z', '/a.php\n', undefined],
    ['\\.php\\Z', '/a.php\n', ['.php']],
    ['^(.+?\\.php)(/.*)$', '/a.php/b.php/c', ['/a.php/b.php/c', '/a.php', '/b.php/c']],
    ['^/(?P<name>\\w+)/(?P=name)$', '/ab/ab', ['/ab/ab', 'ab']],
    ['^/(?<name>\\w+)/\\k<name>$', '/ab/ac', undefined],
    ["^/(?'n'a)$", '/a', ['/a', 'a']],
    ['(?i)^/AB$', '/ab', ['/ab']],
    ['^/(?i:ab)c$', '/ABc', ['/ABc']],
    ['^/(?i:ab)c$', '/ABC', undefined],
    ['^/(?:x(?i)y)z$', '/xYz', ['/xYz']],
    ['^/(?i)[a-c]+$', '/AbC', ['/AbC']],
    ['^a++b', 'aab', ['aab']],
    ['^a++ab', 'aaab', undefined],
    ['^(a|b)*+(c)', 'abc', ['abc', 'b', 'c']],
    ['^(?>a+)(b)(c)', 'aabc', ['aabc', 'b', 'c']],
    ['^(?>a|ab)c', 'abc', undefined],
    ['[[:alpha:]_-]+', '1ab_-2', ['ab_-']],
    ['[[:digit:][:space:]]+', 'a1 2b', ['1 2']],
    ['^[]a]+$', ']a', [']a']],
    ['^[^]a]+$', 'bc', ['bc']],
    ['^\\Qa.b\\E+$', 'a.bb', ['a.bb']],
    ['^\\x41\\x{42}\\t$', 'AB\t', ['AB\t']],
    ['^a.b$', 'a\nb', undefined],
    ['(?s)^a.b$', 'a\nb', ['a\nb']],
    ['^a.b$', 'a\u2028b', ['a\u2028b']],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['(?x) ^ a b  # comment\n c $', 'abc', ['abc']],
    ['(?#note)^a', 'a', ['a']],
    ['^a{2}b{,3}', 'aab{,3}', ['aab{,3}']],
    ['^\\s\\S\\h$', '\tx ', ['\tx ']],
    ['^/~user', '/~user', ['/~user']],
    ['^/a/b', '/a/b', ['/a/b']],
    ['^w\\p{N}+$', 'w01', ['w01']],
    ['^\\pL+\\P{L}$', 'aB1', ['aB1']],
    ['^[^\\p{^L}_]+$', 'ab', ['ab']],
    ['(*UTF8)^é$', 'é', ['é']],
    ['^(a)?b$', 'b', ['b', '']]
  ] as const)('%s on %j', (source, text, expected) => {
    expect(groups(source, text)).toEqual(expected)
  })

  it('says nothing of properties of characters that are no ASCII, where servers differ', () => {
    expect(() => groups('^\\p{L}$', 'é')).toThrow(Unsupported)
  })

  it('ignores case in letters and ranges where asked to', () => {
    expect(groups('^/[a-c]X$', '/Bx', true)).toEqual(['/Bx'])
    expect(groups('^/[A-C]$', '/b', true)).toEqual(['/b'])
  })

  it('gives named groups by name', () => {
    const runnable = compileRegex({ source: '^(?<site>[^.]+)\\.(?P<top>.+)$', ignoreCase: false })
    const found = runnable.kind === 'runs' ? runnable.exec('www.test') : undefined
    expect([...(found?.named ?? [])]).toEqual([
      ['site', 'www'],
      ['top', 'test']
    ])
  })

  it.each([
    '(?R)',
    '(a)(?1)',
    '\\K',
    '(?(1)a|b)',
    '(*FAIL)',
    '\\p{Greek}',
    '(?|a|b)',
    '\\G',
    'a)',
    '(a',
    '*a',
    '[a'
  ])('says that %s cannot run', (source) => {
    expect(compileRegex({ source, ignoreCase: false }).kind).toBe('cannot-run')
  })
})
