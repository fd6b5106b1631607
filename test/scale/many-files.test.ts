import { expect, test } from 'vitest'
import { readIo } from '../../src/cli/files.js'
import { folderWith } from '../cli/temporary.js'
import { fcgiConf } from '../cli/terminal.js'

test('ten thousand files are found', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `many/${String(index).padStart(5, '0')}.conf`)
  const cwd = folderWith(Object.fromEntries(names.map((name) => [name, ''])))
  expect(readIo({ cwd, env: {} }).glob('many/*.conf', { braces: false })).toEqual(names)
})

test('an include of ten thousand files is read', async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `many/${index}.conf`)
  const cwd = folderWith({
    'nginx.conf': 'events {}\nhttp { include many/*.conf; }\n',
    ...Object.fromEntries(names.map((name, index) => [name, `upstream u${index} { server unix:/run/a; }\n`]))
  })
  const { exitCode, out } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
  expect(out).toMatch(/^No findings/)
  expect(exitCode).toBe(0)
})
