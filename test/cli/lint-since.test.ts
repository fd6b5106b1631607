import { spawnSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const server = (directive: string): string => `server {\n    listen 8080;\n    ${directive};\n}\n`

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf8' })
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.trim()
}

/** A repository with one commit of these files, called `before`. */
function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folderWith(files)
  git(cwd, 'init', '-q')
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-q', '-m', 'before')
  git(cwd, 'tag', 'before')
  return cwd
}

const since = async (cwd: string, ...options: readonly string[]): Promise<readonly string[]> => {
  const { out, err } = await fcgiConf(['lint', '-f', 'compact', '--since', 'before', ...options, '.'], {
    cwd
  })
  expect(err).toBe('')
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/:\d+: .*/, ''))
}

test('only what stands in changed lines is told: committed, changed since, or in new files', async () => {
  const cwd = repository({
    'old.conf': server('indx a'),
    'grown.conf': server('indx b'),
    'sub/a "b".conf': server('index c')
  })
  appendFileSync(join(cwd, 'grown.conf'), server('indx d'))
  git(cwd, 'commit', '-q', '-am', 'after')
  writeFileSync(join(cwd, 'sub/a "b".conf'), server('indx c'))
  writeFileSync(join(cwd, 'new.conf'), server('indx e'))
  expect(await since(cwd)).toEqual(['grown.conf:7', 'new.conf:3', 'sub/a "b".conf:3'])
  expect((await fcgiConf(['lint', '--since', 'HEAD', 'old.conf', 'grown.conf'], { cwd })).exitCode).toBe(0)
})

test('what came to the other branch meanwhile is no change of this one', async () => {
  const cwd = repository({ 'one.conf': server('index a') })
  git(cwd, 'checkout', '-q', '-b', 'other')
  writeFileSync(join(cwd, 'one.conf'), server('indx a'))
  git(cwd, 'commit', '-q', '-am', 'elsewhere')
  git(cwd, 'checkout', '-q', '-b', 'mine', 'before')
  writeFileSync(join(cwd, 'two.conf'), server('indx b'))
  const { out } = await fcgiConf(['lint', '-f', 'compact', '--since', 'other', '.'], { cwd })
  expect(out).toMatch(/^two\.conf:3:/)
  expect(out).not.toContain('one.conf')
})

test('a file that cannot be read is told wherever it is', async () => {
  const cwd = repository({ 'nginx.conf': 'events {}\nhttp {\n' })
  const { exitCode, out } = await fcgiConf(['lint', '--since', 'before', '.'], { cwd })
  expect(exitCode).toBe(2)
  expect(out).toContain('syntax/unclosed-block')
})

test.each([
  ['a commit that is not there', 'nowhere', /git knows no commit `nowhere`/],
  ['an option in its place', '--output=x', /git knows no commit `--output=x`/]
])('%s is an error', async (_name, ref, message) => {
  const cwd = repository({ 'nginx.conf': server('index a') })
  const { exitCode, out, err } = await fcgiConf(['lint', `--since=${ref}`, '.'], { cwd })
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toMatch(message)
})

test('outside of a repository it is an error', async () => {
  const cwd = folderWith({ 'nginx.conf': server('index a') })
  const { exitCode, err } = await fcgiConf(['lint', '--since', 'HEAD', '.'], { cwd })
  expect(exitCode).toBe(2)
  expect(err).toContain('`--since` needs a git repository')
})
