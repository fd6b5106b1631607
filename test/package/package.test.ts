import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'fcgi-conf-package-'))
const installed = join(folder, 'node_modules/fcgi-conf')

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** What a user does: installs the package in an empty folder. It needs nothing else, so no network is asked. */
beforeAll(() => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore'
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`)
  writeFileSync(
    join(folder, 'nginx.conf'),
    'events {}\nhttp { server { listen 8080; location / { fastcgi_pas x; } } }\n'
  )
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('says its version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  expect(run('npx', '--no-install', 'fcgi-conf', '--version')).toBe(`${version}\n`)
})

test('lints', () => {
  expect(
    run('npx', '--no-install', 'fcgi-conf', 'lint', '--exit-zero', '-f', 'compact', 'nginx.conf')
  ).toContain('config/unknown-key')
})

test.each([
  [
    '.fcgi-conf.json',
    '// so\n{ "overrides": [{ "files": ["*.conf"], "rules": { "config/unknown-key": "off" } }] }'
  ],
  ['.fcgi-conf.yaml', 'rules:\n  config/unknown-key: off\nignore: [x/]\n'],
  ['fcgi-conf.config.mjs', 'export default { rules: { "config/unknown-key": "off" } }']
])('is set up by %s', (name, text) => {
  writeFileSync(join(folder, name), text)
  try {
    expect(run('npx', '--no-install', 'fcgi-conf', 'lint', '-f', 'compact', '*.conf')).not.toContain(
      'unknown-key'
    )
  } finally {
    rmSync(join(folder, name))
  }
})

test.each(['config/unknown-key', 'syntax/unclosed-block'])('explains %s', (code) => {
  expect(run('npx', '--no-install', 'fcgi-conf', 'explain', code)).toContain(`# \`${code}\``)
})

test('is a library', () => {
  const program = `import { loadDialect, dialectNames } from 'fcgi-conf'
    const { language } = await loadDialect('nginx')
    console.log(language, dialectNames.length)`
  expect(run(process.execPath, '--input-type=module', '-e', program)).toBe('nginx 5\n')
})

test('brings its types, its schema and the licences of what is bundled', () => {
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    readonly exports: { readonly '.': { readonly types: string }; readonly './schema.json': string }
  }
  expect(existsSync(join(installed, exports['.'].types))).toBe(true)
  expect(JSON.parse(readFileSync(join(installed, exports['./schema.json']), 'utf8'))).toHaveProperty(
    'definitions'
  )
  expect(readFileSync(join(installed, 'dist/LICENCES.md'), 'utf8')).toContain('## chevrotain ')
})

test('brings no sources and no tests', () => {
  expect(readdirSync(installed).sort()).toEqual([
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'fixtures',
    'package.json'
  ])
})

test('many threads find what one finds, in the same order', () => {
  mkdirSync(join(folder, 'fleet'))
  for (let number = 0; number < 40; number++) {
    const text = `server { listen ${8000 + number}; location / { fastcgi_pas x; } include part-${number % 3}.inc; }\n`
    writeFileSync(join(folder, `fleet/site-${number}.conf`), text)
  }
  for (const part of [0, 1, 2]) writeFileSync(join(folder, `fleet/part-${part}.inc`), 'fastcgi_par x;\n')
  const lint = (threads: string): string =>
    run(
      'npx',
      '--no-install',
      'fcgi-conf',
      'lint',
      '--exit-zero',
      '-f',
      'json',
      '--threads',
      threads,
      'fleet'
    )
  const alone = lint('1')
  expect(alone).toContain('fleet/site-39.conf')
  expect(lint('3')).toBe(alone)
})
