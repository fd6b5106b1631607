import { expect, test } from 'vitest'
import { codeFrame, printable } from '../../src/diagnostics/frame.js'

const none = { gutter: (text: string) => text, mark: (text: string) => text }

function frame(text: string, wanted: string): string {
  const start = text.indexOf(wanted)
  return codeFrame(text, { file: 'a', start, end: start + wanted.length }, none)
}

test('shows the line before and behind, and carets under the whole place', () => {
  expect(frame('one\ntwo three\nfour\nfive\n', 'three')).toBe(
    ['    1 | one', '  > 2 | two three', '      |     ^^^^^', '    3 | four'].join('\n')
  )
})

test('keeps tabs, so that carets stand where the text does', () => {
  expect(frame('\tuser x;', 'x').split('\n')[1]).toBe('      | \t     ^')
})

test('marks one column where the place is empty', () => {
  expect(codeFrame('abc', { file: 'a', start: 3, end: 3 }, none).split('\n')[1]).toMatch(/ {4}\^$/)
})

test('marks to the end of the line where the place goes on behind it', () => {
  expect(frame('a {\n b\n}\n', '{\n b\n}').split('\n')[1]).toMatch(/\| {3}\^$/)
})

test('cuts a line of a megabyte around the place', () => {
  const text = `${'x'.repeat(1_000_000)}HERE${'y'.repeat(1_000_000)}`
  const shown = frame(text, 'HERE')
  expect(shown).toContain('HERE')
  expect(shown.length).toBeLessThan(400)
})

test.each([
  ['escape sequences', 'a\u001b[31mb'],
  ['bytes that are no UTF-8', 'a\udcffb'],
  ['marks that turn the direction of text', 'a\u202eb']
])('does not let %s through to the terminal', (_name, text) => {
  expect(printable(text)).toMatch(/^a\ufffd/)
})
