import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../../src/lint/index.js'

const root = resolve(import.meta.dirname, '../..')

/** What stands before the slash of a code: everything else that looks alike is a media type or a module. */
const groups =
  /^(config|convert|fastcgi|include|input|internal|portability|serve|syntax|lighttpd|nginx|apache|verify)\//

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
}

const used = new Set(
  ['src', 'grammars']
    .flatMap(sources)
    .flatMap((text) =>
      [...text.matchAll(/'([a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*)'/g)].map((found) => found[1] ?? '')
    )
    .filter((code) => groups.test(code))
)
/** The readers of these put their own name before a code. */
for (const language of ['lighttpd', 'apache']) {
  for (const text of sources(`src/dialects/${language}`)) {
    for (const found of text.matchAll(/\.(?:refuse|refuseHere|leaveOut|warn|tell)\(\s*'([a-z0-9-]+)',/g))
      used.add(`${language}/${found[1] ?? ''}`)
  }
}
/** Why a file cannot be read is part of the code. */
const made = ['missing', 'directory', 'unreadable', 'binary', 'too-large'].map((why) => `input/${why}`)
const described = [...readFileSync(join(root, 'docs/codes.md'), 'utf8').matchAll(/^### `(.+)`$/gm)].map(
  (found) => found[1] ?? ''
)

test('every code that is not a rule stands in docs/codes.md', () => {
  const own = rules.map(({ code }) => code)
  expect([...used].filter((code) => !own.includes(code) && !described.includes(code)).sort()).toEqual([])
})

test('every code in docs/codes.md is used, and stands there once', () => {
  expect(described.filter((code) => !used.has(code) && !made.includes(code))).toEqual([])
  expect(described).toHaveLength(new Set(described).size)
})
