import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeBytes } from '../../src/diagnostics/index.js'
import { loadDialect } from '../../src/dialects/index.js'
import type { DialectName, ReadIo } from '../../src/dialects/index.js'
import { lint, rules } from '../../src/lint/index.js'

const seeds: readonly (readonly [DialectName, string])[] = [
  ['lighttpd', 'fixtures/bench/lighttpd-20.conf'],
  ['nginx', 'fixtures/bench/nginx-20.conf'],
  ['apache-proxy-fcgi', 'fixtures/bench/apache-20.conf']
]

/** What most easily leads a reader astray. */
const pieces = [
  '{',
  '}',
  '(',
  ')',
  '=>',
  ';',
  '"',
  "'",
  '\\',
  '<',
  '>',
  '</',
  '$',
  '%',
  '\0',
  '\r',
  '\xff',
  '#',
  '[',
  '(?<'
]

/** Numbers from 0 to 1, the same in every run. */
function numbers(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

function spoilt(bytes: string, next: () => number): string {
  const at = Math.floor(next() * bytes.length)
  const [before, behind] = [bytes.slice(0, at), bytes.slice(at)]
  const from = Math.floor(next() * bytes.length)
  switch (Math.floor(next() * 4)) {
    case 0:
      return before + (pieces[Math.floor(next() * pieces.length)] ?? '') + behind
    case 1:
      return before + behind.slice(Math.floor(next() * 30))
    case 2:
      return before + bytes.slice(from, from + 60) + behind
    default:
      return before + String.fromCharCode(Math.floor(next() * 256)) + behind.slice(1)
  }
}

function only(text: string): ReadIo {
  return {
    readFile: (path) =>
      path === 'a.conf'
        ? { kind: 'text', text }
        : { kind: 'failed', why: 'missing', message: 'there is none' },
    glob: () => [],
    filesBelow: () => undefined,
    kind: () => 'missing',
    environment: () => undefined
  }
}

test.each(seeds)('no rule fails on what %s may be given, whatever it is', async (name, file) => {
  const dialect = await loadDialect(name)
  const whole = readFileSync(file, 'latin1')
  const next = numbers(7)
  const failed: string[] = []
  for (let round = 0; round < 30; round++) {
    let bytes = whole
    for (let change = 0; change <= round % 6; change++) bytes = spoilt(bytes, next)
    const text = decodeBytes(Buffer.from(bytes, 'latin1'))
    const read = dialect.read('a.conf', only(text), { name })
    const { vocabulary } = dialect
    const found = lint({ ...read, name, vocabulary }, rules)
    for (const { code, message, span } of found) {
      if (code.startsWith('internal/')) failed.push(message)
      if (span !== undefined && span.file === 'a.conf' && span.end > text.length)
        failed.push(`${code}: ${message}`)
    }
  }
  expect(failed).toEqual([])
})
