/**
 * `npm run bench`: how long the command line takes to start, as a multiple of Node's own start. All programs are run
 * in turn, many times over, and the fastest and the middle run of each are compared, so that other load counts less.
 * Then how long lint takes on large input (`bench-sizes.mjs`).
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchSizes } from './bench-sizes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const repetitions = Number(process.argv[2] ?? 60)
/** It was 1.6 while there were four lint rules; near a hundred are loaded now. */
const bar = 1.8
const cli = 'bin/fcgi-conf.js'
const cases = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'fcgi-conf --version', args: [cli, '--version'] },
  ...['lighttpd', 'nginx', 'apache'].map((dialect) => ({
    name: `fcgi-conf lint (20 lines of ${dialect})`,
    args: [cli, 'lint', `fixtures/bench/${dialect}-20.conf`]
  }))
]

function main() {
  const build = spawnSync(process.execPath, ['scripts/build.mjs', '--without-types'], {
    cwd: root,
    stdio: 'inherit'
  })
  if (build.status !== 0) return 1
  const times = cases.map(() => [])
  for (let round = 0; round < repetitions; round++) {
    for (const [index, { args }] of cases.entries()) times[index].push(millisecondsOf(args))
  }
  for (const list of times) list.sort((a, b) => a - b)
  const [base] = times
  process.stdout.write(
    `${'start of'.padEnd(38)} ${'min ms'.padStart(8)} ${'median'.padStart(8)}   ratio (min, median)\n`
  )
  let worst = 0
  for (const [index, { name }] of cases.entries()) {
    const list = times[index]
    const ratios = [list[0] / base[0], middle(list) / middle(base)]
    if (index > 0) worst = Math.max(worst, Math.min(...ratios))
    process.stdout.write(
      `${name.padEnd(38)} ${list[0].toFixed(1).padStart(8)} ${middle(list).toFixed(1).padStart(8)}   ` +
        `${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}\n`
    )
  }
  process.stdout.write(`The bar is ${bar}: ${worst <= bar ? 'held' : 'missed'}\n`)
  benchSizes()
  return worst <= bar ? 0 : 1
}

function millisecondsOf(args) {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root })
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

function middle(list) {
  return list[list.length >> 1]
}

process.exitCode = main()
