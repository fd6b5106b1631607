import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeAll } from '../../src/cli/output.js'
import { folderWith } from './temporary.js'

const files = [
  { path: 'nginx.conf', text: 'main\n' },
  { path: 'units/app.service', text: 'unit\n' },
  { path: 'start.sh', text: '#!/bin/sh\n', executable: true }
]

function written(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.') && !statSync(join(folder, name)).isDirectory())
    .sort()
}

test('writes all files, makes folders, and sets what may be executed', () => {
  const folder = join(folderWith({}), 'out')
  writeAll(folder, files, false)
  expect(written(folder)).toEqual(['nginx.conf', 'start.sh', 'units/app.service'])
  expect(statSync(join(folder, 'start.sh')).mode & 0o111).toBe(0o111)
  expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).toBe('main\n')
})

test('writes bytes that are no UTF-8 as they were', () => {
  const folder = folderWith({})
  writeAll(folder, [{ path: 'a', text: '\udcff' }], false)
  expect([...readFileSync(join(folder, 'a'))]).toEqual([0xff])
})

test('overwrites what it wrote itself', () => {
  const folder = folderWith({})
  writeAll(folder, files, false)
  writeAll(folder, [{ path: 'nginx.conf', text: 'new\n' }], false)
  expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).toBe('new\n')
})

test.each([
  ['a file of someone else', () => folderWith({ 'nginx.conf': 'theirs\n' })],
  [
    'its own file that someone has changed since',
    () => {
      const folder = folderWith({})
      writeAll(folder, [{ path: 'nginx.conf', text: 'ours\n' }], false)
      writeFileSync(join(folder, 'nginx.conf'), 'theirs\n')
      return folder
    }
  ]
])('leaves %s alone, writes nothing, and gives in to --force', (_name, make) => {
  const folder = make()
  expect(() => writeAll(folder, files, false)).toThrow(/`nginx\.conf`/)
  expect(written(folder)).toEqual(['nginx.conf'])
  expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).toBe('theirs\n')
  writeAll(folder, files, true)
  expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).toBe('main\n')
})

test('writes nothing at all where one of the files cannot be written', () => {
  const folder = folderWith({ 'nginx.conf': 'old\n' })
  mkdirSync(join(folder, 'start.sh'))
  expect(() => writeAll(folder, files, true)).toThrow(/start\.sh/)
  expect(written(folder)).toEqual(['nginx.conf'])
  expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).toBe('old\n')
  expect(existsSync(join(folder, 'units'))).toBe(false)
})

test('a file in the way of the folder is a clear message', () => {
  const folder = folderWith({ out: 'a file' })
  expect(() => writeAll(join(folder, 'out'), files, false)).toThrow(/cannot write to/)
})

test('does not follow a link out of the folder', () => {
  const folder = folderWith({ 'in/x': '', 'out/x': '' })
  symlinkSync('../out', join(folder, 'in/units'))
  expect(() => writeAll(join(folder, 'in'), files, true)).toThrow(/leads out/)
  expect(readdirSync(join(folder, 'out'))).toEqual(['x'])
})

test.each(['../x', '/etc/x', 'a/../../x'])('does not write to %s', (path) => {
  expect(() => writeAll(folderWith({}), [{ path, text: '' }], true)).toThrow(/outside/)
})
