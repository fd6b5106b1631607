/**
 * Runs the built command line on a few small files, so that what it needs is compiled, and writes that compiled code
 * beside the chunks. A process of its own: the code of a chunk depends on what has been called.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../dist/cli/', import.meta.url))
const { load, codeOfFiles } = createRequire(import.meta.url)(`${folder}loader.cjs`)
const files = ['lighttpd', 'nginx', 'apache'].map((name) => `fixtures/bench/${name}-20.conf`)

for (const args of [['--version'], ['lint', ...files]]) {
  process.argv = [process.execPath, 'fcgi-conf', ...args]
  await load('main.js').main(process)
}
for (const { name, code } of codeOfFiles()) writeFileSync(`${folder}${name}.code`, code)
