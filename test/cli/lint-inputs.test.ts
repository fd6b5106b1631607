import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'
import type { Around } from './terminal.js'

const server = 'server { listen 8080; location / { fastcgi_pass unix:/run/a.sock; } }\n'
const main = `events {}\nhttp { include conf.d/*.conf; }\n`
const typo = server.replace('fastcgi_pass', 'fastcgi_pas')

/** The lines of the compact report: file, line and code of each finding. */
async function found(args: readonly string[], around: Around): Promise<readonly string[]> {
  const { out, err } = await fcgiConf(['lint', '-f', 'compact', ...args], around)
  expect(err).toBe('')
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^(.*?:\d+):.*\[(.*)\]$/, '$1 $2'))
}

describe('a folder', () => {
  test('is searched for configurations, and nothing else is looked at', async () => {
    const cwd = folderWith({
      'a/nginx.conf': main,
      'a/conf.d/site.conf': typo,
      'b/lighttpd.conf': 'server.document-root = "/srv"\nserver.prt = 80\n',
      'b/other.conf': '[section]\nname = 1\n',
      'b/index.php': '<?php ?>',
      'node_modules/x/nginx.conf': main + typo
    })
    expect(await found(['.'], { cwd })).toEqual([
      'b/lighttpd.conf:2 config/unknown-key',
      'a/conf.d/site.conf:1 config/unknown-key'
    ])
  })

  test('gives what its ignore files leave', async () => {
    const files = {
      '.gitignore': 'old/\n',
      '.fcgi-confignore': '*.conf\n!new.conf\n',
      'old/nginx.conf': typo,
      'x.conf': typo,
      'new.conf': typo
    }
    const cwd = folderWith(files)
    expect(await found(['.'], { cwd })).toEqual(['new.conf:1 config/unknown-key'])
    expect(await found(['.', '--no-ignore'], { cwd })).toHaveLength(3)
  })

  test('that links lead round in is searched once', async () => {
    const cwd = folderWith({ 'a/nginx.conf': typo })
    symlinkSync('..', join(cwd, 'a/up'))
    expect(await found(['.'], { cwd })).toEqual(['a/nginx.conf:1 config/unknown-key'])
  })

  test('without a configuration is an error, unless that is allowed', async () => {
    const cwd = folderWith({ 'a/readme': 'x', 'b/x.conf': 'nothing = of this\n' })
    for (const folder of ['a', 'b']) {
      const { exitCode, err } = await fcgiConf(['lint', folder], { cwd })
      expect(exitCode).toBe(2)
      expect(err).toContain('--no-error-on-unmatched-pattern')
    }
    expect((await fcgiConf(['lint', 'a', '--no-error-on-unmatched-pattern'], { cwd })).exitCode).toBe(0)
  })
})

describe('a file that another one includes', () => {
  const cwd = (): string =>
    folderWith({ 'nginx.conf': main, 'conf.d/a.conf': `${server}include x;\n`, x: 'fastcgi_pas 1;\n' })

  test('is linted in its place, and not again by itself', async () => {
    expect(await found(['conf.d/a.conf', 'nginx.conf', 'x'], { cwd: cwd() })).toEqual([
      'x:1 config/unknown-key'
    ])
  })

  test('is so whatever its includer is called', async () => {
    const inOrder = folderWith({
      'a.conf': server,
      'z.conf': `events {}\nhttp { include a.conf; lisen 1; }\n`
    })
    expect(await found(['a.conf', 'z.conf'], { cwd: inOrder })).toEqual(['z.conf:2 config/unknown-key'])
  })
})

test('a pattern gives the files that fit', async () => {
  const cwd = folderWith({ 'a/x.conf': typo, 'b/y.conf': typo, 'b/z.txt': typo })
  expect(await found(['*/*.conf'], { cwd })).toEqual([
    'a/x.conf:1 config/unknown-key',
    'b/y.conf:1 config/unknown-key'
  ])
  expect((await fcgiConf(['lint', '*/*.cnf'], { cwd })).exitCode).toBe(2)
})

test('lists name files, of which those count that are configurations', async () => {
  const cwd = folderWith({ 'x.conf': typo, 'readme.md': '# hello\n', list: 'x.conf\nreadme.md\n' })
  const expected = ['x.conf:1 config/unknown-key']
  expect(await found(['@list'], { cwd })).toEqual(expected)
  expect(await found(['--files-from', 'list'], { cwd })).toEqual(expected)
  expect(await found(['--files-from', '-'], { cwd, stdin: 'readme.md\0x.conf\0' })).toEqual(expected)
})

test('a comment says what a file is written for', async () => {
  const cwd = folderWith({
    x: '# fcgi-conf-dialect lighttpd\nserver.listn = 80\n',
    y: '# fcgi-conf-dialect ngnix\nlisten 80;\n'
  })
  expect(await found(['x'], { cwd })).toContain('x:2 config/unknown-key')
  const { exitCode, out } = await fcgiConf(['lint', 'y'], { cwd })
  expect(exitCode).toBe(2)
  expect(out).toContain('did you mean `nginx`?')
})

describe('comments in a file', () => {
  const text = `# fcgi-conf-disable-next-line config/unknown-key -- our module\n${typo}`

  test('suppress findings, which reports for programs keep', async () => {
    const cwd = folderWith({ 'x.conf': text })
    const { exitCode, out } = await fcgiConf(['lint', '-f', 'json', 'x.conf'], { cwd })
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      summary: { error: 0 },
      files: [
        {
          findings: [{ ruleId: 'config/unknown-key', suppressed: { kind: 'inSource', reason: 'our module' } }]
        }
      ]
    })
  })

  test('can be left out of account', async () => {
    const cwd = folderWith({ 'x.conf': text })
    expect((await fcgiConf(['lint', '--no-inline-config', 'x.conf'], { cwd })).exitCode).toBe(1)
  })
})

test('what would not survive a conversion is told where it stands', async () => {
  const text =
    'server.document-root = "/srv"\nserver.modules = ("mod_fastcgi")\nfastcgi.server = (\n".php" => ((\n"bin-path" => "/usr/bin/php-cgi",\n"socket" => "/run/p")))\n'
  const cwd = folderWith({ 'lighttpd.conf': text })
  const without = await found(['lighttpd.conf'], { cwd })
  const further = (await found(['--target', 'nginx', 'lighttpd.conf'], { cwd })).filter(
    (line) => !without.includes(line)
  )
  expect(further).toContain('lighttpd.conf:5 portability/manual')
  expect(further.every((line) => line.includes('portability/'))).toBe(true)
  const same = await found(['--target', 'lighttpd', 'lighttpd.conf'], { cwd })
  expect(same.filter((line) => /portability\/(lost|manual)/.test(line))).toEqual([])
})

test('rules are listed, for people and for programs', async () => {
  expect((await fcgiConf(['rules'])).out).toMatch(/^config\/unknown-key +error +/m)
  const listed: unknown = JSON.parse((await fcgiConf(['rules', '--format', 'json'])).out)
  expect(listed).toMatchObject({
    rules: expect.arrayContaining([
      expect.objectContaining({ code: 'config/unknown-key', on: true })
    ]) as unknown
  })
})
