import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const typo = 'events {}\nhttp { server { listen 8080; location / { fastcgi_pas unix:/run/a.sock; } } }\n'

/** The findings in `nginx.conf` below `sites`, as level and code, with these files beside it. */
async function found(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<readonly string[]> {
  const cwd = folderWith({ 'sites/nginx.conf': typo, ...files })
  const { out, err } = await fcgiConf(['lint', '-f', 'compact', 'sites/nginx.conf', ...args], { cwd })
  expect(err).toBe('')
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^.*?:\d+:\d+: (\w+): .*\[(.*)\]$/, '$1 $2'))
}

const level = (to: string): string => JSON.stringify({ rules: { 'config/unknown-key': to } })

describe('a configuration file', () => {
  test.each([
    ['in JSON with comments', { '.fcgi-conf.json': `// so\n${level('warn')}` }],
    ['under the other name', { '.fcgi-conf.jsonc': level('warn') }],
    ['in YAML', { '.fcgi-conf.yaml': 'rules:\n  config/unknown-key: warn\n' }],
    ['in package.json', { 'package.json': `{ "name": "x", "fcgi-conf": ${level('warn')} }` }],
    ['as a module', { 'fcgi-conf.config.mjs': `export default ${level('warn')}\n` }],
    ['beside the file', { 'sites/.fcgi-conf.json': level('warn'), '.fcgi-conf.json': level('off') }],
    [
      'that extends another',
      { '.fcgi-conf.json': '{ "extends": "./base.json" }', 'base.json': level('warn') }
    ],
    [
      'with an override',
      {
        '.fcgi-conf.json': `{ "rules": { "config/unknown-key": "off" }, "overrides": [{ "files": ["sites/**"], "rules": { "config/unknown-key": ["warn", {}] } }] }`
      }
    ]
  ])('is found %s', async (_how, files) => {
    expect(await found(files)).toEqual(['warning config/unknown-key'])
  })

  test('turns rules off', async () => {
    expect(await found({ '.fcgi-conf.json': level('off') })).toEqual([])
  })

  test('names directives of other modules', async () => {
    expect(await found({ '.fcgi-conf.json': '{ "knownDirectives": ["fastcgi_pa*"] }' })).toEqual([])
    expect(await found({ '.fcgi-conf.json': '{ "knownDirectives": ["fastcgi_pa"] }' })).toHaveLength(1)
  })

  test('is not looked for above a root', async () => {
    const files = { '.fcgi-conf.json': level('off'), 'sites/.fcgi-conf.json': '{ "root": true }' }
    expect(await found(files)).toEqual(['error config/unknown-key'])
  })

  test('can be named, or left out', async () => {
    const files = { '.fcgi-conf.json': level('off'), 'other.json': level('info') }
    expect(await found(files, '--config', 'other.json')).toEqual(['note config/unknown-key'])
    expect(await found(files, '--no-config')).toEqual(['error config/unknown-key'])
  })

  test('says what is not to be looked at', async () => {
    const cwd = folderWith({
      'a/nginx.conf': typo,
      'b/nginx.conf': typo,
      '.fcgi-conf.json': '{ "ignore": ["b/"] }'
    })
    const { out } = await fcgiConf(['lint', '-f', 'compact', '.'], { cwd })
    expect(out).toMatch(/^a\/nginx\.conf:.*\n$/)
  })

  test('says what a file is written for', async () => {
    const cwd = folderWith({ x: 'server.listn = 80\n', '.fcgi-conf.json': '{ "dialect": "lighttpd" }' })
    expect((await fcgiConf(['lint', 'x'], { cwd })).out).toContain('unknown directive `server.listn`')
  })

  test('can demand reasons', async () => {
    const text = `# fcgi-conf-disable-file config/unknown-key\n${typo}`
    const files = { 'sites/nginx.conf': text, '.fcgi-conf.json': '{ "requireSuppressionReason": true }' }
    expect(await found(files)).toEqual(['warning config/suppression-without-reason'])
  })
})

describe('what is wrong in one ends with 2 and says where and what was meant', () => {
  test.each([
    [
      'a key',
      '.fcgi-conf.json',
      '{\n  "ruls": {}\n}',
      /\.fcgi-conf\.json:2:3: `ruls`: there is no key `ruls`\n {2}help: did you mean `rules`\?/
    ],
    [
      'a rule',
      '.fcgi-conf.json',
      '{ "rules": { "config/unknwon-key": "off" } }',
      /:1:14: .*no rule `config\/unknwon-key`\n {2}help: did you mean `config\/unknown-key`/
    ],
    [
      'a level',
      '.fcgi-conf.yaml',
      'rules:\n  config/unknown-key: loud\n',
      /\.yaml:2:23: `rules\.config\/unknown-key`: it must be/
    ],
    [
      'an option',
      '.fcgi-conf.json',
      '{ "rules": { "config/unknown-key": ["warn", { "x": 1 }] } }',
      /no option `x` of this rule/
    ],
    ['the form', '.fcgi-conf.json', '{ "rules": ', /\.fcgi-conf\.json:1:\d+: it is no JSON/],
    ['a circle', '.fcgi-conf.json', '{ "extends": "./.fcgi-conf.json" }', /extends itself/],
    ['a file it extends', '.fcgi-conf.json', '{ "extends": "strickt" }', /cannot read the configuration file/]
  ])('%s', async (_what, file, text, message) => {
    const cwd = folderWith({ 'nginx.conf': typo, [file]: text })
    const { exitCode, err } = await fcgiConf(['lint', 'nginx.conf'], { cwd })
    expect(exitCode).toBe(2)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

describe('fcgi-conf config', () => {
  test('writes one that is valid, and never over another', async () => {
    const cwd = folderWith({})
    expect((await fcgiConf(['config', 'init'], { cwd })).exitCode).toBe(0)
    expect((await fcgiConf(['config', 'validate'], { cwd })).out).toMatch(/\.fcgi-conf\.json: fine/)
    const text = readFileSync(join(cwd, '.fcgi-conf.json'), 'utf8')
    expect((await fcgiConf(['config', 'init'], { cwd })).exitCode).toBe(2)
    expect(readFileSync(join(cwd, '.fcgi-conf.json'), 'utf8')).toBe(text)
  })

  test('prints what holds for a file, with where it comes from', async () => {
    const cwd = folderWith({
      '.fcgi-conf.json': level('off'),
      'a/.fcgi-conf.json': '{ "target": { "nginx": "1.18.0" } }'
    })
    const printed: unknown = JSON.parse((await fcgiConf(['config', 'print', 'a/x.conf'], { cwd })).out)
    expect(printed).toMatchObject({
      from: [join(cwd, '.fcgi-conf.json'), join(cwd, 'a/.fcgi-conf.json')],
      target: { nginx: '1.18.0' },
      rules: { 'config/unknown-key': { severity: 'off' } }
    })
  })

  test('prints the schema', async () => {
    expect(JSON.parse((await fcgiConf(['config', 'schema'])).out)).toHaveProperty('$id')
  })
})
