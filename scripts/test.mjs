/**
 * `npm test`: builds, then runs every test. What needs a web server that is not installed here is left out, and the
 * last lines say so; with FCGI_CONF_LIVE=required it fails instead.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const required = process.env.FCGI_CONF_LIVE === 'required'
/** What the tests with real servers run, and where Debian has it; programs are found by their names. */
const servers = {
  lighttpd: { program: /^lighttpd$/ },
  nginx: { program: /^nginx$/ },
  apache2: { program: /^apache2$/ },
  'libapache2-mod-fcgid': { file: '/usr/lib/apache2/modules/mod_fcgid.so' },
  'php-cgi': { program: /^php-cgi$/ },
  'php-fpm': { program: /^php-fpm[\d.]*$/ },
  'spawn-fcgi': { program: /^spawn-fcgi$/ },
  systemd: { program: /^systemd-analyze$/ }
}

/** Tests with real servers, by what they cannot do without. Those of a target are told to the test file, or left out by it. */
const liveTests = [
  { name: 'test/live (all: the example on lighttpd itself)', needs: ['lighttpd', 'php-cgi'] },
  {
    name: 'test/live/example.test.ts, translated for nginx',
    target: 'nginx',
    needs: ['nginx', 'spawn-fcgi']
  },
  {
    name: 'test/live/example.test.ts, translated for apache-fcgid',
    target: 'apache-fcgid',
    needs: ['apache2', 'libapache2-mod-fcgid']
  },
  {
    name: 'test/live/example.test.ts, translated for apache-proxy-fcgi',
    target: 'apache-proxy-fcgi',
    needs: ['apache2', 'spawn-fcgi']
  },
  {
    name: 'test/live/companions.test.ts',
    target: 'companions',
    needs: ['nginx', 'spawn-fcgi', 'php-cgi', 'php-fpm', 'systemd']
  },
  { name: 'test/live/nginx-values.test.ts', target: 'nginx-values', needs: ['nginx'] },
  {
    name: 'test/live/httpd-values.test.ts',
    target: 'httpd-values',
    needs: ['apache2', 'libapache2-mod-fcgid']
  },
  { name: 'test/live/php-fpm.test.ts', target: 'php-fpm', needs: ['nginx', 'php-fpm'] },
  {
    name: 'test/conversion (translations on the real servers)',
    target: 'conversion',
    needs: ['lighttpd', 'nginx', 'apache2', 'libapache2-mod-fcgid', 'spawn-fcgi']
  },
  random('lighttpd', 'lighttpd'),
  random('nginx', 'nginx'),
  random('mod_fcgid', 'apache2', 'libapache2-mod-fcgid'),
  random('mod_proxy_fcgi', 'apache2')
]

/** Random configurations on a real server. */
function random(server, ...needs) {
  return { name: `test/conformance/random/${server}.test.ts`, target: `random/${server}`, needs }
}

/** A folder of real configurations with a MANIFEST.json, given by the environment or found beside the project. */
const corpus = [process.env.FCGI_CONF_CORPUS, join(root, '..', 'shared', 'corpus')].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'MANIFEST.json'))
)

/** Names of the packages that are not installed. */
function missing() {
  const folders = [...new Set([...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'])]
  const programs = folders
    .filter((folder) => folder !== '' && existsSync(folder))
    .flatMap((f) => readdirSync(f))
  return Object.entries(servers)
    .filter(([, { program, file }]) =>
      program === undefined ? !existsSync(file) : !programs.some((name) => program.test(name))
    )
    .map(([name]) => name)
}

function run(command, args, more = {}) {
  const env = { ...process.env, ...(corpus === undefined ? {} : { FCGI_CONF_CORPUS: corpus }), ...more }
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env })
  return status ?? (signal === null ? 1 : 128)
}

function main() {
  const absent = missing()
  if (required && absent.length > 0) {
    process.stderr.write(
      `FCGI_CONF_LIVE=required, but these are missing: ${absent.join(', ')}\n  ${installOf(absent)}\n`
    )
    return 1
  }
  const built = run(process.execPath, ['scripts/build.mjs'])
  if (built !== 0) return built
  const leftOut = liveTests.filter(({ needs }) => needs.some((name) => absent.includes(name)))
  const targets = leftOut.flatMap(({ target }) => target ?? [])
  const live = leftOut.every(({ target }) => target !== undefined)
  const results = `${root}.test-results/results.json`
  rmSync(results, { force: true })
  mkdirSync(`${root}.test-results`, { recursive: true })
  const projects = [
    'unit',
    ...(corpus === undefined ? [] : ['corpus']),
    'conformance',
    'package',
    'scale',
    'random',
    ...(targets.includes('conversion') ? [] : ['conversion']),
    ...(live ? ['live'] : [])
  ]
  const args = [
    'vitest',
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2)
  ]
  const status = run('npx', args, { FCGI_CONF_LIVE_WITHOUT: targets.join(',') })
  sayWhatDidNotRun(absent, leftOut)
  return count(results) && status === 0 ? 0 : status || 1
}

function sayWhatDidNotRun(absent, leftOut) {
  if (corpus === undefined) {
    process.stdout.write(
      '\nNot run, because there is no corpus: test/corpus\n' +
        'To run it too, set FCGI_CONF_CORPUS to a folder of configurations with a MANIFEST.json.\n'
    )
  }
  if (leftOut.length === 0) return
  const needed = absent.filter((name) => leftOut.some(({ needs }) => needs.includes(name)))
  process.stdout.write(
    `\nNot run, because these are not installed: ${needed.join(', ')}\n` +
      leftOut.map(({ name }) => `  ${name}\n`).join('') +
      `To run them too (Debian):\n  ${installOf(needed)}\n`
  )
}

function installOf(packages) {
  return `apt-get install ${packages.join(' ')}`
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
