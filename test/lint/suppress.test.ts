import { expect, test } from 'vitest'
import { suppress } from '../../src/lint/suppress.js'
import type { Diagnostic } from '../../src/diagnostics/index.js'

const options = { requireReason: false, reportUnused: true }

/** A finding of `a/b` at each `X` and one of `c/d` at each `Y`. */
function findingsIn(text: string): readonly Diagnostic[] {
  return [...text.matchAll(/[XY]/g)].map(({ index, 0: letter }) => ({
    code: letter === 'X' ? 'a/b' : 'c/d',
    severity: 'warning',
    message: letter,
    span: { file: 'f', start: index, end: index + 1 }
  }))
}

/** What is left, and what is said of the comments, by line. */
function told(text: string, how = options): readonly string[] {
  return suppress(findingsIn(text), new Map([['f', text]]), how)
    .filter(({ suppressed }) => suppressed === undefined)
    .map(({ code, span }) => `${text.slice(0, span?.start).split('\n').length} ${code}`)
}

test.each([
  ['the next line', '# fcgi-conf-disable-next-line a/b\nX Y\nX', ['2 c/d', '3 a/b']],
  ['its own line', 'X # fcgi-conf-disable-line a/b -- so it is\nX', ['2 a/b']],
  ['several rules', '# fcgi-conf-disable-next-line a/b, c/d\nX Y', []],
  ['every rule', '# fcgi-conf-disable-next-line\nX Y', []],
  ['a block', '# fcgi-conf-disable a/b\nX\n# fcgi-conf-enable a/b\nX', ['4 a/b']],
  ['up to the end', 'X\n# fcgi-conf-disable a/b\nX\nX', ['1 a/b']],
  [
    'a block within a block',
    '# fcgi-conf-disable a/b\n# fcgi-conf-disable c/d\n# fcgi-conf-enable c/d\nX Y',
    ['4 c/d', '2 config/unused-suppression']
  ],
  ['the whole file', 'X\n# fcgi-conf-disable-file a/b\nX Y', ['3 c/d']],
  ['nothing', '# fcgi-conf-disable-next-line a/b\nY', ['2 c/d', '1 config/unused-suppression']],
  ['nothing, from within a word', 'a#fcgi-conf-disable-line a/b X', ['1 a/b']]
])('a comment suppresses %s', (_what, text, expected) => {
  expect(told(text)).toEqual(expected)
})

test('the reason stands behind two dashes', () => {
  const text = '# fcgi-conf-disable-next-line a/b -- it -- is so\r\nX'
  const [found] = suppress(findingsIn(text), new Map([['f', text]]), options)
  expect(found?.suppressed).toEqual({ kind: 'inSource', reason: 'it -- is so' })
})

test('a reason can be demanded', () => {
  const text = '# fcgi-conf-disable-next-line a/b\nX'
  expect(told(text, { ...options, requireReason: true })).toEqual(['1 config/suppression-without-reason'])
})

test('what keeps a file from being read is told all the same', () => {
  const text = '# fcgi-conf-disable-file'
  const broken: Diagnostic = {
    code: 'syntax/x',
    severity: 'error',
    message: '',
    span: { file: 'f', start: 0, end: 0 }
  }
  expect(suppress([broken], new Map([['f', text]]), options)[0]).toEqual(broken)
})
