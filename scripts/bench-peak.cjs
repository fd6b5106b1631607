'use strict'

/** Tells the bench how much memory a process of Node has had at most, in KB. */
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  process.on('exit', () => {
    writeFileSync(process.env.BENCH_PEAK, String(process.resourceUsage().maxRSS))
  })
}
