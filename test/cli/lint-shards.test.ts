import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const site = 'server { listen 8080; location / { fastcgi_pas x; } }\n'

/** Hosts with a main file and parts, sites on their own, and one with a typo in what it includes. */
const fleet = {
  'a/nginx.conf': 'events {}\nhttp { include conf.d/*.conf; }\n',
  'a/conf.d/one.conf': site,
  'a/conf.d/two.conf': 'fastcgi_par x;\n',
  'b/lighttpd.conf': 'server.document-root = "/srv"\ninclude "extra.conf"\n',
  'b/extra.conf': 'server.prt = 80\n',
  'c/site.conf': site,
  'd/site.conf': site,
  'readme.conf': 'of something = else\n'
}

async function shards(cwd: string, count: number, ...options: readonly string[]): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, at) => `report-${at + 1}.json`)
  for (const [at, name] of names.entries()) {
    const args = ['lint', '--shard', `${at + 1}/${count}`, '-f', `json=${name}`, ...options, '.']
    expect((await fcgiConf(args, { cwd })).err).toBe('')
  }
  return names
}

describe('the shards of a run', () => {
  test.each([1, 2, 3, 7])('of %i give what one run gives when they are merged', async (count) => {
    const cwd = folderWith(fleet)
    const whole = await fcgiConf(['lint', '.'], { cwd })
    expect(whole.out).toContain('5 errors')
    const names = await shards(cwd, count)
    expect(await fcgiConf(['lint', '--merge', ...names], { cwd })).toEqual(whole)
  })

  test('are each of a part, and look at a file in the place it is included in', async () => {
    const cwd = folderWith(fleet)
    const paths = (await shards(cwd, 3)).map((name) => {
      const { files } = JSON.parse(readFileSync(join(cwd, name), 'utf8')) as {
        readonly files: readonly { readonly path: string }[]
      }
      return files.map(({ path }) => path)
    })
    expect(paths.every((own) => own.length > 0)).toBe(true)
    expect(paths.flat()).toHaveLength(new Set(paths.flat()).size)
    expect(paths.find((own) => own.includes('a/nginx.conf'))).toContain('a/conf.d/two.conf')
  })

  test('leave out what a file of another shard includes under a name that the text does not show', async () => {
    const cwd = folderWith({
      'a.conf': 'server.document-root = "/srv"\nvar.name = "b"\ninclude var.name + ".conf"\n',
      'b.conf': 'server.prt = 80\n'
    })
    const whole = await fcgiConf(['lint', '.'], { cwd })
    expect(await fcgiConf(['lint', '--merge', ...(await shards(cwd, 2))], { cwd })).toEqual(whole)
  })

  test('can be held against a baseline together', async () => {
    const cwd = folderWith(fleet)
    const names = await shards(cwd, 2)
    expect((await fcgiConf(['lint', '--merge', '--update-baseline', ...names], { cwd })).exitCode).toBe(0)
    expect((await fcgiConf(['lint', '.'], { cwd })).exitCode).toBe(0)
  })
})

describe('reports that cannot be merged end the command', () => {
  test.each<[string, (names: readonly string[]) => readonly string[], string]>([
    ['one is missing', (names) => names.slice(1), 'the report of shard 1/2 is missing'],
    ['one is there twice', ([first = '']) => [first, first], 'both of shard 1/2'],
    ['one is no report', () => ['a/nginx.conf'], 'cannot read the report'],
    ['one is of a whole run', () => ['whole.json'], 'no report of a shard']
  ])('%s', async (_, choose, message) => {
    const cwd = folderWith(fleet)
    const names = await shards(cwd, 2)
    await fcgiConf(['lint', '-f', 'json=whole.json', '.'], { cwd })
    const { exitCode, err } = await fcgiConf(['lint', '--merge', ...choose(names)], { cwd })
    expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
  })

  test.each(['0/3', '4/3', '2', 'a/b'])('%s is no shard', async (shard) => {
    expect((await fcgiConf(['lint', '--shard', shard, '.'])).exitCode).toBe(2)
  })
})

describe('--watch', () => {
  test('looks again when something changes, in folders of included files too, until q is typed', async () => {
    const cwd = folderWith({
      'nginx.conf': 'events {}\nhttp { include conf.d/*.conf; }\n',
      'conf.d/a.conf': site
    })
    const watched: (readonly string[])[] = []
    let type: (key: string) => void = () => undefined
    const { exitCode, out, err } = await fcgiConf(['lint', '-f', 'compact', '--watch', 'nginx.conf'], {
      cwd,
      meanwhile: () => Promise.resolve(),
      onKey: (then) => {
        type = then
        return Promise.resolve(() => undefined)
      },
      watch: (folders, changed) => {
        watched.push(folders)
        if (watched.length === 1) {
          writeFileSync(join(cwd, 'conf.d/a.conf'), site.replace('fastcgi_pas', 'fastcgi_pass'))
          changed()
        } else {
          type('q')
        }
        return Promise.resolve(() => undefined)
      }
    })
    expect(watched).toEqual([
      [cwd, join(cwd, 'conf.d')],
      [cwd, join(cwd, 'conf.d')]
    ])
    expect(out.match(/unknown-key/g)).toHaveLength(1)
    expect([exitCode, err]).toEqual([1, expect.stringContaining('watching 2 folders')])
  })

  test('ends with a signal', async () => {
    const cwd = folderWith({ 'nginx.conf': site })
    expect((await fcgiConf(['lint', '--watch', 'nginx.conf'], { cwd })).exitCode).toBe(1)
  })

  test('does not change files', async () => {
    const cwd = folderWith({ 'nginx.conf': site })
    expect((await fcgiConf(['lint', '--watch', '--fix', 'nginx.conf'], { cwd })).exitCode).toBe(2)
  })
})
