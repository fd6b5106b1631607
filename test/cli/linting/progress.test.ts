import { expect, test } from 'vitest'
import { Progress } from '../../../src/cli/linting/progress.js'

/** What is said of 3 files when each takes so many milliseconds. */
function said(milliseconds: number, isErrTTY: boolean, env: Readonly<Record<string, string>> = {}): string {
  let text = ''
  let time = 0
  const io = { err: (more: string) => void (text += more), env, isErrTTY }
  const progress = new Progress(3, io, () => time)
  for (let file = 0; file < 3; file++) {
    time += milliseconds
    progress.step()
  }
  progress.end()
  return text
}

test('a long run says on a terminal how far it is, and takes that away in the end', () => {
  expect(said(900, true)).toBe('\r2 of 3 files\r3 of 3 files\r            \r')
})

test('a short run, and one that nobody looks at, says nothing', () => {
  expect([said(9, true), said(900, false), said(900, true, { TERM: 'dumb' })]).toEqual(['', '', ''])
})
