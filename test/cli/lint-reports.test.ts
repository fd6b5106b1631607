import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const good = 'events {}\nhttp { server { listen 8080; location / { fastcgi_pass unix:/run/a.sock; } } }\n'
const typo = good.replace('fastcgi_pass', 'fastcgi_pas')

describe('the JSON report fits its published schema', () => {
  const schema = readFileSync(new URL('../../dist/findings.schema.json', import.meta.url), 'utf8')
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema))

  test.each([
    ['nothing found', ['a.conf'], { 'a.conf': good }],
    [
      'findings with related places and fixes',
      ['a.conf'],
      { 'a.conf': `${typo}${good}`.replaceAll('8080', '8080 http2') }
    ],
    ['findings that are suppressed', ['a.conf'], { 'a.conf': `# fcgi-conf-disable-file -- why\n${typo}` }],
    ['a part of the files', ['--shard', '1/1', 'a.conf'], { 'a.conf': typo }],
    ['a file that is not there', ['b.conf'], {}],
    ['a file that cannot be parsed', ['a.conf'], { 'a.conf': 'events {' }]
  ])('%s', async (_name, args, files) => {
    const { out } = await fcgiConf(['lint', '-f', 'json', ...args], { cwd: folderWith(files) })
    const report: unknown = JSON.parse(out)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
    expect(report).toMatchObject({ version: 1, schema: (JSON.parse(schema) as { $id: string }).$id })
  })

  test('and not everything does', () => {
    expect(validate({ version: 1 })).toBe(false)
  })
})

describe('--path-prefix', () => {
  const files = {
    'nginx.conf': typo.replace('events {}', 'events {}\ninclude ./more.conf;'),
    'more.conf': 'usr x;\n'
  }

  test.each([
    ['nginx.conf', 'repo/sites'],
    ['./nginx.conf', 'repo/sites/']
  ])('puts it in front of the paths of %s and what it includes', async (name, prefix) => {
    const cwd = folderWith(files)
    const { out } = await fcgiConf(['lint', '-f', 'compact', '--path-prefix', prefix, name], { cwd })
    expect(out).toMatch(/^repo\/sites\/nginx\.conf:3:/m)
    expect(out).toMatch(/^repo\/sites\/more\.conf:1:/m)
    expect(out.replace(/^repo\/sites\//gm, '')).not.toContain('repo/sites')
  })

  test('names what was named by a whole path as it lies below the working directory', async () => {
    const cwd = folderWith({ 'nginx.conf': typo })
    const { out } = await fcgiConf(['lint', '-f', 'json', '--path-prefix', 'r', join(cwd, 'nginx.conf')], {
      cwd
    })
    expect(JSON.parse(out)).toMatchObject({ files: [{ path: 'r/nginx.conf' }] })
  })

  test('leaves standard input alone', async () => {
    const { out } = await fcgiConf(['lint', '-f', 'json', '--path-prefix', 'r', '-'], { stdin: typo })
    expect(JSON.parse(out)).toMatchObject({ files: [{ path: '<stdin>' }] })
  })
})
