import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'
import type { Ran } from './terminal.js'

const good = 'events {}\nhttp { server { listen 8080; location / { fastcgi_pass unix:/run/a.sock; } } }\n'
const typo = good.replace('fastcgi_pass', 'fastcgi_pas')
const broken = good.replace('} } }', '}')

test('a clean file ends with 0', async () => {
  const cwd = folderWith({ 'nginx.conf': good })
  expect(await fcgiConf(['lint', 'nginx.conf'], { cwd })).toEqual({
    exitCode: 0,
    out: 'No findings in 1 file.\n',
    err: ''
  })
})

test('a finding ends with 1 and is shown in its place, with what was meant', async () => {
  const cwd = folderWith({ 'nginx.conf': typo })
  const { exitCode, out } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
  expect(exitCode).toBe(1)
  expect(out).toMatch(/^nginx\.conf$/m)
  expect(out).toContain('2:43 error unknown directive `fastcgi_pas`  config/unknown-key')
  expect(out).toContain('did you mean `fastcgi_pass`?')
})

test('a file that cannot be parsed ends with 2', async () => {
  const cwd = folderWith({ 'nginx.conf': broken })
  const { exitCode, out } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
  expect(exitCode).toBe(2)
  expect(out).toContain('syntax/')
})

describe('what fails is for the user to say', () => {
  test.each([
    [['--fail-on', 'never'], 0],
    [['--exit-zero'], 0],
    [['--fail-on', 'warn'], 1],
    [['--strict'], 1],
    [['--max-warnings', '0'], 1],
    [['--quiet'], 1]
  ])('%j', async (options, exitCode) => {
    const cwd = folderWith({ 'nginx.conf': typo })
    expect((await fcgiConf(['lint', ...options, 'nginx.conf'], { cwd })).exitCode).toBe(exitCode)
  })
})

describe('input that cannot be used gets one clear message and ends with 2', () => {
  test.each([
    ['a missing file', 'missing.conf', /cannot read `missing\.conf`: there is no such file/],
    ['a binary file', 'binary', /it is no text: there is a NUL byte at offset 4/],
    ['an empty file', 'empty', /this file is empty/],
    ['a file of blanks', 'blank', /this file is empty/],
    ['a circular link', 'loop', /symbolic links go round/],
    ['a configuration of another program', 'ini', /looks like a configuration|known to|no directive/],
    ['a script', 'script', /looks like a configuration|known to|no directive/],
    ['JSON that is no model', 'package.json', /no model of a configuration/],
    ['JSON that is broken', 'half.json', /is none/]
  ])('%s', async (_name, file, message) => {
    const cwd = folderWith({
      binary: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1),
      empty: '',
      blank: ' \n\n',
      ini: '[section]\nname = value\n\n[other]\nname2 = value\n',
      script: '#!/bin/sh\necho hello\nexit 0\n',
      'package.json': '{ "name": "x" }',
      'half.json': '{ "schema": 1'
    })
    symlinkSync('loop', join(cwd, 'loop'))
    const { exitCode, out, err } = await fcgiConf(['lint', file], { cwd })
    expect(exitCode).toBe(2)
    expect(out).toMatch(message)
    expect(out).toContain('1 error')
    expect(`${out}${err}`).not.toMatch(/^\s+at .*:\d+:\d+/m)
    const other = await fcgiConf(['convert', '--to', 'nginx', file], { cwd })
    expect(other.exitCode).toBe(2)
    expect(other.out).toBe('')
    expect(other.err).toMatch(message)
  })

  test('the other files are linted all the same', async () => {
    const cwd = folderWith({ 'nginx.conf': typo })
    const { exitCode, out } = await fcgiConf(['lint', 'missing.conf', 'nginx.conf'], { cwd })
    expect(exitCode).toBe(2)
    expect(out).toContain('config/unknown-key')
  })

  test('json parses all the same', async () => {
    const { out } = await fcgiConf(['lint', '--format', 'json', 'missing.conf'], { cwd: folderWith({}) })
    expect(JSON.parse(out)).toMatchObject({ summary: { error: 1 }, files: [{ path: 'missing.conf' }] })
  })
})

test('a text that could be of several servers is not guessed at', async () => {
  const cwd = folderWith({ x: '# nothing but a comment\n' })
  const { exitCode, out } = await fcgiConf(['lint', 'x'], { cwd })
  expect(exitCode).toBe(2)
  expect(out).toContain('--from')
})

test('a circular include is a finding', async () => {
  const cwd = folderWith({
    'nginx.conf': 'events {}\nhttp { include a.conf; }\n',
    'a.conf': 'include a.conf;\n'
  })
  const { exitCode, out } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
  expect(exitCode).toBe(1)
  expect(out).toContain('include/circular')
})

