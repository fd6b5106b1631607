import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { SourceMap } from '../../src/convert/index.js'
import { folderWith } from './temporary.js'
import { fcgiConf } from './terminal.js'

const lighttpd = `# The shop.
server.port = 8080
server.document-root = "/srv/www"
server.modules = ( "mod_fastcgi" )
fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock" )) )
include "sites/wiki.conf"
ssl.cipher-list = "HIGH"
`
const wiki = `# The wiki.
$HTTP["host"] == "wiki.test" {
  server.document-root = "/srv/wiki"
  fastcgi.server = ( ".php" => (( "socket" => "/run/wiki.sock" )) )
}
`

function folder(): string {
  return folderWith({ 'lighttpd.conf': lighttpd, 'sites/wiki.conf': wiki })
}

/** Throws where it does not fit the published schema. */
function mapIn(cwd: string): SourceMap {
  const schema: unknown = JSON.parse(
    readFileSync(new URL('../../dist/source-map.schema.json', import.meta.url), 'utf8')
  )
  if (typeof schema !== 'object' || schema === null) throw new Error('there is no schema')
  const validate = new Ajv({ strict: false }).compile<SourceMap>(schema)
  const map: unknown = JSON.parse(readFileSync(join(cwd, 'map.json'), 'utf8'))
  if (!validate(map)) throw new Error(JSON.stringify(validate.errors))
  return map
}

const targets = ['nginx', 'lighttpd', 'apache-proxy-fcgi', 'apache-fcgid', 'apache'] as const
const mains = { nginx: 'nginx.conf', lighttpd: 'lighttpd.conf' } as const

function mainOf(target: (typeof targets)[number]): string {
  return target === 'nginx' || target === 'lighttpd' ? mains[target] : 'httpd.conf'
}

describe.each(targets)('to %s', (target) => {
  const main = mainOf(target)

  test('--source-map says for each line of a site which lines it came from, and changes nothing', async () => {
    const cwd = folder()
    const plain = await fcgiConf(['convert', '--to', target, 'lighttpd.conf'], { cwd })
    const args = ['convert', '--to', target, '--source-map', 'map.json', 'lighttpd.conf']
    const { out } = await fcgiConf(args, { cwd })
    expect(out).toBe(plain.out)
    const map = mapIn(cwd)
    expect(map.files.map(({ path }) => path)).toEqual([main])
    const lines = out.split('\n')
    const from = (text: string): string[] => {
      const at = lines.findLastIndex((line) => line.includes(text)) + 1
      const places = map.files[0]?.lines.find(({ line }) => line === at)?.from ?? []
      return places.map(({ file, line }) => `${file}:${line}`)
    }
    expect(from('wiki.test')).toEqual(['sites/wiki.conf:2'])
    expect(from('/srv/wiki').join()).toMatch(/^sites\/wiki\.conf:[23]$/)
    expect(from('ssl.cipher-list')).toEqual(['lighttpd.conf:7'])
  })

  test('--annotate puts the line of the source above each block', async () => {
    const { out } = await fcgiConf(['convert', '--to', target, '--annotate', 'lighttpd.conf'], {
      cwd: folder()
    })
    expect(out).toMatch(
      /# sites\/wiki\.conf:2: \$HTTP\["host"\] == "wiki\.test" \{\n *# The wiki\.\n *(?:server \{|\$HTTP\["host"\]|<VirtualHost)/
    )
    const lines = out
      .split('\n')
      .filter((line) => !/^ *# (?:lighttpd\.conf|sites\/wiki\.conf):\d+: /.test(line))
    const plain = await fcgiConf(['convert', '--to', target, 'lighttpd.conf'], { cwd: folder() })
    expect(lines.join('\n')).toBe(plain.out)
  })

  test('--split same writes the files that the source includes, and what is read from them is the same', async () => {
    const cwd = folder()
    const args = [
      'convert',
      '--to',
      target,
      '-o',
      'out',
      '--split',
      'same',
      '--fail-on',
      'never',
      'lighttpd.conf'
    ]
    expect((await fcgiConf(args, { cwd })).exitCode).toBe(0)
    const text = readFileSync(join(cwd, 'out', main), 'utf8')
    expect(text).toMatch(/include "?sites\/wiki\.conf/i)
    expect(text).not.toContain('wiki.test')
    const included = readFileSync(join(cwd, 'out/sites/wiki.conf'), 'utf8')
    expect(included).toContain('wiki.test')
    expect(included).toMatch(/^[^ ]/)
    // Once more, and nothing has changed.
    expect(await fcgiConf([...args, '--check'], { cwd })).toMatchObject({ exitCode: 0, out: '' })
  })
})

test('--split same needs a folder to write to', async () => {
  const { exitCode, err } = await fcgiConf(['convert', '--to', 'nginx', '--split', 'same', 'lighttpd.conf'], {
    cwd: folder()
  })
  expect(exitCode).toBe(2)
  expect(err).toMatch(/--split same writes several files\n.*-o DIR/)
})
