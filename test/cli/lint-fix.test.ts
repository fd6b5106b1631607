import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const good = 'server { listen 8080; location / { fastcgi_pass unix:/run/a.sock; } }\n'
const typo = good.replace('fastcgi_pass', 'fastcgi_pas')
const unused = '# fcgi-conf-disable-line config/unknown-key -- old\n'

const text = (cwd: string, name: string): string => readFileSync(join(cwd, name), 'utf8')

test('what is safe is fixed, the rest remains, and so does the exit code', async () => {
  const cwd = folderWith({ 'x.conf': unused + typo })
  const { exitCode, out } = await fcgiConf(['lint', '--fix', 'x.conf'], { cwd })
  expect(text(cwd, 'x.conf')).toBe(`\n${typo}`)
  expect(exitCode).toBe(1)
  expect(out).not.toContain('unused-suppression')
})

test('what is not is fixed on demand', async () => {
  const cwd = folderWith({ 'x.conf': typo })
  chmodSync(join(cwd, 'x.conf'), 0o640)
  expect((await fcgiConf(['lint', '--fix-unsafe', '--backup', 'x.conf'], { cwd })).exitCode).toBe(0)
  expect(text(cwd, 'x.conf')).toBe(good)
  expect(text(cwd, 'x.conf.orig')).toBe(typo)
  expect(statSync(join(cwd, 'x.conf')).mode & 0o777).toBe(0o640)
})

test('a dry run changes nothing, and tells what would remain', async () => {
  const cwd = folderWith({ 'x.conf': typo })
  expect((await fcgiConf(['lint', '--fix-unsafe', '--dry-run', 'x.conf'], { cwd })).exitCode).toBe(0)
  expect(text(cwd, 'x.conf')).toBe(typo)
})

test('a diff changes nothing either, and is all that is printed', async () => {
  const cwd = folderWith({ 'x.conf': typo })
  const { exitCode, out } = await fcgiConf(['lint', '--fix-unsafe', '--diff', 'x.conf'], { cwd })
  expect(exitCode).toBe(1)
  expect(out).toMatch(/^--- a\/x\.conf.*\n\+\+\+ b\/x\.conf.*\n@@ -1,1 \+1,1 @@\n-server.*\n\+server.*\n$/)
  expect(text(cwd, 'x.conf')).toBe(typo)
})

test('of standard input the result is printed, and the findings elsewhere', async () => {
  const args = ['lint', '--fix-unsafe', '-', '--stdin-filename', 'x.conf']
  const { out, err } = await fcgiConf(args, { cwd: folderWith({}), stdin: typo })
  expect(out).toBe(good)
  expect(err).toBe('No findings in 1 file.\n')
})

test('what lies elsewhere is not changed, not even through a link', async () => {
  const outside = folderWith({ 'shared.conf': typo })
  const cwd = folderWith({ 'main.conf': `events {}\nhttp { include ${outside}/shared.conf; }\n` })
  symlinkSync(join(outside, 'shared.conf'), join(cwd, 'link.conf'))
  for (const file of ['main.conf', 'link.conf']) {
    expect((await fcgiConf(['lint', '--fix-unsafe', file], { cwd })).exitCode).toBe(1)
  }
  expect(text(outside, 'shared.conf')).toBe(typo)
})

test('line ends and bytes that are no UTF-8 stay as they are', async () => {
  const bytes = Buffer.from(`# caf\xe9\r\n${typo.replace('\n', '\r\n')}`, 'latin1')
  const cwd = folderWith({ 'x.conf': bytes })
  await fcgiConf(['lint', '--fix-unsafe', 'x.conf'], { cwd })
  expect(readFileSync(join(cwd, 'x.conf')).toString('latin1')).toBe(
    `# caf\xe9\r\n${good.replace('\n', '\r\n')}`
  )
})

test('a backup that is there already is not written over', async () => {
  const cwd = folderWith({ 'x.conf': typo, 'x.conf.orig': 'mine' })
  const { exitCode, err } = await fcgiConf(['lint', '--fix-unsafe', '--backup', 'x.conf'], { cwd })
  expect(exitCode).toBe(2)
  expect(err).toContain('cannot change `x.conf`')
  expect(text(cwd, 'x.conf')).toBe(typo)
})
