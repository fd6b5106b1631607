import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lineStarts, positionAt } from '../../../src/diagnostics/index.js'
import { readLighttpd } from '../../../src/dialects/lighttpd/index.js'
import { memory } from './memory.js'

const folder = new URL('../../../fixtures/lighttpd/refused/', import.meta.url)

/** Each file's first line says the code and the line of each error; one of them keeps the server from starting. */
describe('what keeps the server from starting is told where it stands', () => {
  test.each(readdirSync(folder))('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const expected = /^# refused: (.+)\n/.exec(text)?.[1]?.split(', ')
    const { diagnostics, refused } = readLighttpd('/etc/a.conf', memory({ '/etc/a.conf': text }), {
      name: 'lighttpd'
    })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const starts = lineStarts(text)
    const line = (start: number): string => String(positionAt(starts, start).line)
    expect(errors.map(({ code, span }) => `${code} ${line(span?.start ?? -1)}`)).toEqual(expected)
    expect(refused).toBe(true)
  })
})
