/**
 * `npm start`: builds, then lints, converts and serves the bundled example, as a user would. With `--once` it sends
 * the example's requests itself, prints the answers, and ends.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const once = process.argv.includes('--once')
const cli = 'bin/fcgi-conf.js'
const example = 'fixtures/example/lighttpd.conf'
const where = ['--prefix', 'fixtures/example']
/** The echo application stands in for the authorizer too, which says no only where the request asks for it. */
const requests = JSON.parse(readFileSync(`${root}fixtures/example/urls.json`, 'utf8')).map((each) => ({
  ...each,
  target: each.echo ?? each.target
}))

async function main() {
  if (run('scripts/build.mjs', '--without-types') !== 0) return 1
  const steps = [
    ['lint', ...where, example],
    ['convert', '--to', 'nginx', ...where, example],
    ['convert', '--to', 'apache-proxy-fcgi', ...where, example]
  ]
  for (const step of steps) {
    if (show(step) > 1) return 1
  }
  return await serve()
}

function run(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
}

function show(args) {
  process.stdout.write(`\n$ fcgi-conf ${args.join(' ')}\n`)
  return run(cli, ...args)
}

async function serve() {
  const args = [
    'serve',
    '--echo',
    '--host',
    '127.0.0.1',
    '--port',
    String(await portToUse()),
    ...where,
    example
  ]
  process.stdout.write(`\n$ fcgi-conf ${args.join(' ')}\n`)
  const server = spawn(process.execPath, [cli, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => server.once('exit', (status) => resolve(status ?? 1)))
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
  const base = await Promise.race([addressOf(server), ended])
  if (typeof base === 'number') return base || 1
  if (!once) {
    sayWhatToTry(base)
    const status = await ended
    return status === 130 ? 0 : status
  }
  for (const each of requests) await ask(base, each)
  server.kill('SIGTERM')
  return await ended
}

/** The example's own port if nobody listens there, else any free one. */
function portToUse() {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(8080, '127.0.0.1', () => probe.close(() => resolve(8080)))
  })
}

/** The first address that the server says it listens on. */
function addressOf(server) {
  return new Promise((resolve) => {
    let said = ''
    server.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text)
      said += text
      const found = /^Listening on (http:\S+?)\/?$/m.exec(said)
      if (found !== null) resolve(found[1])
    })
  })
}

function sayWhatToTry(base) {
  process.stdout.write('\nThe echo application stands in for every backend. Try, in another terminal:\n\n')
  for (const { about, method, host, target, body } of requests) {
    const words = [
      'curl -i',
      ...(method === undefined || body !== undefined ? [] : [`-X ${method}`]),
      ...(host === 'localhost' ? [] : [`-H 'Host: ${host}'`]),
      ...(body === undefined ? [] : [`-d '${body}'`]),
      `'${base}${target}'`
    ]
    process.stdout.write(`  # ${about}\n  ${words.join(' ')}\n`)
  }
  process.stdout.write('\nCtrl-C ends it.\n')
}

function ask(base, { about, method = 'GET', host, target, body }) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
    const headers = { Host: host, Connection: 'close', ...length }
    const sent = request({ hostname, port, path: target, method, headers }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        process.stdout.write(`\n# ${about}\n${method} http://${host}${target}\n${describe(answer, text)}\n`)
        resolve()
      })
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The status, what kind of answer it is, and how the body begins. */
function describe(answer, text) {
  const lines = text.trimEnd().split('\n')
  const shown = lines.slice(0, 12).map((line) => `  ${line}`)
  const more = lines.length > 12 ? [`  … ${lines.length - 12} more lines`] : []
  const type = answer.headers['content-type'] ?? 'no content type'
  return [`${answer.statusCode} ${answer.statusMessage} (${type})`, ...shown, ...more].join('\n')
}

process.exitCode = await main()