test('bytes that are no UTF-8 are no trouble', async () => {
  const cwd = folderWith({ 'nginx.conf': Buffer.from(`# caf\xe9\n${good}`, 'latin1') })
  expect((await fcgiConf(['lint', 'nginx.conf'], { cwd })).exitCode).toBe(0)
})

test('- is standard input, under the name it is given', async () => {
  const { exitCode, out } = await fcgiConf(
    ['lint', '-', '--stdin-filename', 'conf/nginx.conf', '-f', 'compact'],
    {
      stdin: typo,
      cwd: folderWith({})
    }
  )
  expect(exitCode).toBe(1)
  expect(out).toBe('conf/nginx.conf:2:43: error: unknown directive `fastcgi_pas` [config/unknown-key]\n')
})

test('below --root files are named as they stand on this disk', async () => {
  const cwd = folderWith({
    'tree/etc/nginx/nginx.conf': 'events {}\nhttp { include /etc/nginx/a.conf; }\n',
    'tree/etc/nginx/a.conf': 'server { lisen 80; }\n'
  })
  const args = ['lint', '--root', 'tree', '-f', 'compact', 'tree/etc/nginx/nginx.conf']
  const { out } = await fcgiConf(args, { cwd })
  expect(out).toMatch(/^tree\/etc\/nginx\/a\.conf:1:10: error: /)
})

describe('formats', () => {
  test('one to the terminal and one to a file', async () => {
    const cwd = folderWith({ 'nginx.conf': typo })
    const { out } = await fcgiConf(['lint', '-f', 'compact', '-f', 'json=found.json', 'nginx.conf'], { cwd })
    expect(out).toMatch(/^nginx\.conf:2:43:/)
    expect(JSON.parse(readFileSync(join(cwd, 'found.json'), 'utf8'))).toMatchObject({ summary: { error: 1 } })
  })

  test('from the environment', async () => {
    const cwd = folderWith({ 'nginx.conf': good })
    const { out } = await fcgiConf(['lint', 'nginx.conf'], { cwd, env: { FCGI_CONF_FORMAT: 'json' } })
    expect(JSON.parse(out)).toMatchObject({ version: 1, files: [{ path: 'nginx.conf', dialect: 'nginx' }] })
  })

  test('a file that cannot be written is a message', async () => {
    const cwd = folderWith({ 'nginx.conf': good })
    const { exitCode, err } = await fcgiConf(['lint', '-o', 'no/such/folder', 'nginx.conf'], { cwd })
    expect(exitCode).toBe(2)
    expect(err).toContain('cannot write `no/such/folder`')
  })
})

describe('colours', () => {
  test.each([
    ['not for a file', {}, false, [], false],
    ['for a terminal', {}, true, [], true],
    ['not for a dumb one', { TERM: 'dumb' }, true, [], false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, true, [], false],
    ['with FORCE_COLOR', { FORCE_COLOR: '1' }, false, [], true],
    ['with --color always', { NO_COLOR: '1' }, false, ['--color', 'always'], true],
    ['not with --color never', { FORCE_COLOR: '1' }, true, ['--color', 'never'], false]
  ])('%s', async (_name, env, isTTY, options, coloured) => {
    const cwd = folderWith({ 'nginx.conf': good })
    const { out } = await fcgiConf(['lint', ...options, 'nginx.conf'], { cwd, env, isTTY })
    expect(out.includes('\u001b[')).toBe(coloured)
  })
})

describe('in GitHub Actions', () => {
  const onGithub = (args: readonly string[]): Promise<Ran> =>
    fcgiConf(['lint', 'nginx.conf', ...args], {
      cwd: folderWith({ 'nginx.conf': typo }),
      env: { GITHUB_ACTIONS: 'true' }
    })

  test('its commands come behind the text', async () => {
    expect((await onGithub([])).out).toMatch(/can be fixed\.\n::error file=nginx\.conf,line=2,/)
  })

  test.each([['json'], ['compact']])('nothing disturbs %s', async (format) => {
    expect((await onGithub(['--format', format])).out).not.toContain('::error')
  })

  test('the summary of the job is added to where that is asked for', async () => {
    const cwd = folderWith({
      'nginx.conf': 'events {}\nhttp { server { listen 8080; fastcgi_pas a; } }\n',
      'sum.md': 'before\n'
    })
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'sum.md') }
    await fcgiConf(['lint', '-f', 'compact', 'nginx.conf'], { cwd, env })
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe('before\n')
    await fcgiConf(['lint', '-f', 'compact', '--summary', 'nginx.conf'], { cwd, env })
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(
      /^before\n\*\*1 error[^]*`config\/unknown-key` \|\n$/
    )
  })

  test('they are not told twice', async () => {
    expect((await onGithub(['--format', 'text', '--format', 'github'])).out.match(/::error/g)).toHaveLength(1)
  })
})
