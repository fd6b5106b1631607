import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const main = 'events {}\nhttp { include conf.d/*.conf; fastcgi_pas 1; }\n'
const files = { 'nginx.conf': main, 'conf.d/a.conf': 'server { listen 8080; }\n' }

async function lint(cwd: string, ...args: readonly string[]): Promise<string> {
  const { out, err } = await fcgiConf(
    ['lint', '-f', 'compact', '--cache', '--cache-location', 'kept', ...args, 'nginx.conf'],
    { cwd }
  )
  expect(err).toBe('')
  return out
}

/** Changes what is kept, so that it shows in the output whether that was used. */
function mark(cwd: string): void {
  for (const name of readdirSync(join(cwd, 'kept'))) {
    const file = join(cwd, 'kept', name)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('unknown directive', 'kept directive'))
  }
}

describe('with a cache', () => {
  test('what did not change is not looked at again, and is told as it was', async () => {
    const cwd = folderWith(files)
    const first = await lint(cwd)
    expect(first).toContain('unknown directive `fastcgi_pas`')
    expect(await lint(cwd)).toBe(first)
    mark(cwd)
    expect(await lint(cwd)).toBe(first.replace('unknown', 'kept'))
  })

  test.each<[string, (cwd: string) => void]>([
    ['the file itself changed', (cwd) => writeFileSync(join(cwd, 'nginx.conf'), `# new\n${main}`)],
    ['an included file changed', (cwd) => writeFileSync(join(cwd, 'conf.d/a.conf'), '# nothing\n')],
    ['a file came that its pattern takes in', (cwd) => writeFileSync(join(cwd, 'conf.d/b.conf'), '# new\n')],
    ['a configuration file came', (cwd) => writeFileSync(join(cwd, '.fcgi-conf.json'), '{"defines":["X"]}')],
    [
      'what is kept is broken',
      (cwd) => readdirSync(join(cwd, 'kept')).forEach((name) => writeFileSync(join(cwd, 'kept', name), '{'))
    ]
  ])('it is looked at again where %s', async (_, change) => {
    const cwd = folderWith(files)
    await lint(cwd)
    mark(cwd)
    change(cwd)
    expect(await lint(cwd)).toContain('unknown directive')
  })

  test('other options have results of their own', async () => {
    const cwd = folderWith(files)
    await lint(cwd)
    mark(cwd)
    expect(await lint(cwd, '--target', 'lighttpd')).toContain('unknown directive')
  })

  test('comments and the baseline still count', async () => {
    const cwd = folderWith({
      ...files,
      'nginx.conf': main.replace('fastcgi', '\n# fcgi-conf-disable-next-line\nfastcgi')
    })
    expect([await lint(cwd), await lint(cwd)]).toEqual(['', ''])
  })

  test('a place that cannot be written to ends the command', async () => {
    const cwd = folderWith({ ...files, kept: 'a file' })
    const { exitCode, err } = await fcgiConf(['lint', '--cache', '--cache-location', 'kept', 'nginx.conf'], {
      cwd
    })
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--cache-location')])
  })

  test('it is kept beside the modules of a project, or where programs keep such things', async () => {
    const cwd = folderWith({ ...files, 'node_modules/x/y': '' })
    await fcgiConf(['lint', '--cache', 'nginx.conf'], { cwd })
    expect(readdirSync(join(cwd, 'node_modules/.cache/fcgi-conf'))).toHaveLength(1)
    const other = folderWith(files)
    await fcgiConf(['lint', '--cache', 'nginx.conf'], {
      cwd: other,
      env: { XDG_CACHE_HOME: join(other, 'xdg') }
    })
    expect(readdirSync(join(other, 'xdg/fcgi-conf'))).toHaveLength(1)
  })
})
