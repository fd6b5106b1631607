#!/usr/bin/env node
/**
 * A developer's tool: takes nginx's command line and serves the configuration with this project's runtime, so that
 * programs that start an nginx can start this instead. Made for nginx's own functional tests:
 *
 *     TEST_NGINX_BINARY=$PWD/scripts/as-nginx.mjs prove fastcgi.t
 *
 * Needs a build. It stays in the foreground (`daemon off`), and its process is the one whose number the pid file tells.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * What it takes itself for: the version the reader knows, with the modules whose directives it knows. Of some nothing is
 * served: what needs them fails then, rather than not to be asked at all.
 */
const version = 'nginx version: nginx/1.22.1\n'
const configured = ['auth_request', 'realip', 'addition', 'flv', 'secure_link', 'sub'].map(
  (name) => `--with-http_${name}_module`
)

const { values } = parseArgs({
  options: {
    p: { type: 'string', short: 'p', default: '/etc/nginx' },
    c: { type: 'string', short: 'c', default: 'nginx.conf' },
    e: { type: 'string', short: 'e' },
    g: { type: 'string', short: 'g', default: '' },
    s: { type: 'string', short: 's' },
    t: { type: 'boolean', short: 't' },
    q: { type: 'boolean', short: 'q' },
    v: { type: 'boolean', short: 'v' },
    V: { type: 'boolean', short: 'V' }
  }
})

const file = resolve(values.p, values.c)

if (values.V) process.stderr.write(`${version}configure arguments: ${configured.join(' ')}\n`)
else if (values.v) process.stderr.write(version)
else if (values.s) signal(values.s)
else await serve()

/** `-s`: what nginx's master process is sent. */
function signal(name) {
  const signals = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' }
  process.kill(Number(readFileSync(pidFile(), 'utf8')), signals[name])
}

async function serve() {
  const errorLog = mainDirective('error_log') ?? values.e
  const options = values.t
    ? ['--check']
    : ['--pid', pidFile(), ...(errorLog === undefined ? [] : ['--error-log', resolve(values.p, errorLog)])]
  process.argv.splice(2, Infinity, 'serve', '--from', 'nginx', '--prefix', values.p, ...options, file)
  createRequire(import.meta.url)('../bin/fcgi-conf.js')
}

function pidFile() {
  return resolve(values.p, mainDirective('pid') ?? 'logs/nginx.pid')
}

/** The first argument of a directive of the main level: of `-g`, or of a line of its own in the file. */
function mainDirective(name) {
  const pattern = new RegExp(`^\\s*${name}\\s+([^\\s;]+)`, 'm')
  return [values.g.replaceAll(';', '\n'), readFileSync(file, 'utf8')]
    .map((text) => pattern.exec(text)?.[1])
    .find((found) => found !== undefined)
}
