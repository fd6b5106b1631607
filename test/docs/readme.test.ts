import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { coverage, coveragePage, coverageTable } from '../../src/dialects/coverage.js'
import { loadDialects } from '../../src/dialects/index.js'
import { fcgiConf } from '../cli/terminal.js'

const file = fileURLToPath(new URL('../../README.md', import.meta.url))
const readme = readFileSync(file, 'utf8')
const cwd = fileURLToPath(new URL('../../fixtures/readme', import.meta.url))

const all = (await loadDialects()).map((dialect) => coverage(dialect.language, dialect.vocabulary))
const table = /(?<=<!-- coverage -->\n\n)[^]*?(?=\n*<!-- \/coverage -->)/
const session = /(?<=```console\n\$ fcgi-conf (.*)\n)[^]*?(?=```)/g

/** The README with everything in it that the tool says, said again. */
async function renewed(text: string): Promise<string> {
  const sessions = await Promise.all(
    [...text.matchAll(session)].map(async ([, args = '']) => {
      const { out, err } = await fcgiConf(args.split(' '), { cwd })
      return [out, err]
        .map((part) => part.trimEnd())
        .filter((part) => part !== '')
        .join('\n')
    })
  )
  let next = 0
  const said = text
    .replace(session, () => `${sessions[next++] ?? ''}\n`)
    .replace(table, () => `${coverageTable(all)}\n`)
  return format(said, { ...(await resolveConfig(file)), parser: 'markdown' })
}

test('the README shows what the commands print and what the vocabularies hold', async () => {
  expect(readme).toMatch(table)
  expect([...readme.matchAll(session)].length).toBeGreaterThan(2)
  await expect(await renewed(readme)).toMatchFileSnapshot('../../README.md')
})

test('the page of what is read is the one the vocabularies give', async () => {
  await expect(coveragePage(all)).toMatchFileSnapshot('../../docs/coverage.md')
})
