/**
 * The second part of `npm run bench`: lint on large input, side by side with the server's own check of it in the same
 * run. What is told here does not fail the run: on a busy machine it says little.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'bin/fcgi-conf.js')

/** Everything that is measured, in folders of its own. */
export function benchSizes() {
  const folder = mkdtempSync(join(tmpdir(), 'fcgi-conf-bench-'))
  try {
    process.stdout.write('\nlint on large input (nothing of this fails the run)\n')
    for (const measure of [besideNginx, growing, besideApache, smallFiles]) {
      try {
        measure(folder)
      } catch (error) {
        process.stdout.write(`not measured: ${error.message}\n`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function besideNginx(folder) {
  const file = join(folder, 'nginx.conf')
  const own = lintOf(writeNginx(file, 10_000, (number) => `/run/php/site${number}.sock`))
  const server = run('nginx', ['-t', '-c', file])
  const name = 'nginx, 10,000 servers'
  ratio(`${name}, a pool each, to nginx -t`, own, server, 1)
  bar(`${name}: memory`, `${Math.round(own.megabytes)} MB`, own.megabytes <= 600, '600 MB')
  const timed = lintOf(file, ['--timing'])
  const [rule, share] = slowest(timed.said)
  bar(`${name}: slowest rule`, `${share} % (${rule})`, share <= 10, '10 %')
  const shared = lintOf(writeNginx(file, 10_000, () => '/run/php/php-fpm.sock'))
  ratio(`${name}, one pool for all, to nginx -t`, shared, run('nginx', ['-t', '-c', file]), 1)
}

/** The largest one is ten files that the main one includes: no single file of its size is read. */
function growing(folder) {
  const socketOf = (number) => `/run/php/site${number}.sock`
  const [none, small, large] = [1, 1000, 10_000].map((count) =>
    lintOf(writeNginx(join(folder, 'grown.conf'), count, socketOf))
  )
  const sites = join(folder, 'grown')
  mkdirSync(sites)
  for (let file = 0; file < 10; file++) {
    const servers = Array.from({ length: 10_000 }, (_, number) => 10_000 * file + number)
    const text = servers.map((number) => nginxServer(number, socketOf(number))).join('')
    writeFileSync(join(sites, `${file}.conf`), text)
  }
  const main = join(folder, 'grown-main.conf')
  writeFileSync(main, `events {}\nhttp {\n${names}include ${sites}/*.conf;\n}\n`)
  const largest = lintOf(main)
  const factor = (to, from) => (to.seconds - none.seconds) / (from.seconds - none.seconds)
  for (const [name, to, from] of [
    ['1,000 to 10,000', large, small],
    ['10,000 to 100,000', largest, large]
  ]) {
    const times = factor(to, from)
    bar(`nginx, from ${name} servers`, `${times.toFixed(1)} times the time`, times <= 12, '12')
  }
  const megabytes = Math.round(largest.megabytes)
  process.stdout.write(
    `${'nginx, 100,000 servers'.padEnd(58)} ${largest.seconds.toFixed(1)} s, ${megabytes} MB\n`
  )
}

function besideApache(folder) {
  const file = join(folder, 'httpd.conf')
  writeApache(file, 10_000)
  ratio('httpd, 10,000 hosts, to apache2 -t', lintOf(file), run('apache2', ['-t', '-f', file]), 3)
}

function smallFiles(folder) {
  const files = join(folder, 'sites')
  mkdirSync(files)
  for (let number = 0; number < 5000; number++)
    writeFileSync(join(files, `site-${number}.conf`), nginxServer(number, `/run/php/site${number}.sock`))
  // The package does not give its parsers away by themselves.
  const parser = join(folder, 'parser.mjs')
  buildSync({
    entryPoints: [join(root, 'grammars/nginx/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    outfile: parser
  })
  const read = run(process.execPath, [join(root, 'scripts/bench-reading.mjs'), files, parser])
  ratio('5,000 small files, to reading and parsing them', lintOf(files), read, 3)
}

function nginxServer(number, socket) {
  return `server {
    listen 127.0.0.1:8080;
    server_name site${number}.example.com www.site${number}.example.com;
    root /srv/www/site${number}/public;
    index index.php index.html;
    location / {
        try_files $uri $uri/ /index.php$is_args$args;
    }
    location ~ \\.php$ {
        try_files $uri =404;
        include /etc/nginx/fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass unix:${socket};
    }
    location ~ /\\. {
        deny all;
    }
}
`
}

const names = 'server_names_hash_max_size 10485760;\nserver_names_hash_bucket_size 128;\naccess_log off;\n'

function writeNginx(file, count, socketOf) {
  const servers = Array.from({ length: count }, (_, number) => nginxServer(number, socketOf(number)))
  const head = `pid ${file}.pid;\nerror_log /dev/null;\nevents {}\nhttp {\n${names}`
  writeFileSync(file, `${head}${servers.join('')}}\n`)
  return file
}

function writeApache(file, count) {
  const names = ['mpm_event', 'authz_core', 'dir', 'mime', 'proxy', 'proxy_fcgi']
  const modules = names.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`)
  const hosts = Array.from(
    { length: count },
    (_, number) => `<VirtualHost *:8080>
    ServerName site${number}.example.com
    ServerAlias www.site${number}.example.com
    DocumentRoot /tmp
    DirectoryIndex index.php index.html
    <Directory /srv/www/site${number}>
        AllowOverride None
        Require all granted
    </Directory>
    <FilesMatch "\\.php$">
        SetHandler "proxy:unix:/run/php/site${number}.sock|fcgi://site${number}"
    </FilesMatch>
</VirtualHost>
`
  )
  const head = `ServerRoot "/etc/apache2"\nPidFile ${file}.pid\nErrorLog /dev/null\nTypesConfig /etc/mime.types\nServerName localhost\nListen 127.0.0.1:8080\n`
  writeFileSync(file, `${modules.join('')}${head}${hosts.join('')}`)
}

function lintOf(file, options = []) {
  return run(process.execPath, [
    cli,
    'lint',
    '-f',
    'compact',
    '-o',
    '/dev/null',
    '--fail-on',
    'never',
    ...options,
    file
  ])
}

/** Seconds that a program takes, and what it says; nothing where it is not installed. */
function run(command, args) {
  const peak = join(tmpdir(), `fcgi-conf-peak-${process.pid}`)
  const start = process.hrtime.bigint()
  const { error, status, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
    env: {
      ...process.env,
      NODE_OPTIONS: `--require=${join(root, 'scripts/bench-peak.cjs')}`,
      BENCH_PEAK: peak
    }
  })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (error?.code === 'ENOENT') return undefined
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-500)}`)
  const megabytes = command === process.execPath ? Number(readFileSync(peak, 'utf8')) / 1024 : undefined
  rmSync(peak, { force: true })
  return { seconds, said: stderr, megabytes }
}

function slowest(table) {
  const [, rule = '', share = ''] = /^(\S+\/\S+) +[\d.]+ ms +([\d.]+) %$/m.exec(table) ?? []
  return [rule, Number(share)]
}

function ratio(name, own, other, most) {
  if (other === undefined) {
    process.stdout.write(`${name.padEnd(58)} not measured: the server is not installed\n`)
    return
  }
  const factor = own.seconds / other.seconds
  const figures = `${own.seconds.toFixed(1)} s to ${other.seconds.toFixed(1)} s: ${factor.toFixed(2)}`
  bar(name, figures, factor <= most, String(most))
}

function bar(name, figure, isHeld, most) {
  process.stdout.write(`${name.padEnd(58)} ${figure} (bar ${most}: ${isHeld ? 'held' : 'not yet'})\n`)
}
