/**
 * `npm test`: builds, then runs every test. What needs a web server that is not installed here is left out, and the
 * last lines say so; with FCGI_CONF_LIVE=required it fails instead.
 */
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const required = process.env.FCGI_CONF_LIVE === 'required'
/** What `test/live` runs, and the Debian package it comes with. */
const programs = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  apache2: 'apache2',
  'php-cgi': 'php-cgi',
  'spawn-fcgi': 'spawn-fcgi'
}
const modules = { '/usr/lib/apache2/modules/mod_fcgid.so': 'libapache2-mod-fcgid' }
const install = 'apt-get install lighttpd nginx apache2 libapache2-mod-fcgid php-cgi php-fpm spawn-fcgi'

/** A folder of real configurations with a MANIFEST.json, given by the environment or found beside the project. */
const corpus = [process.env.FCGI_CONF_CORPUS, join(root, '..', 'shared', 'corpus')].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'MANIFEST.json'))
)

function missing() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const isThere = (name) => folders.some((folder) => canRun(`${folder}/${name}`))
  return [
    ...Object.keys(programs).filter((name) => !isThere(name)),
    ...Object.keys(modules).filter((path) => !existsSync(path))
  ]
}

function canRun(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

function run(command, args) {
  const env = { ...process.env, ...(corpus === undefined ? {} : { FCGI_CONF_CORPUS: corpus }) }
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env })
  return status ?? (signal === null ? 1 : 128)
}

function main() {
  const absent = missing()
  if (required && absent.length > 0) {
    process.stderr.write(
      `FCGI_CONF_LIVE=required, but these are missing: ${absent.join(', ')}\n  ${install}\n`
    )
    return 1
  }
  const built = run(process.execPath, ['scripts/build.mjs'])
  if (built !== 0) return built
  const results = `${root}.test-results/results.json`
  rmSync(results, { force: true })
  mkdirSync(`${root}.test-results`, { recursive: true })
  const projects = [
    'unit',
    ...(corpus === undefined ? [] : ['corpus']),
    'conformance',
    'package',
    ...(absent.length === 0 ? ['live'] : [])
  ]
  const status = run('npx', [
    'vitest',
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2)
  ])
  sayWhatDidNotRun(absent)
  return count(results) && status === 0 ? 0 : status || 1
}

function sayWhatDidNotRun(absent) {
  if (corpus === undefined) {
    process.stdout.write(
      '\nNot run, because there is no corpus: test/corpus\n' +
        'To run it too, set FCGI_CONF_CORPUS to a folder of configurations with a MANIFEST.json.\n'
    )
  }
  if (absent.length === 0) return
  const folder = `${root}test/live`
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.test.ts')) : []
  process.stdout.write(
    `\nNot run, because these are not installed: ${absent.join(', ')}\n` +
      files.map((name) => `  test/live/${name}\n`).join('') +
      `To run them too (Debian):\n  ${install}\n`
  )
}

/** The closing line, plain, for programs that read the output. */
function count(results) {
  if (!existsSync(results)) return false
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(
    readFileSync(results, 'utf8')
  )
  // A file that could not be loaded at all has no tests to count: it is one failure.
  const failed = numFailedTests === 0 && !success ? Math.max(1, numFailedTestSuites) : numFailedTests
  const summary = `${numPassedTests} passed, ${failed} failed\n`
  writeFileSync(`${root}.test-results/summary.txt`, summary)
  process.stdout.write(`\n${summary}`)
  return success
}

process.exitCode = main()
