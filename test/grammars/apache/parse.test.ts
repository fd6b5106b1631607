import { describe, expect, test } from 'vitest'
import { parse, splitWords, type Statement } from '../../../grammars/apache/index.js'
import { joinLines } from '../../../grammars/apache/nesting.js'
import { maximumDepth, print } from '../../../grammars/tree.js'
import { lineStarts, positionAt } from '../../../src/diagnostics/index.js'

/** Each statement as `name(arguments)`, sections with their body. */
function outline(text: string): string {
  const tree = parse('a.conf', text)
  const show = (statement: Statement): string => {
    const written = joinLines(text.slice(statement.arguments.start, statement.arguments.end))
    const head = `${statement.name}(${written})`
    return statement.kind === 'section' ? `${head}{${statement.body.map(show).join(' ')}}` : head
  }
  return tree.body.map(show).join(' ')
}

function problems(text: string): readonly string[] {
  const starts = lineStarts(text)
  return parse('a.conf', text).diagnostics.map(
    ({ code, span }) => `${span === undefined ? 0 : positionAt(starts, span.start).line} ${code}`
  )
}

describe('lines', () => {
  test.each([
    ['a directive and its words', 'Listen 80', 'Listen(80)'],
    ['blanks around a line go', '  Listen\t80 \r\n', 'Listen(80)'],
    ['a continuation joins lines', 'Listen \\\n 80', 'Listen(80)'],
    ['a continuation before CR LF', 'Listen \\\r\n 80\r\n', 'Listen(80)'],
    ['a continuation may split a name', 'Lis\\\nten 80', 'Listen(80)'],
    ['nothing is put in its place', 'DirectoryIndex a\\\nb c', 'DirectoryIndex(ab c)'],
    ['a blank behind the backslash disables it', 'Options \\ \nListen 80', 'Options(\\) Listen(80)'],
    ['a backslash at the end of the file', 'Listen 80\\', 'Listen(80\\)'],
    ['a comment', '# Listen 80\nListen 81', 'Listen(81)'],
    [
      'a comment that ends in a backslash swallows the next line',
      '# x \\\nListen 80\nListen 81',
      'Listen(81)'
    ],
    ['a hash behind a directive is no comment', 'Listen 80 # x', 'Listen(80 # x)'],
    ['a quoted name', '"Listen" 80', 'Listen(80)'],
    ['a section', '<Directory "/a b">\nOptions None\n</Directory>', 'Directory("/a b"){Options(None)}'],
    ['a section without arguments', '<RequireAll>\n</RequireAll>', 'RequireAll(){}'],
    ['a section closed in another case', '<Files x>\n</FILES>', 'Files(x){}'],
    ['the last bracket of the head counts', '<If "a > b"> x\n</If>', 'If("a > b"){}'],
    ['sections in sections', '<A x>\n<B y>\nC\n</B>\nD\n</A>', 'A(x){B(y){C()} D()}']
  ])('%s', (_, text, expected) => {
    expect(outline(text)).toBe(expected)
    expect(problems(text)).toEqual([])
  })
})

describe('what does not fit together', () => {
  test.each([
    ['a section that is never closed', 'A\n<B x>\nC', ['2 syntax/unclosed-section']],
    ['a section closed by another name', '<A x>\n<B y>\n</A>', ['3 syntax/mismatched-close']],
    ['an end without a beginning', 'A\n</B>\nC', ['2 syntax/unexpected-close']],
    ['a head without its bracket', '<A x\n</A>', ['1 syntax/missing-bracket']],
    ['an end without its bracket', '<A x>\n</A', ['2 syntax/missing-bracket']]
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('what follows an error is still read', () => {
    expect(outline('<A x>\n<B y>\nC\n</A>\nD\n</E>\nF')).toBe('A(x){B(y){C()}} D() F()')
  })

  test('sections nested too deep are said once and are not kept', () => {
    const text = '<A x>\n'.repeat(maximumDepth + 5) + 'B\n' + '</A>\n'.repeat(maximumDepth + 5) + 'C'
    expect(problems(text)).toEqual([`${maximumDepth + 1} syntax/too-deep`])
    expect(outline(text).endsWith(' C()')).toBe(true)
  })

  test('a hundred thousand open sections do not overflow the stack', () => {
    const text = '<A x>\n'.repeat(100_000)
    const tree = parse('a.conf', text)
    expect(print(tree)).toBe(text)
    expect(tree.diagnostics.map(({ code }) => code)).toContain('syntax/too-deep')
  })
})

describe('comments', () => {
  test('those before a directive belong to it, the last ones to their block', () => {
    const tree = parse('a.conf', '# one\n# two\nA\n<B>\nC\n# three\n</B>\n# four\n')
    const [first, second] = tree.body
    expect(first?.comments.before.map(({ text }) => text)).toEqual(['# one', '# two'])
    expect(second?.kind === 'section' ? second.dangling.map(({ text }) => text) : []).toEqual(['# three'])
    expect(tree.dangling.map(({ text }) => text)).toEqual(['# four'])
  })
})

describe('words', () => {
  test.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ["'a b' c", ['a b', 'c']],
    ['"/x"-socket a', ['/x', '-socket', 'a']],
    ['a"b c"', ['a"b', 'c"']],
    [String.raw`"a\"b"`, ['a"b']],
    [String.raw`"a\'b"`, [String.raw`a\'b`]],
    [String.raw`"a\\b" c\\d e\f`, [String.raw`a\b`, String.raw`c\d`, String.raw`e\f`]],
    ['"a b', ['a b']],
    [String.raw`"a\"`, ['a"']],
    ['""', ['']],
    ['"', ['']],
    ['', []]
  ])('%j', (text, expected) => {
    expect(splitWords(text).map(({ value }) => value)).toEqual(expected)
  })

  test.each([
    ['"a', true],
    [String.raw`"a\"`, true],
    ['"a"', false],
    ['a"', false]
  ])('%j is unclosed: %j', (text, expected) => {
    expect(splitWords(text)[0]?.unclosed).toBe(expected)
  })
})
