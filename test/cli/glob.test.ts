import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { expandBraces, glob } from '../../src/cli/glob.js'
import { folderWith } from './temporary.js'

const files = {
  'b.conf': '',
  'a.conf': '',
  'Z.conf': '',
  'a.txt': '',
  '.hidden.conf': '',
  'sub/one/x.conf': '',
  'sub/two/x.conf': '',
  'odd[1].conf': ''
}

function find(pattern: string, braces = false): readonly string[] {
  const folder = folderWith(files)
  return glob(join(folder, pattern), braces, existsSync).map((path) => relative(folder, path))
}

test.each([
  ['*.conf', ['Z.conf', 'a.conf', 'b.conf', 'odd[1].conf']],
  ['.*.conf', ['.hidden.conf']],
  ['?.conf', ['Z.conf', 'a.conf', 'b.conf']],
  ['[ab].conf', ['a.conf', 'b.conf']],
  ['[!a-z].conf', ['Z.conf']],
  ['sub/*/x.conf', ['sub/one/x.conf', 'sub/two/x.conf']],
  ['*/x.conf', []],
  ['odd\\[1\\].conf', ['odd[1].conf']],
  ['a.conf', ['a.conf']],
  ['missing.conf', []],
  ['{a,b}.conf', []]
])('%s finds %j', (pattern, found) => {
  expect(find(pattern)).toEqual(found)
})

test('braces are expanded where the server does so', () => {
  expect(find('{b,a}.conf', true)).toEqual(['a.conf', 'b.conf'])
})

test.each([
  ['a', ['a']],
  ['a{b,c}', ['ab', 'ac']],
  ['a{b,c{d,e}}', ['ab', 'acd', 'ace']],
  ['{a', ['{a']],
  ['a}', ['a}']]
])('%s stands for %j', (pattern, texts) => {
  expect([...expandBraces(pattern)].sort()).toEqual(texts)
})

test('braces that would make a million texts come to an end', () => {
  expect(expandBraces('{a,b}'.repeat(20)).length).toBeLessThanOrEqual(1000)
})
