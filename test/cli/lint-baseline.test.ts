import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const site = (...lines: readonly string[]): string =>
  `events {}\nhttp {\n  server {\n    listen 8080;\n${lines.map((line) => `    ${line}\n`).join('')}  }\n}\n`
const one = site('fastcgi_pas a;')
const file = '.fcgi-conf-baseline.json'

async function lint(cwd: string, ...args: readonly string[]): Promise<readonly [number, readonly string[]]> {
  const { exitCode, out, err } = await fcgiConf(['lint', '-f', 'compact', ...args], { cwd })
  expect(err).toBe('')
  return [exitCode, out.split('\n').flatMap((line) => /\[(.*)\]$/.exec(line)?.[1] ?? [])]
}

const read = (cwd: string): unknown => JSON.parse(readFileSync(join(cwd, file), 'utf8'))

describe('a baseline', () => {
  test('hides what was there when it was written, and nothing that came since', async () => {
    const cwd = folderWith({ 'nginx.conf': one })
    expect(await lint(cwd, 'nginx.conf')).toEqual([1, ['config/unknown-key']])
    expect(await lint(cwd, '--update-baseline', 'nginx.conf')).toEqual([0, []])
    expect(await lint(cwd, 'nginx.conf')).toEqual([0, []])
    expect(await lint(cwd, '--no-baseline', 'nginx.conf')).toEqual([1, ['config/unknown-key']])
    writeFileSync(join(cwd, 'nginx.conf'), site('fastcgi_pas a;', 'fastcgi_pas a;'))
    expect(await lint(cwd, 'nginx.conf')).toEqual([1, ['config/unknown-key']])
  })

  test('still fits when lines are added above', async () => {
    const cwd = folderWith({ 'nginx.conf': one })
    await lint(cwd, '--update-baseline', 'nginx.conf')
    writeFileSync(
      join(cwd, 'nginx.conf'),
      `# a comment\n\n${one.replace('    fastcgi_pas', '  fastcgi_pas')}`
    )
    expect(await lint(cwd, 'nginx.conf')).toEqual([0, []])
  })

  test('counts by file and code', async () => {
    const cwd = folderWith({ 'nginx.conf': site('fastcgi_pas a;', 'fastcgi_pas b;') })
    await lint(cwd, '--update-baseline', 'nginx.conf')
    expect(read(cwd)).toMatchObject({
      version: 1,
      files: { 'nginx.conf': { 'config/unknown-key': { count: 2 } } }
    })
  })

  test('is not applied to what keeps a file from being read', async () => {
    const cwd = folderWith({ 'nginx.conf': one.replace(/\}\n$/, '') })
    const [exitCode, before] = await lint(cwd, '--update-baseline', 'nginx.conf')
    expect([exitCode, before.filter((code) => code.startsWith('syntax/')).length]).toEqual([2, 1])
  })

  test('keeps what is hidden in reports for programs', async () => {
    const cwd = folderWith({ 'nginx.conf': one })
    await lint(cwd, '--update-baseline', 'nginx.conf')
    const { out } = await fcgiConf(['lint', '-f', 'json', 'nginx.conf'], { cwd })
    expect(JSON.parse(out)).toMatchObject({
      files: [{ findings: [{ ruleId: 'config/unknown-key', suppressed: { kind: 'external' } }] }]
    })
  })

  test('stands where the configuration file says', async () => {
    const cwd = folderWith({
      'a/.fcgi-conf.json': '{ "root": true, "baseline": "../known.json" }',
      'a/nginx.conf': one
    })
    await lint(join(cwd, 'a'), '--update-baseline', 'nginx.conf')
    expect(JSON.parse(readFileSync(join(cwd, 'known.json'), 'utf8'))).toHaveProperty([
      'files',
      'a/nginx.conf'
    ])
    expect(await lint(join(cwd, 'a'), 'nginx.conf')).toEqual([0, []])
  })

  test('that cannot be used ends the command', async () => {
    for (const [text, message] of [
      ['{', 'cannot read the baseline'],
      ['{"version":2,"files":{}}', 'it is no baseline'],
      [
        '{"version":1,"files":{"a":{"b/c":{"count":2,"fingerprints":["x"]}}}}',
        'it counts 2 findings and names 1'
      ]
    ] as const) {
      const { exitCode, err } = await fcgiConf(['lint', 'nginx.conf'], {
        cwd: folderWith({ 'nginx.conf': one, [file]: text })
      })
      expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
    }
  })
})

describe('what a baseline knows and is found no more', () => {
  const fixed = async (): Promise<string> => {
    const cwd = folderWith({ 'nginx.conf': one, 'b/lighttpd.conf': 'server.prt = 80\nserver.port = 8080\n' })
    await lint(cwd, '--update-baseline', 'nginx.conf', 'b/lighttpd.conf')
    writeFileSync(join(cwd, 'nginx.conf'), site())
    writeFileSync(join(cwd, 'b/lighttpd.conf'), 'server.port = 8080\n')
    return cwd
  }

  test('fails, unless that is allowed, and only where its file is looked at', async () => {
    const cwd = await fixed()
    const { exitCode, out } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
    expect(exitCode).toBe(1)
    expect(out).toContain(
      '1 finding of the baseline `.fcgi-conf-baseline.json` is found no more: 1 of `config/unknown-key` in `nginx.conf`'
    )
    expect(await lint(cwd, '--pass-on-unpruned-baseline', 'nginx.conf')).toEqual([0, []])
  })

  test.each(['--prune-baseline', '--update-baseline'])(
    'goes with %s, and that of other files stays',
    async (option) => {
      const cwd = await fixed()
      expect(await lint(cwd, option, 'nginx.conf')).toEqual([0, []])
      expect(Object.keys((read(cwd) as { readonly files: object }).files)).toEqual(['b/lighttpd.conf'])
      expect(await lint(cwd, 'nginx.conf')).toEqual([0, []])
    }
  )

  test('is noticed in a file that is only included', async () => {
    const cwd = folderWith({
      'nginx.conf': 'events {}\nhttp { include a.conf; }\n',
      'a.conf': 'fastcgi_pas 1;\n'
    })
    await lint(cwd, '--update-baseline', 'nginx.conf')
    writeFileSync(join(cwd, 'a.conf'), '# nothing\n')
    expect(await lint(cwd, 'nginx.conf')).toEqual([1, ['config/unused-baseline']])
  })

  test('that is pruned lets nothing new in', async () => {
    const cwd = await fixed()
    writeFileSync(join(cwd, 'nginx.conf'), site('fastcgi_pas other;'))
    expect(await lint(cwd, '--prune-baseline', 'nginx.conf')).toEqual([1, ['config/unknown-key']])
  })
})

test('the time of each rule is printed beside the findings', async () => {
  const { err, out } = await fcgiConf(['lint', '--timing', 'nginx.conf'], {
    cwd: folderWith({ 'nginx.conf': one })
  })
  expect(err).toMatch(/^config\/unknown-key +\d+\.\d ms +\d+\.\d %$/m)
  expect(err).toMatch(/^whole run /m)
  expect(out).toContain('config/unknown-key')
})
